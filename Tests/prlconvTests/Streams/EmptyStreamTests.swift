import TestSupport
import Testing

@Suite("A stream without any bytes is the sign of a sender that failed")
struct EmptyStreamTests {
  let folder = TemporaryFolder()

  @Test(
    "It is an error",
    arguments: [
      ("raw2prl - out", 1), ("raw2prl - | cat > out2; exit ${PIPESTATUS[0]}", 1),
      ("raw2prl --input-format raw - out", 1), ("measure -", 1), ("compare - disk", 2), ("compare disk -", 2),
      ("prl2raw - out", 1),
    ])
  func refused(command: String, status: Int32) throws {
    try folder.write(SparseDisk([1]), to: "disk")
    for sender in ["false", "gzip -c /dev/null"] where sender == "false" || !command.contains("raw ") {
      let outcome = try Shell.run("(\(sender); true) | { \"$PRLCONV\" \(command); }", in: folder)
      #expect(outcome.ending == .status(status), "\(sender): \(outcome)")
      #expect(outcome.messages.first?.hasPrefix("prlconv: error: 'stdin': ") == true, "\(outcome)")
    }
    #expect(!folder.contains("out"))
  }

  @Test("With --size it is a disk of zeros")
  func sized() throws {
    expectSilentSuccess(try Shell.run(#"true | "$PRLCONV" raw2prl --size 1M - out"#, in: folder))
    #expect(try Shell.run(#""$PRLCONV" prl2raw out - | wc -c"#, in: folder).printed == "1048576\n")
  }

  @Test("An empty file is an empty disk")
  func file() throws {
    expectSilentSuccess(try Shell.run(#": > disk; "$PRLCONV" raw2prl disk out"#, in: folder))
  }
}

import TestSupport
import Testing

@Suite("A broken gzip stream is an error that says where, and leaves no output", .enabled(if: Tools.gzip, "needs gzip"))
struct GzipRefusalTests {
  let folder = TemporaryFolder()

  /// Two members of random sectors, which are stored, so that an offset in one is about that in the disk.
  private func makeStream() throws -> [UInt8] {
    var generator = SeededRandom("disk in a broken stream")
    try folder.write(Filling.random(1 << 20, using: &generator), to: "disk")
    try Shell.prepare("{ head -c 256K disk | gzip -1n; tail -c 768K disk | gzip -1n; } > whole; rm disk", in: folder)
    let whole = try folder.bytes(of: "whole")
    try Shell.prepare("rm whole", in: folder)
    return whole
  }

  private func expectRefusal(of stream: [UInt8], offset: ClosedRange<Int>) throws {
    try folder.write(stream, to: "disk.gz")
    for ends in Ends.toFile {
      let outcome = try folder.convert(.raw2prl, from: "disk.gz", to: "out", over: ends)
      expectError(outcome, saying: ["'\(ends.readsPipe ? "stdin" : "disk.gz")'", "compressed byte"], "\(ends)")
      let words = outcome.standardError.split { !$0.isNumber }.compactMap { Int($0) }
      #expect(words.contains { offset.contains($0) }, "\(outcome)")
      #expect(folder.names == ["disk.gz"], "\(ends)")
    }
    // From a stream to a stream nothing is written before all was read.
    let outcome = try folder.convert(.raw2prl, from: "disk.gz", to: "piped", over: .pipeToPipe)
    expectError(outcome)
    #expect(try folder.byteCount(of: "piped") == 0)
    #expect(folder.names == ["disk.gz", "piped"])
  }

  @Test("A stream that is cut is refused", arguments: Exhaustive.cases([3, 9, 10, 11, 100_000, 300_000, 1_000_000]))
  func cut(length: Int) throws {
    try expectRefusal(of: Array(makeStream().prefix(length)), offset: length...length)
  }

  @Test("A stream without the end of its trailer is refused", arguments: Exhaustive.cases([1, 4, 8]))
  func cutTrailer(missing: Int) throws {
    let stream = try makeStream()
    let length = stream.count - missing
    try expectRefusal(of: Array(stream.prefix(length)), offset: length...length)
  }

  @Test("A changed byte of the data is refused")
  func changedData() throws {
    var stream = try makeStream()
    stream[500_000] ^= 1
    try expectRefusal(of: stream, offset: 500_000...stream.count)
  }

  @Test("A wrong checksum or length is refused", arguments: Exhaustive.cases(1...8))
  func wrongTrailer(fromEnd: Int) throws {
    var stream = try makeStream()
    stream[stream.count - fromEnd] ^= 0x80
    try expectRefusal(of: stream, offset: stream.count - 8...stream.count)
  }

  @Test(
    "Bytes after the last member are refused",
    arguments: Exhaustive.cases([[1], [0x1F], [0, 0, 0, 9], [0x1F, 0x8B], Array("trailer".utf8)] as [[UInt8]]))
  func trailingBytes(junk: [UInt8]) throws {
    let stream = try makeStream()
    try expectRefusal(of: stream + junk, offset: stream.count...stream.count + junk.count)
  }

  @Test("A member after padding is refused")
  func memberAfterPadding() throws {
    let stream = try makeStream()
    let padded = stream + [UInt8](repeating: 0, count: 600_000)
    try expectRefusal(of: padded + stream, offset: padded.count...padded.count)
  }

  @Test("A warning does not hide where a pipe was cut")
  func cutPipe() throws {
    let stream = try makeStream()
    try folder.write(Array(stream.prefix(600_001)), to: "disk.gz")
    let outcome = try folder.convert(.raw2prl, from: "disk.gz", to: "out", over: .pipeToFile)
    #expect(outcome.messages.count == 1, "\(outcome)")
    #expect(outcome.standardError.contains("cut off at compressed byte 600001"), "\(outcome)")
  }

  /// Two members, cut at every length but where the first one ends.
  @Test("A small stream is refused at every length")
  func everyLength() throws {
    try folder.write(SparseDisk([UInt8](repeating: 7, count: 512)), to: "disk")
    let script = """
      gzip -c --name disk > a; gzip -1n < disk > b; cat a b > ab
      size=$(stat -c %s ab); first=$(stat -c %s a)
      "$PRLCONV" raw2prl ab right || exit 3
      for length in $(seq 2 \(Exhaustive.isOn ? 1 : 9) $((size - 1))); do
        [ $length = $first ] && continue
        head -c $length ab > cut
        "$PRLCONV" raw2prl cut out 2> message; [ $? = 1 ] || { echo "length $length"; exit 4; }
        [ -e out ] && { echo "output for length $length"; exit 5; }
        [[ $(< message) = *"cut off at compressed byte $length"* ]] || { cat message; exit 6; }
      done
      """
    let outcome = try Shell.run(script, in: folder)
    #expect(outcome.isSuccess, "\(outcome) \(outcome.printed)")
  }
}

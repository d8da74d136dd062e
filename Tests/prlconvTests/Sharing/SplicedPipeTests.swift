import TestSupport
import Testing

@Suite("Pipes that get the pages of files")
struct SplicedPipeTests {
  let folder = TemporaryFolder()

  private func makeDisk() throws {
    var disk = SparseDisk(byteCount: (7 << 20) + 512)
    disk.put(Filling.cluster(1, byteCount: 1_300_000), at: 700_000)
    disk.putZeros(3 << 20..<4 << 20)
    disk.put(Filling.cluster(2, byteCount: 1_000_000), at: 5_500_000)
    try folder.write(disk, to: "disk.img")
    try Shell.prepare(
      #""$PRLCONV" raw2prl disk.img disk.hds; "$PRLCONV" raw2prl --cluster-size 63s disk.img odd.hds"#, in: folder)
  }

  static let commands = [
    "prl2raw disk.hds -", "prl2raw odd.hds -", "raw2prl disk.img -", "raw2prl --allocated disk.img -",
    "prl2prl disk.hds -", "prl2prl --cluster-size 64K odd.hds -", "prl2prl --allocated --cluster-size 3M odd.hds -",
    "raw2prl - < <(cat disk.img)",
  ]

  @Test("A pipe gets the same bytes as a file, also when the system refuses to lend it pages", arguments: commands)
  func sameBytes(command: String) throws {
    try makeDisk()
    // A socket or a device takes no pages; neither does anything if the calls fail.
    try Shell.prepare("\"$PRLCONV\" \(command) > expected", in: folder)
    let outcome = try Shell.run(
      "\"$PRLCONV\" \(command) | cmp - expected && \"$PRLCONV\" \(command) | { sleep 0.1; cmp - expected; }", in: folder
    )
    #expect(outcome.isSuccess, "\(outcome)")
    guard Tools.strace else { return }
    for code in ["EINVAL", "ENOSYS"] {
      for when in ["1+", "2+"] {
        let inject = "-e inject=splice,vmsplice:error=\(code):when=\(when)"
        let refused = try Shell.run(
          "strace -f -qq -o /dev/null -e trace=splice,vmsplice \(inject) \"$PRLCONV\" \(command) | cmp - expected",
          in: folder)
        // Amid an extent, a refusal can only be an error.
        #expect(refused.isSuccess, "\(code) \(when): \(refused)")
      }
    }
  }

  @Test("Bytes from files are moved, not copied, and counted", arguments: commands.prefix(3))
  func counted(command: String) throws {
    try makeDisk()
    let outcome = try Shell.run("\"$PRLCONV\" \(command) --stats json -q | cat > out", in: folder)
    let stats = outcome.standardError.filter { $0 != " " }
    #expect(stats.contains("\"bytes-written\":\(try folder.byteCount(of: "out")),"), "\(stats)")
    #expect(!stats.contains("\"bytes-spliced\":0,"), "\(stats)")
  }

  @Test("A file that is truncated during the conversion is an error")
  func cutFile() throws {
    try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: (0..<20).map { $0 }).file, to: "disk.hds")
    let outcome = try Shell.run(
      #"{ "$PRLCONV" prl2raw disk.hds -; echo $? > status; } | { head -c 1000; truncate -s 3M disk.hds; cat; } | wc -c"#,
      in: folder)
    #expect(try folder.bytes(of: "status") == Array("1\n".utf8), "\(outcome)")
    #expect(outcome.standardError.contains("truncated while it was read"), "\(outcome)")
  }

  @Test("With --read-holes, holes are read like data, and the image is the same")
  func readHoles() throws {
    try makeDisk()
    for output in ["out.hds", "- > out.hds", "- | cat > out.hds"] {
      let outcome = try Shell.run(
        "rm -f out.hds; \"$PRLCONV\" raw2prl -q --stats json --read-holes disk.img \(output); cmp disk.hds out.hds",
        in: folder)
      #expect(outcome.isSuccess, "\(outcome)")
      let stats = outcome.standardError.filter { $0 != " " }
      #expect(output.contains("|") || stats.contains("\"bytes-read\":\((7 << 20) + 512),"), "\(stats)")
    }
    #expect(
      try Shell.run(#""$PRLCONV" raw2prl --read-holes --reflink always disk.img x"#, in: folder).ending == .status(64))
  }
}

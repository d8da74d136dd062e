import TestSupport
import Testing

@Suite("How small the compressed disk is")
struct GzipSizeTests {
  let folder = TemporaryFolder()

  /// Makes `image.hds` of `disk.img`.
  private func makeImage(_ options: String = "") throws {
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "image.hds"))
  }

  @Test("Random data is stored", arguments: Exhaustive.cases([1, 6, 9]), Exhaustive.ends)
  func random(level: Int, ends: Ends) throws {
    var generator = SeededRandom("disk of random data", level)
    try folder.write(Filling.random(3 << 19, using: &generator), to: "disk.img")
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, "-\(level)", from: "image.hds", to: "disk.gz", over: ends))
    let count = try folder.byteCount(of: "disk.gz")
    #expect(count <= 3 << 19 + (3 << 19) / 1000 + 100, "\(count)")
  }

  /// The tool itself stands for the programs on a disk.
  @Test(
    "A program is about as small as by gzip", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: Exhaustive.cases([1, 6, 9]))
  func program(level: Int) throws {
    try Shell.prepare(#"head -c 6M "$PRLCONV" > disk.img; gzip -\#(level) < disk.img > expected.gz"#, in: folder)
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, "-\(level)", from: "image.hds", to: "disk.gz"))
    let (ours, theirs) = try (folder.byteCount(of: "disk.gz"), folder.byteCount(of: "expected.gz"))
    #expect(ours * 100 <= theirs * 102, "\(ours) bytes, gzip \(theirs)")
  }

  /// Few words in random order: very many matches, of which the longest is hard to find.
  @Test(
    "Words are not much larger than by gzip", .enabled(if: Tools.gzip, "needs gzip"),
    arguments: Exhaustive.cases([1, 6, 9]))
  func words(level: Int) throws {
    var generator = SeededRandom("disk of text", level)
    try folder.write(GzipDisk.text(3 << 20, using: &generator), to: "disk.img")
    try Shell.prepare("gzip -\(level) < disk.img > expected.gz", in: folder)
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, "-\(level)", from: "image.hds", to: "disk.gz"))
    let (ours, theirs) = try (folder.byteCount(of: "disk.gz"), folder.byteCount(of: "expected.gz"))
    #expect(ours * 100 <= theirs * 106, "\(ours) bytes, gzip \(theirs)")
  }

  /// 64 GiB are more than a test can decode: the blocks are one block again and again, and that one is decoded.
  @Test(
    "A large disk of zeros is one block again and again", .enabled(if: Tools.python, "needs python3"),
    arguments: Exhaustive.ends)
  func zeros(ends: Ends) throws {
    try Shell.prepare(#""$PRLCONV" raw2prl -s 64G - image.hds"#, in: folder)
    expectSilentSuccess(try folder.convert(.prl2raw, "-z", from: "image.hds", to: "disk.gz", over: ends))
    let script = """
      import struct, zlib
      data = open("disk.gz", "rb").read()
      head, body, end, trailer = data[:10], data[10:-10], data[-10:-8], data[-8:]
      count = 1 << 16
      assert end == b"\\x03\\x00" and len(body) % count == 0
      block = body[:len(body) // count]
      assert len(block) < 1200 and block * count == body
      assert zlib.decompressobj(-15).decompress(block) == bytes(1 << 20)
      # The CRC of 2**36 zeros, by zlib's crc32_combine.
      assert trailer == struct.pack("<II", 0xECBB4B55, 0)
      """
    try folder.write(Array(script.utf8), to: "look.py")
    let outcome = try Shell.run("python3 look.py", in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test("Zeros take the same at every level", arguments: [1, 9])
  func zerosAtLevel(level: Int) throws {
    try Shell.prepare(#""$PRLCONV" raw2prl -s 70M - image.hds"#, in: folder)
    for (option, name) in [("-6", "usual.gz"), ("-\(level)", "other.gz")] {
      expectSilentSuccess(try folder.convert(.prl2raw, option, from: "image.hds", to: name))
    }
    #expect(try folder.difference("usual.gz", "other.gz") == nil)
  }

  @Test(
    "A reader of a single member gets all of the disk", .enabled(if: Tools.python, "needs python3"))
  func singleMember() throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, "-z", from: "image.hds", to: "disk.gz"))
    let script = """
      import zlib
      reader = zlib.decompressobj(31)
      assert reader.decompress(open("disk.gz", "rb").read()) == open("disk.img", "rb").read()
      assert reader.eof and not reader.unused_data
      """
    try folder.write(Array(script.utf8), to: "read.py")
    let outcome = try Shell.run("python3 read.py", in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test("An empty disk is an empty member")
  func emptyDisk() throws {
    try folder.write([UInt8](), to: "disk.img")
    try makeImage()
    for ends in Exhaustive.ends {
      expectSilentSuccess(try folder.convert(.prl2raw, "-f -z", from: "image.hds", to: "disk.gz", over: ends))
      #expect(try folder.byteCount(of: "disk.gz") == 20, "\(ends)")
      try folder.expectReadersAgree(with: "disk.img", "\(ends)")
    }
  }
}

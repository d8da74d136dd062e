import TestSupport
import Testing

/// A redirected file is a file, and begins at the offset that it has.
@Suite struct RedirectedFileTests {
  let folder = TemporaryFolder()

  private func expectReturn(_ script: String) throws {
    let outcome = try Shell.run(script, in: folder)
    expectSilentSuccess(outcome)
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }

  @Test func aRedirectedInputIsReadAsAFile() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    let outcome = try Shell.run(#""$PRLCONV" raw2prl -v < disk.img | cat > out.hds"#, in: folder)
    #expect(outcome.isSuccess && outcome.standardError.contains("two passes"), "\(outcome)")
  }

  @Test func theRawInputBeginsAtItsOffset() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    try Shell.prepare("{ head -c 12345 /dev/urandom; cat disk.img; } > long.img", in: folder)
    try expectReturn(
      """
      { head -c 12345 > /dev/null; "$PRLCONV" raw2prl - out.hds; } < long.img && "$PRLCONV" prl2raw out.hds back.img
      """)
  }

  @Test func theImageBeginsAtItsOffset() throws {
    try folder.write(HandMadeImage.disk(places: [2, 0, nil, 1]), to: "disk.img")
    try folder.write(HandMadeImage(places: [2, 0, nil, 1]).file, to: "image.hds")
    try Shell.prepare("{ head -c 999 /dev/urandom; cat image.hds; } > long", in: folder)
    try expectReturn(#"{ head -c 999 > /dev/null; "$PRLCONV" prl2raw - back.img; } < long"#)
  }

  @Test func theOutputBeginsAtItsOffset() throws {
    try folder.write(HandMadeImage.disk(places: [2, 0, nil, 1]), to: "disk.img")
    try folder.write(HandMadeImage(places: [2, 0, nil, 1]).file, to: "image.hds")
    let outcome = try Shell.run(#"{ echo before; "$PRLCONV" prl2raw image.hds; echo after; } > all"#, in: folder)
    expectSilentSuccess(outcome)
    try Shell.prepare("{ echo before; cat disk.img; echo after; } > expected", in: folder)
    #expect(try folder.difference("all", "expected") == nil)
  }

  @Test func theImageIsWrittenAtTheOffsetOfTheOutput() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    try expectReturn(
      """
      "$PRLCONV" raw2prl disk.img plain.hds
      { echo before; "$PRLCONV" raw2prl disk.img; echo after; } > all
      { echo before; cat plain.hds; echo after; } | cmp - all && "$PRLCONV" prl2raw plain.hds back.img
      """)
  }

  @Test(arguments: Direction.allCases)
  func appendingIsRefused(direction: Direction) throws {
    try folder.write(direction == .raw2prl ? SparseDisk([1]) : HandMadeImage(places: [0]).file, to: "in")
    try folder.write([7, 7], to: "out")
    let outcome = try Shell.run(#""$PRLCONV" \#(direction.rawValue) in >> out"#, in: folder)
    expectError(outcome, saying: ["'stdout'", ">>"])
    #expect(try folder.bytes(of: "out") == [7, 7])
  }

  @Test func whatStandsBehindTheOffsetIsNotOverwritten() throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "in")
    try folder.write([7, 7], to: "out")
    expectError(try Shell.run(#""$PRLCONV" prl2raw in 1<> out"#, in: folder), saying: ["'stdout'"])
    #expect(try folder.bytes(of: "out") == [7, 7])
  }

  @Test func aRedirectedOutputIsEmptyAfterAnError() throws {
    var image = DamagedImage.sound()
    image.contents.resize(to: 3000)
    try folder.write(image.file, to: "in")
    expectError(try Shell.run(#"cat in | "$PRLCONV" prl2raw > out"#, in: folder))
    #expect(try folder.byteCount(of: "out") == 0)
  }

  @Test(arguments: Direction.allCases)
  func namedPipesArePipes(direction: Direction) throws {
    let places: [Int?] = [1, nil, 0]
    try folder.write(
      direction == .raw2prl ? HandMadeImage.disk(places: places) : HandMadeImage(places: places).file, to: "in")
    expectSilentSuccess(try folder.convert(direction, from: "in", to: "expected"))
    let outcome = try Shell.run(
      #"mkfifo a b; cat in > a & cat b > out & "$PRLCONV" \#(direction.rawValue) a b && wait"#, in: folder)
    expectSilentSuccess(outcome)
    #expect(try folder.difference("expected", "out") == nil)
  }

  @Test func aClosedOutputIsAnError() throws {
    try folder.write(SparseDisk(numberedMegabytes: 1), to: "disk.img")
    expectError(try Shell.run(#""$PRLCONV" raw2prl disk.img >&-"#, in: folder, atMost: 30))
    #expect(folder.names == ["disk.img"])
  }

  @Test func aClosedInputIsAnError() throws {
    expectError(try Shell.run(#"exec "$PRLCONV" raw2prl - out.hds <&-"#, in: folder, atMost: 30))
    #expect(folder.names == [])
  }
}

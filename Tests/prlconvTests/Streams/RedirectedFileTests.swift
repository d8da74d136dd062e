import TestSupport
import Testing

@Suite("A redirected file is a file, and begins at its offset")
struct RedirectedFileTests {
  let folder = TemporaryFolder()

  private func expectReturn(_ script: String) throws {
    let outcome = try Shell.run(script, in: folder)
    expectSilentSuccess(outcome)
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }

  @Test("A redirected input is read as a file")
  func input() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    let outcome = try Shell.run(#""$PRLCONV" raw2prl -v < disk.img | cat > out.hds"#, in: folder)
    #expect(outcome.isSuccess && outcome.standardError.contains("two passes"), "\(outcome)")
  }

  @Test("The raw input begins at its offset")
  func rawOffset() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    try Shell.prepare("{ head -c 12345 /dev/urandom; cat disk.img; } > long.img", in: folder)
    try expectReturn(
      """
      { head -c 12345 > /dev/null; "$PRLCONV" raw2prl - out.hds; } < long.img && "$PRLCONV" prl2raw out.hds back.img
      """)
  }

  @Test("The image begins at its offset")
  func imageOffset() throws {
    try folder.write(HandMadeImage.disk(places: [2, 0, nil, 1]), to: "disk.img")
    try folder.write(HandMadeImage(places: [2, 0, nil, 1]).file, to: "image.hds")
    try Shell.prepare("{ head -c 999 /dev/urandom; cat image.hds; } > long", in: folder)
    try expectReturn(#"{ head -c 999 > /dev/null; "$PRLCONV" prl2raw - back.img; } < long"#)
  }

  @Test("The output begins at its offset")
  func outputOffset() throws {
    try folder.write(HandMadeImage.disk(places: [2, 0, nil, 1]), to: "disk.img")
    try folder.write(HandMadeImage(places: [2, 0, nil, 1]).file, to: "image.hds")
    let outcome = try Shell.run(#"{ echo before; "$PRLCONV" prl2raw image.hds; echo after; } > all"#, in: folder)
    expectSilentSuccess(outcome)
    try Shell.prepare("{ echo before; cat disk.img; echo after; } > expected", in: folder)
    #expect(try folder.difference("all", "expected") == nil)
  }

  @Test("The image is written at the offset of the output")
  func writtenImageOffset() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "disk.img")
    try expectReturn(
      """
      "$PRLCONV" raw2prl disk.img plain.hds
      { echo before; "$PRLCONV" raw2prl disk.img; echo after; } > all
      { echo before; cat plain.hds; echo after; } | cmp - all && "$PRLCONV" prl2raw plain.hds back.img
      """)
  }

  @Test("Appending is refused", arguments: Direction.allCases)
  func appending(direction: Direction) throws {
    try folder.write(direction == .raw2prl ? SparseDisk([1]) : HandMadeImage(places: [0]).file, to: "in")
    try folder.write([7, 7], to: "out")
    let outcome = try Shell.run(#""$PRLCONV" \#(direction.rawValue) in >> out"#, in: folder)
    expectError(outcome, saying: ["'stdout'", ">>"])
    #expect(try folder.bytes(of: "out") == [7, 7])
  }

  @Test("What stands after the offset is not overwritten")
  func bytesAfterOffset() throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "in")
    try folder.write([7, 7], to: "out")
    expectError(try Shell.run(#""$PRLCONV" prl2raw in 1<> out"#, in: folder), saying: ["'stdout'"])
    #expect(try folder.bytes(of: "out") == [7, 7])
  }

  @Test("A redirected output is empty after an error")
  func emptyAfterError() throws {
    var image = DamagedImage.sound()
    image.contents.resize(to: 3000)
    try folder.write(image.file, to: "in")
    expectError(try Shell.run(#"cat in | "$PRLCONV" prl2raw > out"#, in: folder))
    #expect(try folder.byteCount(of: "out") == 0)
  }

  @Test("Named pipes are pipes", arguments: Direction.allCases)
  func namedPipes(direction: Direction) throws {
    let places: [Int?] = [1, nil, 0]
    try folder.write(
      direction == .raw2prl ? HandMadeImage.disk(places: places) : HandMadeImage(places: places).file, to: "in")
    expectSilentSuccess(try folder.convert(direction, from: "in", to: "expected"))
    let outcome = try Shell.run(
      #"mkfifo a b; cat in > a & cat b > out & "$PRLCONV" \#(direction.rawValue) a b && wait"#, in: folder)
    expectSilentSuccess(outcome)
    #expect(try folder.difference("expected", "out") == nil)
  }

  @Test("A closed output is an error")
  func closedOutput() throws {
    try folder.write(SparseDisk(numberedMegabytes: 1), to: "disk.img")
    expectError(try Shell.run(#""$PRLCONV" raw2prl disk.img >&-"#, in: folder, atMost: 30))
    #expect(folder.names == ["disk.img"])
  }

  @Test("A closed input is an error")
  func closedInput() throws {
    expectError(try Shell.run(#"exec "$PRLCONV" raw2prl - out.hds <&-"#, in: folder, atMost: 30))
    #expect(folder.names == [])
  }
}

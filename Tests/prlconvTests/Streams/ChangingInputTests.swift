import TestSupport
import Testing

@Suite("Inputs that somebody writes to while they are read")
struct ChangingInputTests {
  let folder = TemporaryFolder()

  /// A conversion that has read `in` a first time, and waits for the reader of its output.
  private func conversionToAFullPipe() throws -> RunningCommand {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "in")
    return try start(.raw2prl, until: "two passes")
  }

  /// A conversion of `in` that waits for the reader of its output, when it has said `words`.
  private func start(_ direction: Direction, until words: String) throws -> RunningCommand {
    let tool = #""$PRLCONV" \#(direction.rawValue) -v in"#
    let command = try Shell.start("mkfifo full; exec 3<> full; exec \(tool) > full", in: folder)
    try #require(command.waits { $0.standardErrorSoFar.contains(words) })
    return command
  }

  @Test("An image of two states gives a warning")
  func twoStates() throws {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "disk")
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk", to: "in"))
    let command = try start(.prl2raw, until: "disk order")
    try Shell.prepare("touch -d '2001-01-01' in", in: folder)
    let reader = try Shell.start("cat full > out", in: folder)
    let outcome = command.wait()
    _ = reader.wait()
    #expect(outcome.isSuccess && outcome.standardError.contains("'in': was changed while it was read"), "\(outcome)")
  }

  @Test(
    "A stream of two states is an error",
    arguments: ["touch -d '2001-01-01' in", "printf x >> in", "truncate -s 5M in", "printf x 1<> in"])
  func streamOfTwoStates(change: String) throws {
    let command = try conversionToAFullPipe()
    try Shell.prepare(change, in: folder)
    let reader = try Shell.start("cat full > out", in: folder)
    let outcome = command.wait()
    _ = reader.wait()
    expectError(outcome, saying: ["'in'"])
  }

  /// Runs `command` with `change` made just before its call of `kind` with this number.
  private func run(_ command: String, _ change: String, before kind: String, _ number: Int) throws -> Outcome {
    var environment = FaultShim.environment(.none, of: kind, at: number)
    (environment["FAULT_COMMAND"], environment["FAULT_LOG"]) = (change, "/dev/null")
    return try Shell.run(command, in: folder, environment: environment)
  }

  /// What was there when the table was inspected must be there when it is read: else zeros would pass for data.
  @Test(
    "An image that is cut meanwhile is an error", .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"),
    arguments: ["", "--salvage"],
    Exhaustive.cases([3, 5, 8]))
  func cutImage(options: String, number: Int) throws {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "disk")
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk", to: "in"))
    let outcome = try run(
      #""$PRLCONV" prl2raw -T1 \#(options) in out"#, "truncate -s 2500000 in", before: "pread", number)
    expectError(outcome, saying: ["'in'", "it was truncated while it was read"])
    #expect(folder.names == ["disk", "in"])
  }

  /// The system finds no data after the end, as it finds none in a hole.
  @Test(
    "A raw disk that is cut meanwhile is an error", .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"),
    arguments: Exhaustive.cases([1, 3, 4]))
  func cutDisk(number: Int) throws {
    var disk = SparseDisk(byteCount: 40 << 20)
    disk.put([UInt8](repeating: 1, count: 1 << 20), at: 0)
    disk.put([UInt8](repeating: 2, count: 8 << 20), at: 20 << 20)
    try folder.write(disk, to: "in")
    let outcome = try run(#""$PRLCONV" raw2prl -T1 in out"#, "truncate -s 1048576 in", before: "lseek", number)
    expectError(outcome, saying: ["'in'", "it was truncated while it was read"])
    #expect(folder.names == ["in"])
  }

  /// Bitmap and table are read one after the other.
  @Test(
    "An image that changes before a refresh is an error",
    .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"), arguments: Exhaustive.cases(2...9))
  func changedRefresh(number: Int) throws {
    let aged = try AgedCopy { image in
      try image.appendBitmaps(
        [DirtyBlocks(diskByteCount: 17 * 512, granularity: 512, allDirty: true)], storesAll: true)
    }
    try folder.write(aged)
    // Another disk size: bits that were read for one header would lie past the end of the other.
    try Shell.prepare(
      #"cp old.img copy.img; cp image.hds other; printf '\1' | dd of=other bs=1 seek=36 conv=notrunc status=none"#,
      in: folder)
    let outcome = try run(
      #""$PRLCONV" prl2raw --bitmap 10 image.hds copy.img"#, "head -c 64 other 1<> image.hds", before: "pread", number)
    // One read for header and table, which fit the bytes that show the format, one each for extension and bits.
    if outcome.isSuccess { return #expect(number > 3, "all was read by then") }
    #expect(outcome.ending == .status(1) && outcome.standardError.contains("'image.hds'"), "\(outcome)")
    #expect(try folder.difference("old.img", "copy.img") == nil)
  }

  @Test("A stream of one state is not an error")
  func streamOfOneState() throws {
    let command = try conversionToAFullPipe()
    let reader = try Shell.start("cat full > out", in: folder)
    #expect(command.wait().ending == .status(0))
    #expect(reader.wait().ending == .status(0))
    expectSilentSuccess(try folder.convert(.raw2prl, from: "in", to: "expected"))
    #expect(try folder.difference("expected", "out") == nil)
  }
}

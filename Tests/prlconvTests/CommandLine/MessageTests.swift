import Foundation
import TestSupport
import Testing

@Suite("What is printed, and where: standard output carries data and nothing else")
struct MessageTests {
  let folder = TemporaryFolder()

  private func makeInput(for direction: Direction) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 3), to: "in")
    case .prl2raw: try folder.write(HandMadeImage(clusterByteCount: 4096, places: [0, nil, 1]).file, to: "in")
    }
  }

  @Test("Success is silent where nobody watches", arguments: Direction.allCases, Ends.allCases)
  func silentSuccess(direction: Direction, ends: Ends) throws {
    try makeInput(for: direction)
    let outcome = try folder.convert(direction, from: "in", to: "out", over: ends)
    expectSilentSuccess(outcome)
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test(
    "--verbose names the plan",
    arguments: [
      (Direction.raw2prl, Ends.fileToFile, "one pass"), (.raw2prl, .pipeToFile, "one pass"),
      (.raw2prl, .redirected, "one pass"), (.raw2prl, .fileToPipe, "two passes"),
      (.raw2prl, .pipeToPipe, "temporary file"), (.prl2raw, .fileToFile, "disk order"),
      (.prl2raw, .fileToPipe, "disk order"), (.prl2raw, .pipeToFile, "true stream"),
      (.prl2raw, .pipeToPipe, "true stream"),
    ])
  func verbosePlan(direction: Direction, ends: Ends, plan: String) throws {
    try makeInput(for: direction)
    let outcome = try folder.convert(direction, "-v", from: "in", to: "out", over: ends)
    #expect(outcome.ending == .status(0))
    #expect(outcome.messages.first?.contains(plan) == true, "\(outcome)")
  }

  @Test(
    "--verbose says when a stream needs a temporary file", arguments: [("out-of-order", [1, 0]), ("shared", [0, 0])])
  func verboseSpool(name: String, places: [Int?]) throws {
    try folder.write(HandMadeImage(places: places).file, to: "in")
    let outcome = try folder.convert(.prl2raw, "-v --salvage", from: "in", to: "out", over: .pipeToPipe)
    #expect(outcome.standardError.contains("temporary file"), "\(name) \(outcome)")
  }

  @Test("--verbose ends with a summary")
  func verboseSummary() throws {
    try makeInput(for: .raw2prl)
    let outcome = try folder.convert(.raw2prl, "-v", from: "in", to: "out")
    let summary = outcome.messages.last ?? ""
    #expect(summary.hasPrefix("in → out: 3 MiB, 2 of 3 clusters stored, 2 MiB, "), "\(summary)")
  }

  @Test("--quiet keeps errors")
  func quietErrors() throws {
    expectError(try folder.convert(.raw2prl, "-q", from: "nothing", to: "out"), saying: ["'nothing'"])
  }

  @Test("--quiet keeps nothing else")
  func quietElse() throws {
    try folder.write([1, 2, 3], to: "in")
    expectSilentSuccess(try folder.convert(.raw2prl, "-q", from: "in", to: "out"))
  }

  private func objects(_ outcome: Outcome) throws -> [[String: Any]] {
    try outcome.messages.filter { $0.hasPrefix("{") }.map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test("The statistics are one JSON object", arguments: Direction.allCases, Ends.allCases)
  func stats(direction: Direction, ends: Ends) throws {
    try makeInput(for: direction)
    let outcome = try folder.convert(direction, "-q --stats json", from: "in", to: "out", over: ends)
    #expect(outcome.ending == .status(0) && outcome.messages.count == 1, "\(outcome)")
    let stats = try #require(try objects(outcome).first)
    for key in ["bytes-read", "bytes-written", "clusters", "allocated", "zero", "seconds"] {
      #expect(stats[key] is NSNumber, "\(key): \(outcome)")
    }
    #expect(stats["clusters"] as? Int == 3 && stats["allocated"] as? Int == 2 && stats["zero"] as? Int == 1)
  }

  @Test("The statistics say how much was read")
  func statsOfRead() throws {
    try makeInput(for: .raw2prl)
    let outcome = try folder.convert(.raw2prl, "--stats json", from: "in", to: "out", over: .pipeToFile)
    let stats = try #require(try objects(outcome).first)
    #expect(stats["bytes-read"] as? Int == 3 << 20)
    #expect(try stats["output-size"] as? Int == folder.byteCount(of: "out"))
  }

  @Test("A failure prints no statistics")
  func noStats() throws {
    let outcome = try folder.convert(.raw2prl, "--stats json", from: "nothing", to: "out")
    #expect(try !outcome.isSuccess && objects(outcome).isEmpty)
  }

  @Test("JSON progress ends with everything done", arguments: Direction.allCases, Ends.allCases)
  func jsonProgress(direction: Direction, ends: Ends) throws {
    try makeInput(for: direction)
    let outcome = try folder.convert(direction, "--progress-format json", from: "in", to: "out", over: ends)
    #expect(outcome.ending == .status(0))
    let events = try objects(outcome)
    #expect(events.count == outcome.messages.count && !events.isEmpty, "\(outcome)")
    for event in events {
      #expect(event["event"] as? String == "progress")
      #expect(event["done"] is NSNumber && event["rate"] is NSNumber)
      #expect(event["total"] is NSNumber || event["total"] is NSNull)
      #expect(event["eta"] is NSNumber || event["eta"] is NSNull)
    }
    let last = try #require(events.last)
    if let total = last["total"] as? Int { #expect(last["done"] as? Int == total, "\(outcome)") }
  }

  /// The size of one disk is known, that of the other is not: both are measured by the disk.
  @Test("The progress of a comparison with gzip ends with everything done", .enabled(if: Tools.gzip, "needs gzip"))
  func gzipComparisonProgress() throws {
    try folder.write(SparseDisk(numberedMegabytes: 6), to: "a")
    try Shell.prepare("gzip -1c a > a.gz", in: folder)
    let unknown = try Shell.run(#""$PRLCONV" compare -q --progress-format json a.gz a.gz"#, in: folder)
    #expect(try objects(unknown).last?["total"] is NSNull, "\(unknown)")
    for disks in ["a.gz a", "a a.gz"] {
      let outcome = try Shell.run(#""$PRLCONV" compare -q --progress-format json \#(disks)"#, in: folder)
      let last = try #require(try objects(outcome).last)
      #expect(last["done"] as? Int == 6 << 20 && last["total"] as? Int == 6 << 20, "\(outcome)")
    }
  }

  @Test(
    "Progress into a file has no control characters",
    arguments: ["-p", "--progress", "--progress-format plain", "--progress-format bar -p"])
  func plainProgress(options: String) throws {
    try makeInput(for: .raw2prl)
    let outcome = try folder.convert(.raw2prl, options, from: "in", to: "out")
    #expect(outcome.ending == .status(0) && !outcome.messages.isEmpty)
    #expect(!outcome.standardError.contains("\r") && !outcome.standardError.contains("\u{1B}"), "\(outcome)")
  }

  /// A pipe without an end: lines come while the conversion waits.
  @Test("Plain progress goes on while the input is quiet")
  func quietInput() throws {
    let command = try RunningCommand([BuiltTool.path, "raw2prl", "-p", "-", "out"], in: folder, input: .pipe)
    try command.feed([1, 2, 3])
    #expect(command.waits { $0.standardErrorSoFar.contains("\n") })
    command.endInput()
    #expect(command.wait().ending == .status(0))
  }

  @Test("No progress is printed unless it is wanted")
  func noProgress() throws {
    try makeInput(for: .raw2prl)
    expectSilentSuccess(
      try folder.convert(.raw2prl, "--no-progress --progress-format json", from: "in", to: "out"))
  }

  @Test("An error is one line that begins with the file")
  func errorLine() throws {
    try makeInput(for: .raw2prl)
    let outcome = try folder.convert(.prl2raw, from: "in", to: "out")
    #expect(outcome.messages.count == 1 && outcome.messages.first?.hasPrefix("prlconv: error: 'in': ") == true)
  }

  @Test("An error about a limit names the output")
  func limit() throws {
    try folder.write(SparseDisk(byteCount: 2 << 40), to: "disk.img")
    expectError(
      try folder.convert(.raw2prl, "--layout legacy", from: "disk.img", to: "out.hds"), saying: ["'out.hds': "])
  }
}

extension RunningCommand {
  /// Waits until `condition` holds; false when that takes too long.
  func waits(until condition: (RunningCommand) -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(60)
    while !condition(self) {
      guard Date() < deadline else { return false }
      usleep(2000)
    }
    return true
  }
}

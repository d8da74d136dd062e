import Foundation
import TestSupport
import Testing

@Suite("Where reports go: a reader that is gone, a device that is full")
struct ReportOutputTests {
  static let reports = ["info", "check", "map"].flatMap { command in
    ["human", "json"].map { "\(command) --output \($0)" }
  }

  let folder = TemporaryFolder()

  /// An image with more problems, or runs, than a pipe can hold in a report.
  private func writeImageOfManyRuns(damaged: Bool) throws {
    var image = HandMadeImage(clusterByteCount: 512, places: (0..<8000).map { $0 % 2 == 0 ? $0 : nil })
    if damaged { for index in stride(from: 0, to: 8000, by: 2) { image.entries[index] = UInt32(1_000_000 + index) } }
    try folder.write(image.file, to: "image.hds")
  }

  @Test("A reader that is gone ends the report as SIGPIPE does", arguments: reports)
  func goneReader(report: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    // The pipe has a reader while it is opened for writing, and none after that.
    let outcome = try Shell.run(
      #"mkfifo gone; exec 3<> gone 4> gone 3<&-; exec "$PRLCONV" \#(report) image.hds >&4"#, in: folder)
    #expect(outcome.ending == .signal(SIGPIPE) && outcome.standardError.isEmpty, "\(outcome)")
  }

  @Test("A reader that goes away ends the report", arguments: ["check", "map"], ["human", "json"])
  func goingReader(command: String, format: String) throws {
    try writeImageOfManyRuns(damaged: command == "check")
    let outcome = try Shell.run(
      #"{ "$PRLCONV" \#(command) --output \#(format) image.hds; echo $? > status; } | head -c 100 > start"#,
      in: folder)
    #expect(try String(decoding: folder.bytes(of: "status"), as: UTF8.self) == "\(128 + SIGPIPE)\n")
    #expect(outcome.standardError.isEmpty, "\(outcome)")
    #expect(try folder.byteCount(of: "start") == 100)
  }

  @Test("A full device is an error", arguments: reports)
  func fullDevice(report: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    let outcome = try Shell.run(#""$PRLCONV" \#(report) image.hds > /dev/full"#, in: folder)
    expectError(outcome, saying: ["'stdout'", "No space left"])
  }

  /// What was found matters less than that it could not be reported.
  @Test("A full device is an error even if the image is corrupt", arguments: ["human", "json"])
  func fullDeviceOfCorrupt(format: String) throws {
    try writeImageOfManyRuns(damaged: true)
    let outcome = try Shell.run(#""$PRLCONV" check --output \#(format) image.hds > /dev/full"#, in: folder)
    expectError(outcome, saying: ["'stdout'", "No space left"])
  }

  /// A pipe that is shared with somebody who wants it so has no room at times.
  @Test("A pipe that does not block is waited for", arguments: ["check", "map"])
  func nonBlockingPipe(command: String) throws {
    try writeImageOfManyRuns(damaged: command == "check")
    let outcome = try Shell.run(
      """
      python3 -c '
      import os, subprocess, sys, time
      end, pipe = os.pipe()
      os.set_blocking(pipe, False)
      process = subprocess.Popen(sys.argv[1:], stdout=pipe)
      os.close(pipe)
      time.sleep(0.2)
      with os.fdopen(end, "rb") as reader: sys.stdout.buffer.write(reader.read())
      sys.exit(process.wait())' "$PRLCONV" \(command) --output json image.hds
      """, in: folder)
    #expect(outcome.ending == .status(command == "check" ? 2 : 0) && outcome.standardError.isEmpty, "\(outcome)")
    let expected = try Shell.run(#""$PRLCONV" \#(command) --output json image.hds"#, in: folder)
    #expect(outcome.standardOutput == expected.standardOutput)
  }

  @Test("A report ends with a newline", arguments: reports)
  func newline(report: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    let outcome = try Shell.run(#""$PRLCONV" \#(report) image.hds"#, in: folder)
    expectSilentSuccess(outcome)
    #expect(outcome.printed.hasSuffix("\n") && !outcome.printed.hasSuffix("\n\n"))
  }

  @Test("A long report is whole", arguments: ["check", "map"])
  func long(command: String) throws {
    try writeImageOfManyRuns(damaged: command == "check")
    let outcome = try Shell.run(#""$PRLCONV" \#(command) --output json image.hds | cat"#, in: folder)
    #expect(outcome.standardOutput.count > 200_000)
    switch command {
    case "check": #expect(try JSONReport(outcome).kinds().filter { $0 == "entry-past-end" }.count == 4000)
    default: #expect(outcome.printed.split(separator: "\n").count == 8000)
    }
  }
}

import ArgumentParser
import DiskConversion

struct Map: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell which ranges of a Parallels image's disk hold data, and where in the file.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions

  @Option(
    name: .long, help: ArgumentHelp("Tell instead which ranges this dirty bitmap marks.", valueName: "ID"))
  var bitmap: String?

  func run() throws {
    let control = try ConversionControl(report: warn)
    do {
      try printMap(control: control)
    } catch let error as ConversionError {
      throw InspectionFailure(error: error, status: ExitStatus.failed)
    }
  }

  private func printMap(control: ConversionControl) throws {
    var report = Report()
    switch (bitmap, self.report.output) {
    case (nil, .human): try printColumns(to: &report, control: control)
    case (nil, .json): try printJSON(to: &report, control: control)
    case (let bitmap?, .human): try printDirtyColumns(bitmap, to: &report, control: control)
    case (let bitmap?, .json): try printDirtyJSON(bitmap, to: &report, control: control)
    }
    try report.flush()
  }

  /// The columns of `qemu-img map`, data only.
  private func printColumns(to report: inout Report, control: ConversionControl) throws {
    try report.line("Offset          Length          Mapped to       File")
    try DiskMap.forEachRun(of: image.endpoint, control: control) { run in
      guard let hostOffset = run.hostOffset else { return }
      let columns = [run.guestOffset, run.byteCount, hostOffset].map(Self.column).joined()
      try report.line(columns + image.file.printable)
    }
  }

  /// The marked ranges only.
  private func printDirtyColumns(_ bitmap: String, to report: inout Report, control: ConversionControl) throws {
    try report.line("Offset          Length")
    try DirtyMap.forEachRun(of: image.endpoint, bitmap: bitmap, control: control) { run in
      guard run.isDirty else { return }
      try report.line(Self.column(run.guestOffset) + "0x" + String(run.byteCount, radix: 16))
    }
  }

  private static func column(_ value: UInt64) -> String {
    let text = value == 0 ? "0" : "0x" + String(value, radix: 16)
    return text + String(repeating: " ", count: max(1, 16 - text.count))
  }

  private func printJSON(to report: inout Report, control: ConversionControl) throws {
    var list = JSONList()
    try DiskMap.forEachRun(of: image.endpoint, control: control) { run in
      try list.add(Self.json(run), to: &report)
    }
    try list.finish(to: &report)
  }

  private func printDirtyJSON(_ bitmap: String, to report: inout Report, control: ConversionControl) throws {
    var list = JSONList()
    try DirtyMap.forEachRun(of: image.endpoint, bitmap: bitmap, control: control) { run in
      let fields = JSONText.object([
        "start": JSONText.number(run.guestOffset), "length": JSONText.number(run.byteCount), "dirty": "\(run.isDirty)",
      ])
      try list.add(fields, to: &report)
    }
    try list.finish(to: &report)
  }

  private static func json(_ run: DiskMap.Run) -> String {
    let isData = run.hostOffset != nil
    return JSONText.object([
      "start": JSONText.number(run.guestOffset), "length": JSONText.number(run.byteCount), "depth": "0",
      "present": "\(isData)", "zero": "\(!isData)", "data": "\(isData)",
      "offset": JSONText.number(run.hostOffset),
    ])
  }
}

/// A list of objects, one a line, written as they come.
private struct JSONList {
  private var separator = "["

  mutating func add(_ object: String, to report: inout Report) throws {
    try report.add(separator + object)
    separator = ",\n"
  }

  func finish(to report: inout Report) throws { try report.line(separator == "[" ? "[]" : "]") }
}

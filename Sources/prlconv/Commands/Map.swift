import ArgumentParser
import DiskConversion

struct Map: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell which ranges of a Parallels image's disk hold data, and where in the file.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions

  func run() throws {
    let control = try ConversionControl(report: warn)
    var report = Report()
    switch self.report.output {
    case .human: try printColumns(to: &report, control: control)
    case .json: try printJSON(to: &report, control: control)
    }
    try report.flush()
  }

  /// The columns of `qemu-img map`, data only.
  private func printColumns(to report: inout Report, control: ConversionControl) throws {
    var hasTitle = false
    try DiskMap.forEachRun(of: image.endpoint, control: control) { run in
      if !hasTitle { try report.line("Offset          Length          Mapped to       File") }
      hasTitle = true
      guard let hostOffset = run.hostOffset else { return }
      let columns = [run.guestOffset, run.byteCount, hostOffset].map(Self.column).joined()
      try report.line(columns + image.file)
    }
    if !hasTitle { try report.line("Offset          Length          Mapped to       File") }
  }

  private static func column(_ value: UInt64) -> String {
    let text = value == 0 ? "0" : "0x" + String(value, radix: 16)
    return text + String(repeating: " ", count: max(1, 16 - text.count))
  }

  private func printJSON(to report: inout Report, control: ConversionControl) throws {
    var separator = "["
    try DiskMap.forEachRun(of: image.endpoint, control: control) { run in
      try report.add(separator + Self.json(run))
      separator = ",\n"
    }
    try report.line(separator == "[" ? "[]" : "]")
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

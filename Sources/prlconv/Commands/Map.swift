import ArgumentParser
import DiskConversion

struct Map: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "List the ranges of a Parallels image's disk that hold data, and where they are in the file.")

  @OptionGroup var image: ImageArgument
  @OptionGroup var report: ReportOptions
  @Option(name: .long, help: .snapshot) var snapshot: String?
  @OptionGroup var bundle: BundleOptions

  @Option(name: .long, help: ArgumentHelp("List the ranges that this dirty bitmap marks instead.", valueName: "ID"))
  var bitmap: String?

  @Flag(name: .long, help: "Print only how many bytes the ranges of each kind have together.") var totals = false

  func run() throws {
    let control = try ConversionControl(report: warn)
    if let bitmap { try listMarks(of: bitmap, control: control) } else { try listExtents(control: control) }
  }

  /// The human form has the columns of `qemu-img map` and lists data only.
  private func listExtents(control: ConversionControl) throws {
    var map = try DiskMap(of: image.endpoint, policy: bundle.policy(snapshot: snapshot), control: control)
    if totals {
      var totals = MapTotals(kinds: ("data", "zero"))
      while let run = try map.next() { totals.add(run.byteCount, isFirstKind: run.hostOffset != nil) }
      return try report.write(human: totals.lines, json: totals.json)
    }
    var list = try MapList("Offset          Length          Mapped to       File", format: report.output)
    while let run = try map.next() {
      try list.add(columns: columns(run), json: Self.json(run, namesFile: map.isBundle))
    }
    try list.finish()
  }

  /// The human form lists the marked ranges only; JSON covers the whole disk.
  private func listMarks(of bitmap: String, control: ConversionControl) throws {
    var map = try DirtyMap(of: image.endpoint, bitmap: bitmap, control: control)
    if totals {
      var totals = MapTotals(kinds: ("dirty", "clean"))
      while let (range, isDirty) = try map.next() {
        totals.add(range.upperBound - range.lowerBound, isFirstKind: isDirty)
      }
      return try report.write(human: totals.lines, json: totals.json)
    }
    var list = try MapList("Offset          Length", format: report.output)
    while let (range, isDirty) = try map.next() {
      let byteCount = range.upperBound - range.lowerBound
      try list.add(
        columns: isDirty ? Self.column(range.lowerBound) + "0x" + String(byteCount, radix: 16) : nil,
        json: JSONText.object([
          "start": JSONText.number(range.lowerBound), "length": JSONText.number(byteCount), "dirty": "\(isDirty)",
        ]))
    }
    try list.finish()
  }

  private func columns(_ run: DiskExtent) -> String? {
    guard let hostOffset = run.hostOffset else { return nil }
    return [run.guestOffset, run.byteCount, hostOffset].map(Self.column).joined()
      + (run.fileName ?? image.file).printable
  }

  private static func column(_ value: UInt64) -> String {
    let text = value == 0 ? "0" : "0x" + String(value, radix: 16)
    return text + String(repeating: " ", count: max(1, 16 - text.count))
  }

  private static func json(_ run: DiskExtent, namesFile: Bool) -> String {
    let isData = run.hostOffset != nil
    let file = run.fileName.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    return JSONText.object(
      [
        "start": JSONText.number(run.guestOffset), "length": JSONText.number(run.byteCount), "depth": "\(run.depth)",
        "present": "\(isData)", "zero": "\(!isData)", "data": "\(isData)", "offset": JSONText.number(run.hostOffset),
      ], and: namesFile ? ["filename": JSONText.string(orNull: isData ? file : nil)] : [:])
  }
}

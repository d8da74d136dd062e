/// A table for people, or a JSON list with one object per line; each range is written as soon as it is known.
struct MapList: ~Copyable {
  private let format: ReportFormat
  private var report = Report()
  private var separator = "["

  init(_ heading: String, format: ReportFormat) throws {
    self.format = format
    if format == .human { try report.line(heading) }
  }

  /// Adds one range; the human form leaves out ranges whose `columns` are nil.
  mutating func add(columns: @autoclosure () -> String?, json: @autoclosure () -> String) throws {
    switch format {
    case .human: if let columns = columns() { try report.line(columns) }
    case .json:
      try report.add(separator + json())
      separator = ",\n"
    }
  }

  mutating func finish() throws {
    if format == .json { try report.line(separator == "[" ? "[]" : "]") }
    try report.flush()
  }
}

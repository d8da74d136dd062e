import DiskConversion

/// The progress of a conversion at one moment.
struct ProgressFigures {
  var doneByteCount: UInt64
  var totalByteCount: UInt64?
  var elapsedSeconds: Double

  init(of control: ConversionControl, elapsedSeconds: Double) {
    totalByteCount = control.progress.totalByteCount
    doneByteCount = min(control.progress.doneByteCount, totalByteCount ?? .max)
    self.elapsedSeconds = elapsedSeconds
  }

  /// From 0 to 1; nil when the total is unknown.
  var share: Double? { totalByteCount.map { $0 == 0 ? 1 : Double(doneByteCount) / Double($0) } }

  var bytesPerSecond: UInt64 { elapsedSeconds > 0 ? UInt64(min(Double(doneByteCount) / elapsedSeconds, 1e18)) : 0 }

  /// Estimated time for the rest; nil when it cannot be estimated.
  var secondsLeft: Double? {
    guard let share, share > 0 else { return nil }
    return elapsedSeconds * (1 - share) / share
  }

  /// One line for people.
  var text: String {
    let rate = "\(ByteSize(byteCount: bytesPerSecond))/s"
    let done = ByteSize(byteCount: doneByteCount)
    guard let share, let totalByteCount else { return "\(done), \(rate), \(Self.clock(elapsedSeconds)) so far" }
    let left = secondsLeft.map { ", \(Self.clock($0)) left" } ?? ""
    return "\(Int(share * 100)) %, \(done) of \(ByteSize(byteCount: totalByteCount)), \(rate)\(left)"
  }

  /// The same line after a bar, short enough for a terminal of `columnCount` columns, whose last one stays free.
  func bar(columnCount: Int) -> String {
    let room = max(0, columnCount - 1)
    let width = min(30, room - text.count - 3)
    guard let share, width >= 5 else { return String(text.prefix(room)) }
    let filled = Int(share * Double(width))
    return "[" + String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled) + "] " + text
  }

  /// One object for programs; `total` and `eta` are null when unknown.
  var json: String {
    JSONText.object([
      "event": "\"progress\"", "done": JSONText.number(doneByteCount), "total": JSONText.number(totalByteCount),
      "rate": JSONText.number(bytesPerSecond), "eta": JSONText.seconds(secondsLeft),
    ])
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(0, seconds.rounded()), 1e9))
    let tail =
      "\(whole / 60 % 60 < 10 && whole >= 3600 ? "0" : "")\(whole / 60 % 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    return whole >= 3600 ? "\(whole / 3600):\(tail)" : tail
  }
}

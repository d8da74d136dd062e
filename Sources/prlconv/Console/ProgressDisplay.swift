import ArgumentParser
import DiskConversion
import StreamIO
import Dispatch

/// Format of `--progress-format`.
enum ProgressFormat: String, ExpressibleByArgument, CaseIterable {
  case bar, plain, json
}

/// The progress of a conversion on stderr, shown whenever `show` is called.
final class ProgressDisplay: Sendable {
  private let control: ConversionControl
  private let start = DispatchTime.now().uptimeNanoseconds
  private let format: ProgressFormat?
  /// Guards against a bar that appears after it was removed; held only for writes that do not wait.
  private let isFinished = Locked(false, label: "prlconv.progress")

  /// With a nil `format` nothing is shown, but the figures are still available, for SIGUSR1.
  init(of control: ConversionControl, format: ProgressFormat?) {
    self.control = control
    self.format = format
    Console.shared.hasBar(format == .bar)
  }

  /// When to show the progress first, in nanoseconds of uptime; nil for never.
  ///
  /// Late, because a bar for a short run would only flicker.
  var firstTime: UInt64? { format.map { start + ($0 == .bar ? 500_000_000 : 1_000_000_000) } }

  /// Nanoseconds from one time to the next.
  var interval: UInt64 { format == .bar ? 100_000_000 : 1_000_000_000 }

  var elapsedSeconds: Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }

  var figures: ProgressFigures { ProgressFigures(of: control, elapsedSeconds: elapsedSeconds) }

  /// Shows the progress if stderr takes it at once; returns false if the conversion has finished.
  func show() -> Bool {
    isFinished.with { isFinished in
      guard !isFinished else { return false }
      switch format {
      case .bar: Console.shared.bar(figures.bar(columnCount: Console.columnCount))
      case .plain, .json: Console.shared.show(line)
      case nil: break
      }
      return true
    }
  }

  /// Removes the bar; the other formats print their final figures instead.
  func finish() {
    stop()
    if format == .plain || format == .json { Console.shared.line(line, evenIfQuiet: true) }
  }

  /// Shows nothing from now on.
  func stop() {
    isFinished.with { $0 = true }
    Console.shared.hasBar(false)
  }

  private var line: String { format == .json ? figures.json : "prlconv: \(figures.text)" }
}

import ArgumentParser
import DiskConversion
import Dispatch

/// In which form progress is shown.
enum ProgressFormat: String, ExpressibleByArgument, CaseIterable {
  case bar, plain, json
}

/// Shows from time to time how far a conversion is.
final class ProgressDisplay: @unchecked Sendable {  // SAFETY: nothing changes after `init`.
  private let control: ConversionControl
  private let start = DispatchTime.now()
  private let format: ProgressFormat?
  /// Dispatch traps when a source is freed that was never resumed, so there is none unless it runs.
  private var timer: (any DispatchSourceTimer)?

  /// Shows nothing when `format` is nil, but still knows the figures.
  init(of control: ConversionControl, format: ProgressFormat?) {
    self.control = control
    self.format = format
    guard let format else { return }
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "prlconv.progress"))
    let interval: DispatchTimeInterval = format == .bar ? .milliseconds(100) : .seconds(1)
    // A bar for work that is over at once would only flicker.
    timer.schedule(deadline: .now() + (format == .bar ? .milliseconds(500) : .seconds(1)), repeating: interval)
    timer.setEventHandler { [weak self] in self?.show() }
    timer.resume()
    self.timer = timer
  }

  var elapsedSeconds: Double { Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9 }

  var figures: ProgressFigures { ProgressFigures(of: control, elapsedSeconds: elapsedSeconds) }

  /// The last word: programs get the figures of the end, people an empty line.
  func finish() {
    guard let format else { return }
    timer?.cancel()
    switch format {
    case .bar: Console.shared.removeBar()
    case .plain, .json: show()
    }
  }

  private func show() {
    switch format {
    case .bar: Console.shared.bar(figures.bar(width: 30))
    case .plain: Console.shared.line("prlconv: \(figures.text)", evenIfQuiet: true)
    case .json: Console.shared.line(figures.json, evenIfQuiet: true)
    case nil: break
    }
  }
}

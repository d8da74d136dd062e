import ArgumentParser
import DiskConversion
import Dispatch

/// Format of `--progress-format`.
enum ProgressFormat: String, ExpressibleByArgument, CaseIterable {
  case bar, plain, json
}

/// Shows the progress of a conversion at regular intervals.
final class ProgressDisplay: @unchecked Sendable {  // SAFETY: nothing changes after `init`.
  private let control: ConversionControl
  private let start = DispatchTime.now()
  private let format: ProgressFormat?
  /// Created only if it runs: Dispatch traps when a source that was never resumed is freed.
  private var timer: (any DispatchSourceTimer)?

  /// With a nil `format` nothing is shown, but the figures are still available, for SIGUSR1.
  init(of control: ConversionControl, format: ProgressFormat?) {
    self.control = control
    self.format = format
    guard let format else { return }
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "prlconv.progress"))
    let interval: DispatchTimeInterval = format == .bar ? .milliseconds(100) : .seconds(1)
    // Start late, because a bar for a short run would only flicker.
    timer.schedule(deadline: .now() + (format == .bar ? .milliseconds(500) : .seconds(1)), repeating: interval)
    timer.setEventHandler { [weak self] in self?.show() }
    timer.resume()
    self.timer = timer
  }

  var elapsedSeconds: Double { Double(DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 1e9 }

  var figures: ProgressFigures { ProgressFigures(of: control, elapsedSeconds: elapsedSeconds) }

  /// Removes the bar; the other formats print their final figures instead.
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

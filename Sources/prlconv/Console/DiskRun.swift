import DiskConversion
import StreamIO

/// Runs a command's work on a disk and handles messages, progress and signals meanwhile.
struct DiskRun {
  private let options: WorkOptions
  private let atForcedEnd: @Sendable (EndedBySignal) -> Void

  /// `atForcedEnd` is called before the process ends because the work does not stop after a signal.
  init(_ options: WorkOptions, atForcedEnd: @escaping @Sendable (EndedBySignal) -> Void = { _ in }) {
    self.options = options
    self.atForcedEnd = atForcedEnd
  }

  /// Throws what determines the exit status.
  func perform<Result>(
    _ work: (ConversionControl) throws(ConversionError) -> Result
  ) throws -> (result: Result, seconds: Double) {
    if options.quiet { Console.shared.beQuiet() }
    let isVerbose = options.verbose
    let control = try ConversionControl { event in Self.report(event, isVerbose: isVerbose) }
    let progress = ProgressDisplay(of: control, format: options.shownProgress)
    let attendant = Attendant(control: control, progress: progress, atForcedEnd: atForcedEnd)
    do throws(ConversionError) {
      let result = try work(control)
      progress.finish()
      return (result, progress.elapsedSeconds)
    } catch {
      progress.stop()
      guard error.cause == .cancelled, let ended = attendant.endingSignal else { throw error }
      Console.shared.line("prlconv: ended by signal \(ended.number)", evenIfQuiet: true)
      throw ended
    }
  }

  private static func report(_ event: ConversionControl.Event, isVerbose: Bool) {
    switch event {
    case .plan(let text): if isVerbose { Console.shared.line("prlconv: \(text)") }
    case .warning(let path, let text): Console.shared.warning("'\(path)': \(text)")
    case .mixedOutput(let path):
      Console.shared.line(
        "prlconv: '\(path)' may now be partly old and partly new: run the same command again to complete it",
        evenIfQuiet: true)
    // --salvage turns errors into losses, so --quiet does not hide them.
    case .loss(let path, let text): Console.shared.line("prlconv: lost: '\(path)': \(text)", evenIfQuiet: true)
    }
  }
}

import DiskConversion
import StreamIO

/// The work of one command on a disk, with everything around it that a user sees: messages, progress, signals.
struct DiskRun {
  private let options: WorkOptions

  init(_ options: WorkOptions) { self.options = options }

  /// Runs `work` to its end; throws what the exit status is made from.
  func perform<Result>(
    _ work: (ConversionControl) throws(ConversionError) -> Result
  ) throws -> (result: Result, seconds: Double) {
    // A pipe whose reader is gone is met as an error of `write`, so that the output can be tidied up.
    signal(SIGPIPE, SIG_IGN)
    // So is a limit on the size of files, which room asked for ahead of the writes may pass without harm.
    signal(SIGXFSZ, SIG_IGN)
    if options.quiet { Console.shared.beQuiet() }
    let isVerbose = options.verbose
    let control = try ConversionControl { event in Self.tell(event, isVerbose: isVerbose) }
    let progress = ProgressDisplay(of: control, format: options.shownProgress)
    let signals = Signals(control: control, progress: progress)
    do throws(ConversionError) {
      let result = try work(control)
      progress.finish()
      return (result, progress.elapsedSeconds)
    } catch {
      Console.shared.removeBar()
      guard error.cause == .cancelled, let ended = signals?.endingSignal else { throw error }
      Console.shared.line("prlconv: ended by signal \(ended.number)", evenIfQuiet: true)
      throw ended
    }
  }

  private static func tell(_ event: ConversionControl.Event, isVerbose: Bool) {
    switch event {
    case .plan(let text): if isVerbose { Console.shared.line("prlconv: \(text)") }
    case .warning(let path, let text): Console.shared.warning("'\(path)': \(text)")
    case .mixedOutput(let path):
      Console.shared.line(
        "prlconv: '\(path)' may be part old, part new now: the same command, run again, completes it", evenIfQuiet: true
      )
    // A loss is an error that was overruled, so even --quiet does not hide it.
    case .loss(let path, let text): Console.shared.line("prlconv: lost: '\(path)': \(text)", evenIfQuiet: true)
    }
  }
}

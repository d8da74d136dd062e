import ArgumentParser
import DiskConversion
import Dispatch

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One conversion with everything around it that a user sees: messages, progress, signals, summary.
struct ConversionRun {
  private let shared: SharedOptions

  init(_ shared: SharedOptions) {
    self.shared = shared
  }

  /// Runs `convert` to its end; throws what the exit status is made from.
  func perform(_ convert: (ConversionControl) throws(ConversionError) -> ConversionSummary) throws {
    // A pipe whose reader is gone is met as an error of `write`, so that the output can be tidied up.
    signal(SIGPIPE, SIG_IGN)
    if shared.quiet { Console.shared.beQuiet() }
    let isVerbose = shared.verbose
    let control = try ConversionControl { event in Self.tell(event, isVerbose: isVerbose) }
    let progress = ProgressDisplay(of: control, format: shared.shownProgress)
    let signals = Signals(control: control, progress: progress)
    let summary: ConversionSummary
    do throws(ConversionError) {
      summary = try convert(control)
    } catch {
      Console.shared.removeBar()
      guard error.cause == .cancelled, let ended = signals?.endingSignal else { throw error }
      Console.shared.line("prlconv: ended by signal \(ended.number)", evenIfQuiet: true)
      throw ended
    }
    progress.finish()
    report(summary, seconds: progress.elapsedSeconds)
    if summary.lossCount > 0 { throw ExitCode(ExitStatus.convertedWithLosses) }
  }

  private static func tell(_ event: ConversionControl.Event, isVerbose: Bool) {
    switch event {
    case .plan(let text): if isVerbose { Console.shared.line("prlconv: \(text)") }
    case .warning(let path, let text): Console.shared.warning("'\(path)': \(text)")
    // A loss is an error that was overruled, so even --quiet does not hide it.
    case .loss(let path, let text): Console.shared.line("prlconv: lost: '\(path)': \(text)", evenIfQuiet: true)
    }
  }

  private func report(_ summary: ConversionSummary, seconds: Double) {
    if shared.verbose || Console.isTerminal { Console.shared.line(summary.text(seconds: seconds)) }
    if shared.stats == .json { Console.shared.line(summary.json(seconds: seconds), evenIfQuiet: true) }
  }
}

extension ConversionSummary {
  /// One line for people.
  fileprivate func text(seconds: Double) -> String {
    let rate = ByteSize(byteCount: UInt64(min(Double(virtualByteCount) / max(seconds, 1e-6), 1e18)))
    let stored = ByteSize(byteCount: UInt64(allocatedClusterCount) * clusterByteCount)
    return "\(inputName) → \(outputName): \(ByteSize(byteCount: virtualByteCount)), "
      + "\(allocatedClusterCount) of \(clusterCount) clusters stored, \(stored), \(rate)/s, "
      + "\(ByteSize.decimal((seconds * 100).rounded())) s"
  }

  /// One object for programs; sizes are bytes.
  fileprivate func json(seconds: Double) -> String {
    JSONText.object([
      "virtual-size": JSONText.number(virtualByteCount), "output-size": JSONText.number(outputByteCount),
      "bytes-read": JSONText.number(readByteCount), "bytes-written": JSONText.number(writtenByteCount),
      "cluster-size": JSONText.number(clusterByteCount), "clusters": JSONText.number(clusterCount),
      "allocated": JSONText.number(allocatedClusterCount),
      "zero": JSONText.number(clusterCount - min(clusterCount, UInt64(allocatedClusterCount))),
      "losses": JSONText.number(lossCount), "seconds": JSONText.seconds(seconds),
    ])
  }
}

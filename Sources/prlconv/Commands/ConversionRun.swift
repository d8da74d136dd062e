import ArgumentParser
import DiskConversion

/// One conversion, with the figures that a user sees at its end.
struct ConversionRun {
  private let work: WorkOptions
  private let stats: StatsFormat?

  init(_ shared: SharedOptions<some ConvertedFiles>) {
    work = shared.work
    stats = shared.stats
  }

  /// Runs `convert` to its end; throws what the exit status is made from.
  func perform(_ convert: (ConversionControl) throws(ConversionError) -> ConversionSummary) throws {
    let (summary, seconds) = try DiskRun(work).perform(convert)
    report(summary, seconds: seconds)
    if summary.lossCount > 0 { throw ExitCode(ExitStatus.convertedWithLosses) }
  }

  private func report(_ summary: ConversionSummary, seconds: Double) {
    if work.verbose || Console.isTerminal { Console.shared.line(summary.text(seconds: seconds)) }
    if stats == .json { Console.shared.line(summary.json(seconds: seconds), evenIfQuiet: true) }
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

import ArgumentParser
import DiskConversion

/// Runs one conversion and prints its summary.
struct ConversionRun {
  let options: ConversionOptions

  /// Throws what determines the exit status, losses included.
  func perform(_ convert: (ConversionControl) throws(ConversionError) -> ConversionSummary) throws {
    let (summary, seconds) = try DiskRun(options.work).perform(convert)
    report(summary, seconds: seconds)
    if summary.lossCount > 0 { throw ExitCode(ExitStatus.convertedWithLosses) }
  }

  private func report(_ summary: ConversionSummary, seconds: Double) {
    if options.work.verbose || Console.isTerminal { Console.shared.line(summary.text(seconds: seconds)) }
    if options.stats == .json { Console.shared.line(summary.json(seconds: seconds), evenIfQuiet: true) }
  }
}

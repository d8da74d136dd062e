import ArgumentParser
import DiskConversion

/// Runs one conversion and prints its summary.
struct ConversionRun {
  let options: ConversionOptions
  let files: ConvertedFiles

  /// Throws what determines the exit status, losses included.
  func perform(_ convert: (ConversionControl) throws(ConversionError) -> ConversionSummary) throws {
    let statsFile = try options.statsFile.map { try StatsFile($0, besides: files) }
    do {
      let run = DiskRun(options.work) { [names] ended in
        try? statsFile?.write(Stats(endedBy: ended).json(of: names))
      }
      let (summary, seconds) = try run.perform(convert)
      let stats = Stats(summary, seconds: seconds)
      report(summary, stats)
      try statsFile?.write(stats.json(of: names))
      if summary.lossCount > 0 { throw ExitCode(ExitStatus.convertedWithLosses) }
    } catch {
      if let stats = Stats(failure: error) { try statsFile?.write(stats.json(of: names)) }
      throw error
    }
  }

  private var names: Stats.Names { Stats.Names(input: files.inputName, output: files.outputName) }

  private func report(_ summary: ConversionSummary, _ stats: Stats) {
    if options.work.verbose || Console.isTerminal { Console.shared.line(summary.text(seconds: stats.seconds ?? 0)) }
    if options.stats == .json { Console.shared.line(stats.json(of: names), evenIfQuiet: true) }
  }
}

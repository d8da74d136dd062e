import ArgumentParser
import StreamIO

@main
struct Prlconv: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prlconv",
    abstract: "Convert disk images between raw and Parallels expandable format, also through pipes.",
    version: "prlconv \(prlconvVersion) (zlib \(ZlibVersion.text))",
    subcommands: [Raw2Prl.self, Prl2Raw.self, Info.self, Check.self, Map.self, Compare.self, Measure.self])

  static func main() {
    SignalPipe.prepareProcess()
    useOneMemoryArena()
    StandardStreams.occupyClosed()
    var command: (any ParsableCommand)?
    do {
      try Arguments.check()
      command = try parseAsRoot()
      try command?.run()
    } catch {
      ExitStatus.end(with: error, of: command)
    }
  }
}

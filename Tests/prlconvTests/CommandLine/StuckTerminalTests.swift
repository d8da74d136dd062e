import Foundation
import TestSupport
import Testing

@Suite("A stderr that nobody reads keeps no conversion from ending")
struct StuckTerminalTests {
  let folder = TemporaryFolder()

  /// Starts a command whose stderr is a full pipe.
  private func start(_ command: String, input: RunningCommand.Input = .pipe) throws -> RunningCommand {
    try Shell.start(
      #"mkfifo full; exec 9<> full; dd if=/dev/zero of=full oflag=nonblock bs=4k 2> /dev/null; exec \#(command) 2> full"#,
      in: folder, input: input)
  }

  @Test("A signal ends it", arguments: [[], ["-q"], ["-v"], ["-p"], ["-p", "--progress-format", "json"]])
  func signal(options: [String]) throws {
    let command = try start(#""$PRLCONV" raw2prl \#(options.joined(separator: " ")) - out"#)
    // With -v it never comes to read: the plan is written first.
    if options != ["-v"] {
      try command.feed([1])
      try #require(command.waits { $0.hasReadItsInput })
    } else {
      try #require(command.waits { _ in folder.contains("full") })
    }
    usleep(200_000)
    command.send(SIGTERM)
    #expect(command.wait(atMost: 20).ending == .signal(SIGTERM))
    #expect(folder.names == ["full"])
  }

  @Test("Progress that nobody reads is left out, and the conversion goes on")
  func progress() throws {
    let command = try start(#""$PRLCONV" raw2prl -p - out"#)
    try command.feed([UInt8](repeating: 1, count: 512))
    // Long enough for two lines of progress.
    usleep(2_200_000)
    command.endInput()
    #expect(command.waits { _ in folder.contains("out") })
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Signals end a conversion, and nothing of it is left")
struct SignalTests {
  let folder = TemporaryFolder()

  /// A conversion that has begun, and waits for more input.
  private func waitingCommand(_ direction: Direction = .raw2prl, _ options: [String] = []) throws -> RunningCommand {
    let command = try RunningCommand(
      [BuiltTool.path, direction.rawValue] + options + ["-", "out"], in: folder, input: .pipe)
    switch direction {
    case .raw2prl: try command.feed(Filling.cluster(1, byteCount: 3 << 19))
    case .prl2raw: try command.feed(Array(HandMadeImage(places: [0, 1, 2]).file.bytes.prefix(1500)))
    }
    try #require(command.waits { $0.hasReadItsInput })
    return command
  }

  @Test("The conversion ends by the signal that came", arguments: [SIGINT, SIGTERM, SIGHUP], Direction.allCases)
  func ends(signal: CInt, direction: Direction) throws {
    let command = try waitingCommand(direction)
    command.send(signal)
    let outcome = command.wait()
    #expect(outcome.ending == .signal(signal), "\(outcome)")
    #expect(folder.names == [])
    #expect(outcome.messages == ["prlconv: ended by signal \(signal)"], "\(outcome)")
  }

  @Test("The signal is named, quiet or not")
  func named() throws {
    let command = try waitingCommand(.raw2prl, ["-q"])
    command.send(SIGTERM)
    #expect(command.wait().messages.count == 1)
  }

  @Test("A second signal changes nothing")
  func second() throws {
    let command = try waitingCommand()
    command.send(SIGINT)
    command.send(SIGINT)
    let outcome = command.wait()
    #expect(outcome.ending == .signal(SIGINT), "\(outcome)")
    #expect(folder.names == [])
  }

  @Test("An existing output survives a signal")
  func existingOutput() throws {
    try folder.write([1, 2, 3], to: "out")
    let command = try waitingCommand(.raw2prl, ["-f"])
    command.send(SIGTERM)
    #expect(command.wait().ending == .signal(SIGTERM))
    #expect(try folder.bytes(of: "out") == [1, 2, 3])
    #expect(folder.names == ["out"])
  }

  @Test("SIGUSR1 prints one line and no more", arguments: [["-q"], ["--no-progress"], []])
  func userSignal(options: [String]) throws {
    let command = try waitingCommand(.raw2prl, options)
    command.send(SIGUSR1)
    #expect(command.waits { $0.standardErrorSoFar.contains("\n") })
    command.endInput()
    let outcome = command.wait()
    #expect(outcome.ending == .status(0))
    #expect(outcome.messages.count == 1 && outcome.standardError.hasPrefix("prlconv: "), "\(outcome)")
    #expect(folder.names == ["out"])
  }

  @Test("SIGUSR1 prints the share of a known size")
  func userSignalShare() throws {
    let command = try waitingCommand(.raw2prl, ["--size", "4M"])
    command.send(SIGUSR1)
    #expect(command.waits { $0.standardErrorSoFar.contains(" of 4 MiB") }, "\(command.standardErrorSoFar)")
    command.endInput()
    #expect(command.wait().ending == .status(0))
  }

  @Test("A signal that the parent ignores stays ignored")
  func ignored() throws {
    let command = try Shell.start(#"trap "" HUP; exec "$PRLCONV" raw2prl - out"#, in: folder, input: .pipe)
    try command.feed([1])
    try #require(command.waits { $0.hasReadItsInput })
    command.send(SIGHUP)
    command.endInput()
    #expect(command.wait().ending == .status(0))
    #expect(folder.names == ["out"])
  }

  @Test("A reader that goes away ends it like any filter", arguments: Direction.allCases, [1, 70000])
  func goneReader(direction: Direction, byteCount: Int) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 9), to: "in")
    case .prl2raw:
      try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: [0, 1, 2, nil, 3, 4, 5]).file, to: "in")
    }
    let outcome = try Shell.run(
      #"{ "$PRLCONV" \#(direction.rawValue) in; echo $? > status; } | head -c \#(byteCount) > out"#, in: folder)
    #expect(try String(decoding: folder.bytes(of: "status"), as: UTF8.self) == "\(128 + SIGPIPE)\n")
    #expect(outcome.standardError.isEmpty, "\(outcome)")
    #expect(folder.leftovers.isEmpty)
  }

  @Test("A signal ends a conversion to a pipe that nobody reads", arguments: [SIGINT, SIGTERM])
  func blockedPipe(signal: CInt) throws {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "in")
    // The shell holds the pipe open for reading, and never reads; `-v` shows that the conversion has begun.
    let command = try Shell.start(#"mkfifo full; exec 3<> full; exec "$PRLCONV" raw2prl -v in > full"#, in: folder)
    try #require(command.waits { $0.standardErrorSoFar.contains("two passes") })
    command.send(signal)
    #expect(command.wait().ending == .signal(signal))
  }
}

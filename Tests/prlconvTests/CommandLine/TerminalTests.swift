import Foundation
import TestSupport
import Testing

@Suite("What a person at a terminal sees: progress, and never binary data", .enabled(if: Tools.script, "needs script"))
struct TerminalTests {
  let folder = TemporaryFolder()

  /// Runs a command with a terminal as all three of its ends; the status is the command's.
  private func onTerminal(_ command: String, environment: [String: String] = [:]) throws -> Outcome {
    try Shell.run(
      #"script -qec "\#(command)" typescript > /dev/null 2>&1 < /dev/null"#, in: folder,
      environment: ["TERM": "xterm"].merging(environment) { $1 })
  }

  private func shown() throws -> String { String(decoding: try folder.bytes(of: "typescript"), as: UTF8.self) }

  @Test(
    "A terminal is refused as an end of a disk",
    arguments: ["raw2prl in", "raw2prl in -", "raw2prl - out", "raw2prl", "prl2raw image", "prl2raw - out"])
  func refused(arguments: String) throws {
    try folder.write(SparseDisk([1, 2, 3]), to: "in")
    try folder.write(HandMadeImage(places: [0]).file, to: "image")
    #expect(try onTerminal("\\\"$PRLCONV\\\" \(arguments)").ending == .status(64))
    #expect(try shown().contains("prlconv: error: "))
    #expect(!folder.contains("out"))
  }

  @Test("--force writes to a terminal")
  func forced() throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "image")
    #expect(try onTerminal("\\\"$PRLCONV\\\" prl2raw -f image").ending == .status(0))
  }

  @Test("A terminal gets a summary")
  func summary() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "in")
    #expect(try onTerminal("\\\"$PRLCONV\\\" raw2prl in out").ending == .status(0))
    #expect(try shown().contains("in → out: 3 MiB, 2 of 3 clusters stored"))
  }

  @Test("--quiet holds on a terminal")
  func quiet() throws {
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "in")
    #expect(try onTerminal("\\\"$PRLCONV\\\" raw2prl -q in out").ending == .status(0))
    #expect(try !shown().contains("in → out"))
  }

  /// The input stays quiet until something is shown.
  private func progressOfAWaitingConversion(_ term: String, options: String = "") throws -> String {
    let command = try Shell.start(
      #"mkfifo fifo; exec 3<> fifo; printf x >&3; script -qfec "\"$PRLCONV\" raw2prl \#(options) fifo out" typescript > /dev/null 2>&1 < /dev/null"#,
      in: folder, environment: ["TERM": term])
    #expect(command.waits { _ in (try? shown())?.contains("bytes, ") == true }, "\((try? shown()) ?? "")")
    return try shown()
  }

  @Test("A terminal gets a bar")
  func bar() throws {
    #expect(try progressOfAWaitingConversion("xterm").contains("\r"))
  }

  @Test("A dumb terminal gets lines")
  func dumb() throws {
    #expect(try !progressOfAWaitingConversion("dumb").contains("\u{1B}"))
  }

  @Test("A bar fits the terminal, however narrow, and follows a change of its width")
  func width() throws {
    let command = try Shell.start(
      #"""
      mkfifo fifo; exec 3<> fifo; head -c 4096 /dev/zero >&3
      script -qfec "stty cols 30; { sleep 1; stty cols 12 < /dev/tty; } & \"$PRLCONV\" raw2prl --size 1G fifo out" typescript \
        > /dev/null 2>&1 < /dev/null
      """#, in: folder, environment: ["TERM": "xterm"])
    let erase = "\r\u{1B}[K"
    func bars() throws -> [Int] {
      let bars = try shown().components(separatedBy: erase).dropFirst()
      #expect(!bars.contains { $0.contains("\n") })
      return bars.map(\.count)
    }
    #expect(command.waits { _ in (try? bars().last.map { 1...11 ~= $0 }) == true })
    #expect(try bars().max().map { 12...29 ~= $0 } == true)
  }

  @Test("A terminal without a type gets lines")
  func withoutType() throws {
    #expect(try !progressOfAWaitingConversion("").contains("\u{1B}"))
  }

  @Test("A command that waits for a writer says so", arguments: ["info", "check"])
  func waitingForWriter(command: String) throws {
    let running = try Shell.start(
      #"mkfifo fifo; script -qfec "\"$PRLCONV\" \#(command) fifo" typescript > /dev/null 2>&1 < /dev/null"#, in: folder)
    #expect(running.waits { _ in (try? shown())?.contains("waiting for a writer of 'fifo'") == true })
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Signals work whatever the parent and the system make of them")
struct SignalStateTests {
  let folder = TemporaryFolder()

  private static let namespaces = Shell.works("unshare -pf --mount-proc true")

  @Test(
    "Process 1 of a container ends with 128 and the signal", .enabled(if: namespaces, "needs namespaces"),
    arguments: [SIGTERM, SIGINT])
  func processOne(signal: CInt) throws {
    // What ends process 1 from outside is the whole namespace, so a neighbour sends the signal.
    let outcome = try Shell.run(
      #"""
      unshare -pf --mount-proc --kill-child bash -c 'sleep 0.5 && kill -\#(signal) 1 & exec "$PRLCONV" raw2prl - out' \
        < <(sleep 20)
      """#, in: folder, atMost: 60)
    #expect(outcome.ending == .status(128 + signal), "\(outcome)")
    #expect(folder.names == [])
  }

  @Test("Process 1 of a container ends when its reader goes away", .enabled(if: namespaces, "needs namespaces"))
  func processOneWithoutReader() throws {
    try folder.write(SparseDisk(numberedMegabytes: 9), to: "in")
    let outcome = try Shell.run(
      #"{ unshare -pf --mount-proc --kill-child "$PRLCONV" raw2prl in; echo $? > status; } | head -c 1 > out"#,
      in: folder, atMost: 60)
    #expect(try String(decoding: folder.bytes(of: "status"), as: UTF8.self) == "\(128 + SIGPIPE)\n", "\(outcome)")
  }

  @Test("A signal that the parent has blocked arrives")
  func blocked() throws {
    let script = """
      import os, signal, sys
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
      os.execv(sys.argv[1], sys.argv[1:])
      """
    let command = try Shell.start(
      #"exec python3 -c '\#(script)' "$PRLCONV" raw2prl - out"#, in: folder, input: .pipe)
    try command.feed([1])
    try #require(command.waits { $0.hasReadItsInput })
    command.send(SIGTERM)
    #expect(command.wait(atMost: 20).ending == .signal(SIGTERM))
  }

  @Test(
    "Whatever ends a process leaves nothing behind",
    arguments: [SIGQUIT, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR2, SIGXCPU, SIGIO, SIGPWR, SIGSTKFLT, SIGKILL])
  func rare(signal: CInt) throws {
    let command = try Shell.start(#"ulimit -c 0; exec "$PRLCONV" raw2prl - out"#, in: folder, input: .pipe)
    try command.feed([1])
    try #require(command.waits { $0.hasReadItsInput })
    command.send(signal)
    #expect(command.wait(atMost: 20).ending == .signal(signal))
    #expect(folder.names == [])
  }

  @Test("SIGUSR1 ends no command", arguments: ["info", "check", "map"])
  func userSignal(command: String) throws {
    try folder.write(HandMadeImage(places: [0]).file, to: "image")
    // A FIFO without a writer: the command waits in `open`.
    let running = try Shell.start(#"mkfifo fifo; exec "$PRLCONV" \#(command) fifo"#, in: folder)
    try #require(running.waits { _ in folder.contains("fifo") })
    usleep(300_000)
    running.send(SIGUSR1)
    usleep(100_000)
    running.send(SIGTERM)
    #expect(running.wait(atMost: 20).ending == .signal(SIGTERM))
  }
}

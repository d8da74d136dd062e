import DiskConversion
import StreamIO
import Synchronization

/// Signals as bytes of a pipe: the handler only writes the number, because little else is safe in a handler.
enum SignalPipe {
  /// Everything that ends a process by default and can be caught, but for crashes.
  static let ending =
    [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR2, SIGXCPU] + endingSignalsOfSystem

  fileprivate static let writeEnd = Atomic<CInt>(-1)
  /// The number of the first ending signal; 0 before one comes.
  static let received = Atomic<CInt>(0)

  /// Prepares the process before it does anything else.
  ///
  /// SIGUSR1 asks for the progress, so it must never end a command that has none. A write to a pipe without a reader, or
  /// past the limit on file sizes, must fail instead of killing the process: then the unfinished output is removed. A
  /// parent may have blocked signals. And process 1 of a container does not have the default actions.
  static func prepareProcess() {
    for number in [SIGUSR1, SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    var set = sigset_t()
    sigemptyset(&set)
    for number in ending + [SIGUSR1] { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    guard getpid() == 1 else { return }
    catchEndingSignals { number in _exit(128 + number) }
  }

  /// Sends every signal from now on to the pipe; returns its other end, or nil if it can't be made.
  static func open() -> CInt? {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writeEnd.store(ends[1], ordering: .releasing)
    catchEndingSignals(forwardSignal)
    signal(SIGUSR1, forwardSignal)
    return ends[0]
  }

  /// Cancels `control` at an ending signal, and ends the process at the second one or after a second.
  ///
  /// For a process that can't have a thread to read the pipe. Cancelling stores an atomic and writes to a pipe, which is
  /// safe in a handler.
  static func cancelInHandler(_ control: ConversionControl) {
    cancelled = control
    catchEndingSignals { number in
      let first = SignalPipe.received.exchange(number, ordering: .acquiringAndReleasing)
      guard first == 0 else { EndedBySignal(number: first).raise() }
      SignalPipe.cancelled?.cancel()
      signal(SIGALRM) { _ in EndedBySignal(number: SignalPipe.received.load(ordering: .acquiring)).raise() }
      alarm(1)
    }
  }

  // SAFETY: written once, before the handlers that read it are installed.
  nonisolated(unsafe) private static var cancelled: ConversionControl?

  /// Leaves a signal ignored if the parent had it ignored (`nohup`, or a shell's background job).
  private static func catchEndingSignals(_ handler: @escaping @convention(c) (CInt) -> Void) {
    for number in ending {
      var old = sigaction()
      sigaction(number, nil, &old)
      if !old.isIgnore { signal(number, handler) }
    }
  }
}

private func forwardSignal(_ number: CInt) {
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(SignalPipe.writeEnd.load(ordering: .acquiring), &byte, 1)
  errno = saved
}

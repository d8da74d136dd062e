import DiskConversion
import Dispatch
import StreamIO
import Synchronization

/// Handles signals during a conversion: SIGINT, SIGTERM and SIGHUP stop it, SIGUSR1 prints the progress.
///
/// The handler only writes the signal's number to a pipe. A queue reads it and does the work, which would not be safe in
/// a signal handler. (On Linux, Dispatch's own signal sources do not see ignored signals.)
final class Signals: @unchecked Sendable {  // SAFETY: nothing changes but `received`, an atomic.
  /// Seconds that a conversion gets to stop by itself: a thread may hang in a write.
  private static let patience = 1.0

  private let control: ConversionControl
  private let progress: ProgressDisplay
  private let received = Atomic<CInt>(0)
  private let queue = DispatchQueue(label: "prlconv.signals")
  private let source: any DispatchSourceRead

  init?(control: ConversionControl, progress: ProgressDisplay) {
    self.control = control
    self.progress = progress
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    signalPipe.store(ends[1], ordering: .releasing)
    source = DispatchSource.makeReadSource(fileDescriptor: ends[0], queue: queue)
    let readEnd = ends[0]
    source.setEventHandler { [weak self] in
      var number: UInt8 = 0
      if read(readEnd, &number, 1) == 1 { self?.act(on: CInt(number)) }
    }
    source.resume()
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { Self.catchSignal(number) }
  }

  /// The signal that stopped the conversion, or nil.
  var endingSignal: EndedBySignal? {
    let number = received.load(ordering: .acquiring)
    return number == 0 ? nil : EndedBySignal(number: number)
  }

  private func act(on number: CInt) {
    if number == SIGUSR1 { return Console.shared.line("prlconv: \(progress.figures.text)", evenIfQuiet: true) }
    guard received.exchange(number, ordering: .acquiringAndReleasing) == 0 else { return endNow(number) }
    control.cancel()
    queue.asyncAfter(deadline: .now() + Self.patience) { self.endNow(number) }
  }

  private func endNow(_ number: CInt) {
    control.discardOutput()
    Console.shared.line("prlconv: ended by signal \(number)", evenIfQuiet: true)
    EndedBySignal(number: number).raise()
  }

  /// Leaves a signal ignored if the parent had it ignored (`nohup`, or a shell's background job).
  private static func catchSignal(_ number: CInt) {
    var old = sigaction()
    sigaction(number, nil, &old)
    guard number == SIGUSR1 || !old.isIgnore else { return }
    signal(number, forwardSignal)
  }
}

/// The end of the pipe to which the handler writes.
private let signalPipe = Atomic<CInt>(-1)

private func forwardSignal(_ number: CInt) {
  let saved = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(signalPipe.load(ordering: .acquiring), &byte, 1)
  errno = saved
}

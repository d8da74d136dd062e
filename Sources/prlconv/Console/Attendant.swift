import DiskConversion
import Dispatch
import StreamIO
import Synchronization

/// Looks after a conversion from a thread of its own: acts on signals, and shows the progress at intervals.
///
/// Nothing that a conversion can use up or block keeps it from that: it needs no thread of Dispatch, takes no lock that
/// is held during a write, and never waits for a reader of stderr.
final class Attendant: Sendable {
  /// Nanoseconds that a conversion gets to stop by itself: a thread may hang in a write.
  private static let patience: UInt64 = 800_000_000

  private let control: ConversionControl
  private let progress: ProgressDisplay
  private let atForcedEnd: @Sendable (EndedBySignal) -> Void

  /// Begins to look after the conversion that `control` belongs to, until the process ends.
  init(
    control: ConversionControl, progress: ProgressDisplay, atForcedEnd: @escaping @Sendable (EndedBySignal) -> Void
  ) {
    self.control = control
    self.progress = progress
    self.atForcedEnd = atForcedEnd
    guard let pipe = SignalPipe.open(), startThread({ self.attend(pipe) }) else {
      SignalPipe.cancelInHandler(control)
      return
    }
  }

  /// The signal that stopped the conversion, or nil.
  var endingSignal: EndedBySignal? {
    let number = SignalPipe.received.load(ordering: .acquiring)
    return number == 0 ? nil : EndedBySignal(number: number)
  }

  private func attend(_ pipe: CInt) {
    var nextShow = progress.firstTime
    var forcedEnd: UInt64?
    while true {
      let now = DispatchTime.now().uptimeNanoseconds
      if let forcedEnd, let ended = endingSignal, now >= forcedEnd { end(by: ended) }
      if let time = nextShow, now >= time { nextShow = progress.show() ? now + progress.interval : nil }
      let deadline = [nextShow, forcedEnd].compactMap(\.self).min()
      guard let number = nextSignal(from: pipe, before: deadline) else { continue }
      if number == SIGUSR1 {
        Console.shared.show("prlconv: \(progress.figures.text)")
      } else if let ended = endingSignal {
        end(by: ended)
      } else {
        SignalPipe.received.store(number, ordering: .releasing)
        control.cancel()
        forcedEnd = DispatchTime.now().uptimeNanoseconds + Self.patience
      }
    }
  }

  /// Waits for a signal until `deadline`; nil if none came.
  private func nextSignal(from pipe: CInt, before deadline: UInt64?) -> CInt? {
    var request = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
    let now = DispatchTime.now().uptimeNanoseconds
    let milliseconds = deadline.map { $0 > now ? CInt(clamping: ($0 - now) / 1_000_000 + 1) : 0 } ?? -1
    var number: UInt8 = 0
    guard poll(&request, 1, milliseconds) == 1, read(pipe, &number, 1) == 1 else { return nil }
    return CInt(number)
  }

  private func end(by ended: EndedBySignal) -> Never {
    Console.shared.stopWaiting()
    control.discardOutput()
    atForcedEnd(ended)
    Console.shared.line("prlconv: ended by signal \(ended.number)", evenIfQuiet: true)
    ended.raise()
  }
}

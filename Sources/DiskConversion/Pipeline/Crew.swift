import Dispatch
import StreamIO
import Synchronization

/// The threads of a pipeline: the calling one, which is there already, and workers that join when they start.
///
/// Nothing ever waits for a worker that has not begun. In a container with a limit on processes, or with little address
/// space, Dispatch may get no thread for a worker for as long as the work lasts.
final class Crew: Sendable {
  /// Threads that have joined, with the calling one; `closed` or more at the end.
  private let joinedCount = Atomic<Int>(1)
  private let departures = DispatchSemaphore(value: 0)

  private static let closed = 1 << 32
  /// Descriptors that Dispatch needs for itself: it watches its pool through an epoll, a timer and `/proc`.
  private static let dispatchDescriptorCount = 8

  /// What must be left of a limit on address space for each further worker: its stack takes 8 MiB, and small allocations
  /// of the runtime, which trap if they fail, need the rest.
  private static let spareByteCount = 64 << 20

  /// Starts up to `count` workers, without waiting for any; each runs `body` on a thread that may block.
  ///
  /// While the system has no thread to give, Dispatch retries within `async`. So a thread of its own does the asking, and
  /// the caller works alone if that one can't be had.
  static func start(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    guard count > 0 else { return }
    _ = startThread {
      guard hasSpareDescriptors(dispatchDescriptorCount) else { return }
      // One after the other: with several in line, Dispatch makes threads for all of them, whatever is left then.
      let begun = DispatchSemaphore(value: 0)
      for _ in 0..<count where hasSpareAddressSpace(spareByteCount) {
        // A serial queue has its own thread, which may block; a concurrent one has only as many as there are cores.
        DispatchQueue(label: "prlconv.pipeline").async {
          begun.signal()
          body()
        }
        begun.wait()
      }
    }
  }

  /// Makes the calling worker a member; returns its number, or nil if the work is over.
  func join() -> Int? {
    let number = joinedCount.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
    return number < Self.closed ? number : nil
  }

  /// Called by a member, other than the first, that has finished.
  func leave() { departures.signal() }

  /// Lets nobody else join, and waits for all members; returns their number.
  func close() -> Int {
    let count = joinedCount.exchange(Self.closed, ordering: .acquiringAndReleasing)
    for _ in 1..<count { departures.wait() }
    return count
  }
}

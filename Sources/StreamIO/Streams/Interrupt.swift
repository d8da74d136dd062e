import Synchronization

/// Ends all current and future waits for bytes from a pipe, so that no thread stays blocked in `read` on an idle one.
package final class Interrupt: Sendable {
  private let isRaised = Atomic<Bool>(false)
  /// A pipe that becomes readable when the interrupt is raised, and stays readable until it is reset.
  private let readEnd: CInt
  private let writeEnd: CInt

  /// Creates an interrupt that is not raised.
  package init() throws(FileError) {
    var ends: [CInt] = [-1, -1]
    _ = try retryingOnInterrupt { pipe(&ends) }.get { FileError(.open, "pipe", code: $0) }
    (readEnd, writeEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    _ = closeDescriptor(readEnd)
    _ = closeDescriptor(writeEnd)
  }

  /// Whether the interrupt is raised.
  package var raised: Bool { isRaised.load(ordering: .acquiring) }

  /// Ends the waits.
  ///
  /// May be called from any thread, any number of times.
  package func raise() {
    guard !isRaised.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 0
    _ = retryingOnInterrupt { write(writeEnd, &byte, 1) }
  }

  /// Undoes `raise`; no thread may be waiting.
  package func reset() {
    guard isRaised.exchange(false, ordering: .acquiringAndReleasing) else { return }
    var byte: UInt8 = 0
    _ = retryingOnInterrupt { read(readEnd, &byte, 1) }
  }

  /// Waits until `file` has bytes or ends; throws if the interrupt is raised first.
  func waitUntilReadable(_ file: OpenFile, position: UInt64) throws(FileError) {
    var requests = [
      pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
    ]
    _ = try retryingOnInterrupt { poll(&requests, 2, -1) }.get { FileError(.read, file.name, at: position, code: $0) }
    guard requests[1].revents == 0 else { throw FileError(.read, file.name, at: position, code: ECANCELED) }
  }
}

import Dispatch

/// A run of bytes of the disk: data, at most a slot's buffer of it, or zeros, any number of them.
struct Extent: Equatable, Sendable {
  var guestOffset: UInt64
  var byteCount: UInt64
  var isZero: Bool

  var guestEnd: UInt64 { guestOffset + byteCount }
}

/// One extent on its way from source to sink, with the buffer for its bytes.
///
/// Only the thread that carries the slot touches it: a slot never changes hands, the turns do (see `Pipeline`).
final class Slot: @unchecked Sendable {  // SAFETY: touched by its own thread only, but for the two semaphores.
  /// The thread that carries the slot, counted from 0.
  let thread: Int
  /// Room for the bytes of the extent, aligned to pages.
  let buffer: UnsafeMutableRawBufferPointer
  /// What the source handed out.
  var extent = Extent(guestOffset: 0, byteCount: 0, isZero: true)
  /// Where a source that reads an image finds the bytes of the extent.
  var segments: [Segment] = []
  /// Which bytes of the buffer the sink has to store, in order.
  var runs: [Range<Int>] = []
  /// Where in its file the sink stores the first run, the others following at once.
  var destination: UInt64 = 0
  /// Where in its file the sink stores zeros.
  var zeroFill: Range<UInt64> = 0..<0

  let mayTake = DispatchSemaphore(value: 0)
  let mayPlace = DispatchSemaphore(value: 0)

  /// `thread` is the number of the thread that carries the slot.
  init(byteCount: Int, thread: Int = 0) {
    self.thread = thread
    buffer = .allocate(byteCount: byteCount, alignment: 4096)
  }

  deinit { buffer.deallocate() }

  /// The bytes of the extent.
  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(extent.byteCount)])
  }
}

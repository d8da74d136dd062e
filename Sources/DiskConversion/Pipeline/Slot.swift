/// An extent on its way from source to sink: its position and a buffer for its bytes.
///
/// A slot belongs to one thread and never moves to another; only the turns do (see `Pipeline`).
final class Slot {
  /// The index of the thread that owns the slot.
  let thread: Int
  private let memory: AlignedBuffer
  /// The extent from the source: data that fits the buffer, or zeros of any length.
  var extent = DiskExtent(guestOffset: 0, byteCount: 0, contents: .zeros)
  /// Whether the bytes are in the buffer; if not, the sink did not need them.
  var isLoaded = false
  /// The files and positions of the extent's bytes; everything between them is zeros, or already in the buffer.
  var pieces: [DiskExtent] = []

  init(_ memory: AlignedBuffer, thread: Int) {
    self.memory = memory
    self.thread = thread
  }

  /// A slot of the calling thread, with a new buffer.
  ///
  /// - Throws: `outOfMemory`.
  convenience init(byteCount: Int) throws(ConversionError) {
    self.init(try AlignedBuffer(byteCount: byteCount), thread: 0)
  }

  /// The whole buffer.
  var buffer: UnsafeMutableRawBufferPointer { memory.bytes }

  /// The bytes of an extent of data.
  var bytes: UnsafeMutableRawBufferPointer { buffer.part(..<Int(extent.byteCount)) }
}

/// One extent on its way from source to sink: where its bytes lie, and room for them.
///
/// A slot belongs to one thread and never changes hands; the turns do (see `Pipeline`).
final class Slot {
  /// The thread that carries the slot, counted from 0.
  let thread: Int
  private let memory: AlignedBuffer
  /// The run of the disk that the source handed out: data, at most a buffer of it, or zeros, any number of them.
  var extent = DiskExtent(guestOffset: 0, byteCount: 0, contents: .zeros)
  /// Where in which file the bytes of the extent lie; what no piece covers is zeros, or in the buffer already.
  var pieces: [DiskExtent] = []

  init(byteCount: Int, thread: Int = 0) {
    self.thread = thread
    memory = AlignedBuffer(byteCount: byteCount)
  }

  /// Room for the bytes of the extent.
  var buffer: UnsafeMutableRawBufferPointer { memory.bytes }

  /// The bytes of an extent that is data.
  var bytes: UnsafeMutableRawBufferPointer { buffer.part(..<Int(extent.byteCount)) }
}

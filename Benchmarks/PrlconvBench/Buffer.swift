/// Bytes at a fixed place, as the pipeline has them.
final class Buffer {
  let mutableBytes: UnsafeMutableRawBufferPointer

  init(_ byteCount: Int, fill: (Int) -> UInt8) {
    mutableBytes = .allocate(byteCount: byteCount, alignment: 4096)
    for index in 0..<byteCount { mutableBytes[index] = fill(index) }
  }

  deinit { mutableBytes.deallocate() }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(mutableBytes) }
}

import StreamIO

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

/// A stream of bytes in memory.
final class MemoryStream: ByteStream {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let count = min(buffer.count, rest.count)
    UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]).copyBytes(from: rest.prefix(count))
    rest = rest.dropFirst(count)
    return count
  }
}

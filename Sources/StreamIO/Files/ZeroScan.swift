/// Whether every byte is zero.
///
/// Scans 128 bytes per step, which the compiler turns into vector loads; for most data the first step decides.
package func isAllZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return true }
  let stepByteCount = 2 * MemoryLayout<SIMD8<UInt64>>.size
  var offset = 0
  while offset <= bytes.count &- stepByteCount {
    let first = base.loadUnaligned(fromByteOffset: offset, as: SIMD8<UInt64>.self)
    let second = base.loadUnaligned(fromByteOffset: offset &+ stepByteCount / 2, as: SIMD8<UInt64>.self)
    guard (first | second) == .zero else { return false }
    offset &+= stepByteCount
  }
  while offset < bytes.count {
    guard bytes[offset] == 0 else { return false }
    offset &+= 1
  }
  return true
}

/// The number of zeros that `bytes` begin with.
func zeroCountAtStart(of bytes: UnsafeRawBufferPointer) -> Int {
  isAllZero(bytes) ? bytes.count : bytes.firstIndex { $0 != 0 } ?? bytes.count
}

/// The number of zeros that `bytes` end with.
func zeroCountAtEnd(of bytes: UnsafeRawBufferPointer) -> Int {
  let blockByteCount = 512
  var rest = bytes[...]
  while rest.count >= blockByteCount, isAllZero(UnsafeRawBufferPointer(rebasing: rest.suffix(blockByteCount))) {
    rest = rest.dropLast(blockByteCount)
  }
  while rest.last == 0 { rest = rest.dropLast() }
  return bytes.count - rest.count
}

/// The runs of `bytes` that hold data, as ranges of bytes, leaving out blocks of `blockByteCount` that are all zero.
///
/// `offset` is where `bytes` lie in their file. Blocks begin at multiples of their size, so the first and last may be
/// shorter.
package func dataRuns(in bytes: UnsafeRawBufferPointer, at offset: UInt64 = 0, blockByteCount: Int) -> [Range<Int>] {
  var runs: [Range<Int>] = []
  var start = 0
  var end = min(blockByteCount - Int(offset % UInt64(blockByteCount)), bytes.count)
  while start < bytes.count {
    if !isAllZero(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
      if let last = runs.last, last.upperBound == start {
        runs[runs.count - 1] = last.lowerBound..<end
      } else {
        runs.append(start..<end)
      }
    }
    start = end
    end = min(end + blockByteCount, bytes.count)
  }
  return runs
}

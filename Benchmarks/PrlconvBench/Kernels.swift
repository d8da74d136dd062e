import ParallelsFormat
import StreamIO
import TestSupport

/// All kernels, over buffers of 1 MiB that stay in the cache.
func allKernels() -> [Kernel] {
  let byteCount = 1 << 20
  let zeros = Buffer(byteCount) { _ in 0 }
  let text = Buffer(byteCount) { UInt8(truncatingIfNeeded: ($0 * $0 / 7 + $0 / 97) % 61 + 32) }
  return scanKernels(zeros: zeros, text: text) + tableKernels() + gzipKernels(text: text)
}

private func scanKernels(zeros: Buffer, text: Buffer) -> [Kernel] {
  [
    Kernel(name: "zero scan, all zero", byteCount: zeros.bytes.count) { isAllZero(zeros.bytes) ? 1 : 0 },
    Kernel(name: "data runs of 4 KiB, all zero", byteCount: zeros.bytes.count) {
      dataRuns(in: zeros.bytes, blockByteCount: 4096).count
    },
    Kernel(name: "data runs of 4 KiB, all data", byteCount: text.bytes.count) {
      dataRuns(in: text.bytes, blockByteCount: 4096).count
    },
  ]
}

private func tableKernels() -> [Kernel] {
  let entryCount = 262_144
  let bytes = Buffer(entryCount * BlockAllocationTable.entryByteCount) { $0 % 4 == 0 ? 1 : 0 }
  var table = BlockAllocationTable(count: entryCount)
  table.decode(bytes.bytes.bytes, at: 0)
  let full = table
  return [
    Kernel(name: "BAT decode", byteCount: bytes.bytes.count) {
      var table = BlockAllocationTable(count: entryCount)
      table.decode(bytes.bytes.bytes, at: 0)
      return table.allocatedCount
    },
    Kernel(name: "BAT encode", byteCount: bytes.bytes.count) { full.encode(from: 0, into: bytes.mutableBytes) },
  ]
}

private func gzipKernels(text: Buffer) -> [Kernel] {
  let half = Checksum(of: text.bytes)
  var kernels = [
    Kernel(name: "CRC", byteCount: text.bytes.count) { Int(Checksum(of: text.bytes).crc) },
    Kernel(name: "CRC combination, a block of 1 MiB", byteCount: text.bytes.count) {
      var joined = half
      joined.append(half)
      return Int(joined.crc)
    },
    Kernel(name: "CRC of 1 TiB of zeros, a MiB of it", byteCount: text.bytes.count) {
      Int(Checksum(ofZeros: 1 << 40).crc)
    },
  ]
  for level in [1, 6, 9] {
    guard let deflater = BlockDeflater(level: CompressionLevel(level), blockByteCount: text.bytes.count) else {
      continue
    }
    kernels.append(
      Kernel(name: "deflate -\(level)", byteCount: text.bytes.count) {
        deflater.compress(text.bytes) ? deflater.compressed.count : 0
      })
  }
  if let member = gzipMember(of: text) {
    kernels.append(Kernel(name: "inflate", byteCount: text.bytes.count) { decodedByteCount(of: member) })
  }
  return kernels
}

private func gzipMember(of text: Buffer) -> [UInt8]? {
  guard let deflater = BlockDeflater(level: CompressionLevel(6), blockByteCount: text.bytes.count),
    deflater.compress(text.bytes)
  else { return nil }
  return GzipMember.header + deflater.compressed + GzipMember.trailer(Checksum(of: text.bytes))
}

private func decodedByteCount(of member: [UInt8]) -> Int {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
  defer { buffer.deallocate() }
  guard let stream = try? GzipStream(LookaheadStream(MemoryStream(member)), path: "memory") else { return 0 }
  return (try? stream.read(into: buffer)) ?? 0
}

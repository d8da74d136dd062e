import StreamIO

@testable import DiskConversion

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A raw disk in memory, handed out extent by extent up to the end of its last cluster.
final class MemoryDisk: ExtentSource, @unchecked Sendable {  // SAFETY: `position`: only in turn, by `take`.
  private let bytes: [UInt8]
  private let grid: ExtentGrid
  /// Whether zeros are handed out as such, like the holes of a file, or as data that is zero.
  private let knowsZeros: Bool
  private var position: UInt64 = 0

  init(_ bytes: [UInt8], grid: ExtentGrid, knowsZeros: Bool = false) {
    let end = Int(grid.roundedUpToClusters(UInt64(bytes.count)))
    self.bytes = bytes + [UInt8](repeating: 0, count: end - bytes.count)
    self.grid = grid
    self.knowsZeros = knowsZeros
  }

  func take(into slot: Slot) -> Bool {
    guard position < bytes.count else { return false }
    let end = extentEnd(from: position)
    slot.extent = Extent(guestOffset: position, byteCount: end - position, isZero: isZero(position..<end))
    // Zeros come in runs of any length.
    while slot.extent.isZero, slot.extent.guestEnd < bytes.count {
      let next = extentEnd(from: slot.extent.guestEnd)
      guard isZero(slot.extent.guestEnd..<next) else { break }
      slot.extent.byteCount = next - position
    }
    position = slot.extent.guestEnd
    return true
  }

  func load(_ slot: Slot) {
    guard !slot.extent.isZero else { return }
    slot.bytes.copyBytes(from: bytes[Int(slot.extent.guestOffset)..<Int(slot.extent.guestEnd)])
  }

  private func extentEnd(from start: UInt64) -> UInt64 { min(grid.end(after: start), UInt64(bytes.count)) }

  private func isZero(_ range: Range<UInt64>) -> Bool {
    knowsZeros
      && bytes.withUnsafeBytes {
        isAllZero(UnsafeRawBufferPointer(rebasing: $0[Int(range.lowerBound)..<Int(range.upperBound)]))
      }
  }
}

extension OpenFile {
  /// All bytes of a file.
  func allBytes() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xEE, count: Int(try byteCount() ?? 0))
    let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: 0) }
    return Array(bytes[..<count])
  }
}

/// The first index at which two arrays differ, or where the shorter one ends; nil when they are the same.
func firstDifference(_ first: [UInt8], _ second: [UInt8]) -> Int? {
  let end = min(first.count, second.count)
  // A loop over every byte takes its time in a debug build, so it is left for arrays that differ.
  if memcmp(first, second, end) != 0 { return (0..<end).first { first[$0] != second[$0] } }
  return first.count == second.count ? nil : end
}

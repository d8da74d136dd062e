import StreamIO

@testable import DiskConversion

/// A raw disk in memory, handed out extent by extent up to the end of its last cluster.
final class MemoryDisk: ExtentSource {
  private let bytes: [UInt8]
  private let grid: ExtentGrid
  /// Whether zeros are handed out as such, like the holes of a file, or as data that is zero.
  private let knowsZeros: Bool
  private let position = InTurn<UInt64>(0)

  init(_ bytes: [UInt8], grid: ExtentGrid, knowsZeros: Bool = false) {
    let end = Int(grid.roundedUpToClusters(UInt64(bytes.count)))
    self.bytes = bytes + [UInt8](repeating: 0, count: end - bytes.count)
    self.grid = grid
    self.knowsZeros = knowsZeros
  }

  func take(into slot: Slot) -> Bool {
    let start = position.state
    guard start < bytes.count else { return false }
    let end = extentEnd(from: start)
    slot.extent = DiskExtent(start..<end, isZero(start..<end) ? .zeros : .data)
    // Zeros come in runs of any length.
    while slot.extent.isZero, slot.extent.guestEnd < bytes.count {
      let next = extentEnd(from: slot.extent.guestEnd)
      guard isZero(slot.extent.guestEnd..<next) else { break }
      slot.extent.byteCount = next - start
    }
    position.state = slot.extent.guestEnd
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

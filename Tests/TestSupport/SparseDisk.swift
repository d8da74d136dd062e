import Foundation

/// A disk as a test describes it: a length, and the runs of bytes that are not holes.
public struct SparseDisk: Equatable, Sendable {
  /// Bytes that lie in one piece.
  public struct Run: Equatable, Sendable {
    /// Where they begin, in bytes.
    public var offset: Int
    /// The bytes.
    public var bytes: [UInt8]
  }

  /// Length of the disk, in bytes.
  public var byteCount: Int
  /// What is not a hole; where runs overlap, the later one counts.
  public private(set) var runs: [Run] = []

  /// A disk that is one hole.
  public init(byteCount: Int) { self.byteCount = byteCount }

  /// A disk without holes.
  public init(_ bytes: [UInt8]) {
    byteCount = bytes.count
    runs = [Run(offset: 0, bytes: bytes)]
  }

  /// A disk whose megabyte `i` is filled with byte `i`: every misplaced cluster shows by its own number.
  public init(numberedMegabytes count: Int) {
    self.init(byteCount: count << 20)
    for number in 0..<count { put([UInt8](repeating: UInt8(number & 0xFF), count: 1 << 20), at: number << 20) }
  }

  /// Puts bytes on the disk; what reaches past its end is left out.
  public mutating func put(_ bytes: [UInt8], at offset: Int) {
    guard offset < byteCount else { return }
    runs.append(Run(offset: offset, bytes: Array(bytes.prefix(byteCount - offset))))
  }

  /// Zeros in place of what was there, which are not a hole.
  public mutating func putZeros(_ range: Range<Int>) {
    put([UInt8](repeating: 0, count: range.count), at: range.lowerBound)
  }

  /// Cuts the disk off, or makes it longer by a hole.
  public mutating func resize(to byteCount: Int) {
    self.byteCount = byteCount
    runs = runs.filter { $0.offset < byteCount }
      .map { Run(offset: $0.offset, bytes: Array($0.bytes.prefix(byteCount - $0.offset))) }
  }

  /// All bytes of the disk.
  public var bytes: [UInt8] {
    var all = [UInt8](repeating: 0, count: byteCount)
    for run in runs { all.replaceSubrange(run.offset..<run.offset + run.bytes.count, with: run.bytes) }
    return all
  }

  /// Makes a file of it, with its holes.
  public func write(to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw TestSupportError("'\(path)' can't be made: errno \(errno)") }
    defer { close(descriptor) }
    guard ftruncate(descriptor, off_t(byteCount)) == 0 else { throw TestSupportError("ftruncate: errno \(errno)") }
    for run in runs { try Descriptor.write(run.bytes, to: descriptor, at: run.offset) }
  }
}

/// Bytes for disks.
public enum Filling {
  /// Bytes that belong to cluster `number` and to no other; none of its sectors is zero.
  public static func cluster(_ number: Int, byteCount: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount + 512)
    // Sector by sector, as a loop over every byte takes its time in a debug build.
    var sector = [UInt8](1...255) + [UInt8](repeating: UInt8(truncatingIfNeeded: number &+ 1), count: 257)
    for index in 0..<(byteCount + 511) / 512 {
      sector.store(littleEndian: UInt32(truncatingIfNeeded: number), at: 8)
      sector.store(littleEndian: UInt32(truncatingIfNeeded: index), at: 12)
      bytes += sector
    }
    bytes.removeLast(bytes.count - byteCount)
    return bytes
  }

  /// Random bytes.
  public static func random(_ byteCount: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount + 8)
    while bytes.count < byteCount {
      var word = generator.next()
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    bytes.removeLast(bytes.count - byteCount)
    return bytes
  }
}

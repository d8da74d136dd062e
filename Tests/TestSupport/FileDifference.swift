import Foundation

/// Where two files differ first.
public enum FileDifference: Equatable, Sendable, CustomStringConvertible {
  /// The byte at this offset is another one.
  case byte(at: Int)
  /// They agree as far as the shorter one goes.
  case length(Int, Int)

  /// The difference in words.
  public var description: String {
    switch self {
    case .byte(let offset): "they differ at byte \(offset)"
    case .length(let first, let second): "their lengths are \(first) and \(second)"
    }
  }

  /// The first difference between two files, except for the bytes in `exceptions`; nil when there is none.
  ///
  /// Holes that both have are passed over, so files of many terabytes can be compared.
  public static func between(_ first: String, _ second: String, except exceptions: Range<Int> = 0..<0) throws -> Self? {
    let one = try File(first)
    let other = try File(second)
    let end = min(one.byteCount, other.byteCount)
    var position = 0
    while position < end {
      position = min(one.dataStart(from: position), other.dataStart(from: position))
      guard position < end else { break }
      let count = min(1 << 20, end - position)
      var left = try Descriptor.read(count, from: one.descriptor, at: position)
      var right = try Descriptor.read(count, from: other.descriptor, at: position)
      for offset in exceptions.clamped(to: position..<position + count) {
        (left[offset - position], right[offset - position]) = (0, 0)
      }
      if memcmp(left, right, count) != 0 {
        return (0..<count).first { left[$0] != right[$0] }.map { .byte(at: position + $0) }
      }
      position += count
    }
    return one.byteCount == other.byteCount ? nil : .length(one.byteCount, other.byteCount)
  }

  private final class File {
    let descriptor: CInt
    let byteCount: Int

    init(_ path: String) throws {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw TestSupportError("'\(path)': errno \(errno)") }
      byteCount = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    func dataStart(from offset: Int) -> Int {
      #if os(Linux)
        let seekData: CInt = 3
      #else
        let seekData = SEEK_DATA
      #endif
      let found = lseek(descriptor, off_t(offset), seekData)
      guard found < 0 else { return Int(found) }
      return errno == ENXIO ? byteCount : offset
    }
  }
}

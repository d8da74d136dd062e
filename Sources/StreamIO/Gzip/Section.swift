import Dispatch

/// A part of a member that may be decoded by itself, with the memory for it.
///
/// SAFETY: one thread at a time uses it: first the one that fills it, then the one that decodes it, then the first one
/// again.
final class Section: @unchecked Sendable {
  /// Most bytes that a section is decoded to.
  private static let byteLimit = 1 << 20
  /// Most compressed bytes: data that can't be compressed grows a little.
  static let compressedByteLimit = byteLimit + byteLimit / 16

  private let inflater: Inflater
  // SAFETY: allocated once and freed in `deinit`; `compressed` is a slice of it.
  private let compressedRoom: UnsafeMutableRawBufferPointer
  // SAFETY: allocated once and freed in `deinit`; `data` is a slice of it.
  private let room: UnsafeMutableRawBufferPointer
  private let decoded = DispatchSemaphore(value: 0)

  private(set) var compressed = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Whether they are whole blocks that refer to nothing before them.
  private(set) var isSound = false
  /// What they were decoded to.
  private(set) var data = UnsafeRawBufferPointer(start: nil, count: 0)
  private(set) var checksum = Checksum()
  private(set) var isZero = false

  /// Returns nil if memory runs out.
  init?() {
    guard let inflater = Inflater(.blocks), let room = allocateMemory(byteCount: Self.byteLimit) else { return nil }
    guard let compressedRoom = allocateMemory(byteCount: Self.compressedByteLimit) else {
      free(room.baseAddress)
      return nil
    }
    self.inflater = inflater
    self.compressedRoom = compressedRoom
    self.room = room
  }

  deinit {
    free(compressedRoom.baseAddress)
    free(room.baseAddress)
  }

  /// Copies the compressed bytes, of which there are at most `compressedByteLimit`.
  func fill(_ bytes: UnsafeRawBufferPointer) {
    compressedRoom.copyMemory(from: bytes)
    compressed = UnsafeRawBufferPointer(rebasing: compressedRoom[..<bytes.count])
  }

  /// Decodes the section for another thread, which must collect the result exactly once: with `collect`, or with
  /// `collectIfDecoded` when that returns true.
  func decodeForOther() {
    decode()
    decoded.signal()
  }

  /// Waits until another thread has decoded the section.
  func collect() { decoded.wait() }

  func collectIfDecoded() -> Bool { decoded.wait(timeout: .now()) == .success }

  func decode() {
    inflater.reset()
    isSound = false
    var rest = compressed
    var count = 0
    repeat {
      let step = inflater.step(
        rest, into: UnsafeMutableRawBufferPointer(rebasing: room[count...]), stopsAtBlocks: true)
      rest = UnsafeRawBufferPointer(rebasing: rest[step.takenByteCount...])
      count += step.byteCount
      guard step.outcome == .ongoing, step.takenByteCount + step.byteCount > 0 else { return }
    } while !rest.isEmpty
    guard inflater.isBetweenBlocks, inflater.isOnWholeByte else { return }
    isSound = true
    data = UnsafeRawBufferPointer(rebasing: room[..<count])
    isZero = isAllZero(data)
    checksum = isZero ? Checksum(ofZeros: UInt64(count)) : Checksum(of: data)
  }
}

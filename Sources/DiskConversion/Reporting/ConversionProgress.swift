import Synchronization

/// How far a conversion is, in bytes.
///
/// You may read it at any time from any thread.
public final class ConversionProgress: Sendable {
  private let done = Atomic<UInt64>(0)
  /// 0 stands for unknown.
  private let total = Atomic<UInt64>(0)
  private let followsInput = Atomic<Bool>(false)
  private let readCount = Atomic<UInt64>(0)
  private let writtenCount = Atomic<UInt64>(0)

  init() {}

  /// Work done, in bytes of the disk, or of the compressed input when the size of the disk is not known.
  public var doneByteCount: UInt64 { done.load(ordering: .relaxed) }
  /// Work in all, in the same measure; nil when it cannot be known.
  public var totalByteCount: UInt64? {
    let total = total.load(ordering: .relaxed)
    return total == 0 ? nil : total
  }
  /// Bytes read from the input.
  public var readByteCount: UInt64 { readCount.load(ordering: .relaxed) }
  /// Bytes written to the output.
  public var writtenByteCount: UInt64 { writtenCount.load(ordering: .relaxed) }

  /// From now on the work is measured in bytes of the disk, `byteCount` in all.
  func expect(_ byteCount: UInt64) {
    total.store(byteCount, ordering: .relaxed)
    followsInput.store(false, ordering: .relaxed)
  }

  /// Counts bytes of the disk as done.
  func advance(by byteCount: UInt64) {
    guard !followsInput.load(ordering: .relaxed) else { return }
    done.wrappingAdd(byteCount, ordering: .relaxed)
  }

  /// From now on the work is measured in bytes taken from the input, `inputByteCount` in all.
  func follow(inputByteCount: UInt64) {
    expect(inputByteCount)
    followsInput.store(true, ordering: .relaxed)
  }

  /// Notes that the compressed input was read up to this byte.
  func reach(inputPosition: UInt64) {
    if followsInput.load(ordering: .relaxed) { done.store(inputPosition, ordering: .relaxed) }
    readCount.store(inputPosition, ordering: .relaxed)
  }

  func countRead(_ byteCount: Int) { readCount.wrappingAdd(UInt64(byteCount), ordering: .relaxed) }
  func countWritten(_ byteCount: Int) { writtenCount.wrappingAdd(UInt64(byteCount), ordering: .relaxed) }
}

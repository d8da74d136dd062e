import Synchronization

/// The progress of a conversion, in bytes.
///
/// It may be read at any time, from any thread.
public final class ConversionProgress: Sendable {
  private let done = Atomic<UInt64>(0)
  /// 0 means unknown.
  private let total = Atomic<UInt64>(0)
  private let followsInput = Atomic<Bool>(false)
  private let readCount = Atomic<UInt64>(0)
  private let writtenCount = Atomic<UInt64>(0)
  private let sharedCount = Atomic<UInt64>(0)
  private let splicedCount = Atomic<UInt64>(0)
  private let isOver = Atomic<Bool>(false)

  init() {}

  /// Work done so far: bytes of the disk, or bytes of the compressed input if the total is measured in those.
  public var doneByteCount: UInt64 { done.load(ordering: .relaxed) }
  /// Total work, in the same unit; nil if it can't be known.
  public var totalByteCount: UInt64? {
    let total = total.load(ordering: .relaxed)
    return total == 0 ? nil : total
  }
  /// Bytes read from the input.
  public var readByteCount: UInt64 { readCount.load(ordering: .relaxed) }
  /// Bytes written to the output.
  public var writtenByteCount: UInt64 { writtenCount.load(ordering: .relaxed) }
  /// Bytes that the output shares with the input, without being read or written.
  public var sharedByteCount: UInt64 { sharedCount.load(ordering: .relaxed) }
  /// Bytes that the system moved from a file to a pipe, without being read or written.
  public var splicedByteCount: UInt64 { splicedCount.load(ordering: .relaxed) }

  /// Switches to measuring work in bytes of the disk, `byteCount` in total.
  func expect(_ byteCount: UInt64) {
    total.store(byteCount, ordering: .relaxed)
    followsInput.store(false, ordering: .relaxed)
  }

  /// Whether the last operation in its asynchronous form has ended.
  var hasEnded: Bool {
    get { isOver.load(ordering: .acquiring) }
    set { isOver.store(newValue, ordering: .releasing) }
  }

  /// Begins the work again.
  func restart() { done.store(0, ordering: .relaxed) }

  /// Counts bytes of the disk as done.
  func advance(by byteCount: UInt64) {
    guard !followsInput.load(ordering: .relaxed) else { return }
    done.wrappingAdd(byteCount, ordering: .relaxed)
  }

  /// Switches to measuring work in bytes of the input, `inputByteCount` in total.
  func follow(inputByteCount: UInt64) {
    expect(inputByteCount)
    followsInput.store(true, ordering: .relaxed)
  }

  /// Records that the compressed input was read up to this byte.
  func reach(inputPosition: UInt64) {
    if followsInput.load(ordering: .relaxed) { done.store(inputPosition, ordering: .relaxed) }
    readCount.store(inputPosition, ordering: .relaxed)
  }

  func countRead(_ byteCount: Int) { readCount.wrappingAdd(UInt64(byteCount), ordering: .relaxed) }
  func countShared(_ byteCount: UInt64) { sharedCount.wrappingAdd(byteCount, ordering: .relaxed) }
  func countSpliced(_ byteCount: UInt64) { splicedCount.wrappingAdd(byteCount, ordering: .relaxed) }
  func countWritten(_ byteCount: Int) { writtenCount.wrappingAdd(UInt64(byteCount), ordering: .relaxed) }
}

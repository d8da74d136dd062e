/// The progress of an operation at regular intervals, for `for await`.
///
/// It ends with the operation, if you started that in its asynchronous form, or when your task is cancelled.
public struct ProgressUpdates: AsyncSequence, Sendable {
  /// The progress at one moment, in bytes.
  public struct Update: Equatable, Sendable {
    /// Work done so far, as in ``ConversionProgress/doneByteCount``.
    public var doneByteCount: UInt64
    /// Total work, in the same unit; nil if it can't be known.
    public var totalByteCount: UInt64?

    /// The share that is done, from 0 to 1; nil if the total can't be known.
    public var share: Double? {
      totalByteCount.map { $0 == 0 ? 1 : Double(Swift.min(doneByteCount, $0)) / Double($0) }
    }
  }

  /// Waits before each update, unless the operation has ended.
  public struct Iterator: AsyncIteratorProtocol {
    fileprivate let updates: ProgressUpdates
    private var isOver = false

    fileprivate init(of updates: ProgressUpdates) { self.updates = updates }

    /// The progress after the next interval; the last one shows the end of the operation.
    public mutating func next() async -> Update? {
      guard !isOver else { return nil }
      if !updates.progress.hasEnded {
        guard (try? await Task.sleep(for: updates.interval)) != nil else { return nil }
      }
      isOver = updates.progress.hasEnded
      return Update(doneByteCount: updates.progress.doneByteCount, totalByteCount: updates.progress.totalByteCount)
    }
  }

  fileprivate let progress: ConversionProgress
  fileprivate let interval: Duration

  /// Begins to wait for updates.
  public func makeAsyncIterator() -> Iterator { Iterator(of: self) }
}

extension ConversionProgress {
  /// The progress at regular intervals.
  public func updates(every interval: Duration = .seconds(1)) -> ProgressUpdates {
    ProgressUpdates(progress: self, interval: interval)
  }
}

package import StreamIO

/// The threads and temporary files that an operation may use.
public struct Resources: Equatable, Sendable {
  /// The number of threads that move data; at least 1.
  public var threadCount: Int
  /// The directory for temporary files, which can be as large as the disk.
  public var temporaryDirectory: String
  /// Whether gzip is decompressed without shortcuts, for tests that compare.
  package var readsGzipPlainly = false

  package var gzipShortcuts: GzipShortcuts {
    readsGzipPlainly ? .none : GzipShortcuts(threadCount: threadCount)
  }

  /// Creates resources.
  public init(threadCount: Int = 2, temporaryDirectory: String = "/var/tmp") {
    self.threadCount = threadCount
    self.temporaryDirectory = temporaryDirectory
  }
}

package import StreamIO

/// The threads and temporary files that an operation may use.
public struct Resources: Equatable, Sendable {
  /// The number of threads that move data; at least 1.
  public var threadCount = 2
  /// The directory for temporary files, which can be as large as the disk.
  public var temporaryDirectory = "/var/tmp"
  /// Whether gzip is decompressed without shortcuts, for tests that compare.
  package var readsGzipPlainly = false

  package var gzipShortcuts: GzipShortcuts {
    readsGzipPlainly ? .none : GzipShortcuts(threadCount: threadCount)
  }

  /// Creates the default resources.
  public init() {}
}

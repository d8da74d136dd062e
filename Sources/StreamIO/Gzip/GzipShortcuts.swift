/// Shortcuts that save time when gzip is read, and change nothing in the result.
package struct GzipShortcuts: Equatable, Sendable {
  /// Whether zeros are skipped in their compressed form.
  let skipsZeros: Bool
  /// The number of threads that decode parts of a member which do not refer to each other.
  let threadCount: Int

  /// All shortcuts.
  package init(threadCount: Int) { self.init(skipsZeros: true, threadCount: threadCount) }

  private init(skipsZeros: Bool, threadCount: Int) {
    (self.skipsZeros, self.threadCount) = (skipsZeros, threadCount)
  }

  /// Plain decompression.
  package static let none = GzipShortcuts(skipsZeros: false, threadCount: 1)
}

/// What saves time when gzip is read, without any change in what is read.
///
/// Tests switch the shortcuts off, to compare.
package struct GzipShortcuts: Equatable, Sendable {
  /// Whether zeros are skipped in their compressed form.
  package var skipsZeros = true

  package init() {}

  /// Plain decompression.
  package static let none: GzipShortcuts = {
    var shortcuts = GzipShortcuts()
    shortcuts.skipsZeros = false
    return shortcuts
  }()
}

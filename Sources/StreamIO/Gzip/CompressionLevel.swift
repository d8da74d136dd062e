/// A compression level from 1 (fast) to 9 (small), as for gzip.
package struct CompressionLevel: Equatable, Sendable {
  /// The level, 1 to 9.
  package let number: Int

  /// Clamps `number` to the range 1 to 9.
  package init(_ number: Int) { self.number = min(max(number, 1), 9) }

  var zlibLevel: CInt { CInt(number) }

  /// Limits of the match search: shorten it after a good match, stop at a nice one, follow chains of at most this
  /// length.
  struct Effort: Equatable {
    var good: CInt
    var lazy: CInt
    var nice: CInt
    var chain: CInt
  }

  /// Limits that replace zlib's own for this level; nil to keep zlib's.
  ///
  /// Level 6, 150 MiB of a system's files, zlib 1.2.13, one core, in seconds and bytes:
  ///
  /// | chain | time | size |
  /// |---|---|---|
  /// | 128 (zlib's own) | 4.96 | 55,867,563 |
  /// | 64 | 3.89 | 56,027,526 |
  /// | 48 | 3.51 | 56,123,295 |
  /// | 32 | 3.12 | 56,292,142 |
  var effort: Effort? { number == 6 ? Effort(good: 8, lazy: 16, nice: 128, chain: 48) : nil }
}

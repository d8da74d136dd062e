/// How hard to try to make output small: 1 (fast) to 9 (small), as with gzip.
package struct CompressionLevel: Equatable, Sendable {
  /// 1 to 9.
  package let number: Int

  /// A level; what is out of range is the nearest one in it.
  package init(_ number: Int) { self.number = min(max(number, 1), 9) }

  var zlibLevel: CInt { CInt(number) }

  /// Limits of the search for matches: shorten it after a good match, stop at a nice one, follow a chain of this length.
  struct Effort: Equatable {
    var good: CInt
    var lazy: CInt
    var nice: CInt
    var chain: CInt
  }

  /// Other limits than zlib's own for this level, or nil for those.
  ///
  /// Level 6, 150 MiB of a system's files, zlib 1.2.13, one core, seconds and bytes:
  ///
  /// | chain | time | size |
  /// |---|---|---|
  /// | 128 (zlib's own) | 4.96 | 55,867,563 |
  /// | 64 | 3.89 | 56,027,526 |
  /// | 48 | 3.51 | 56,123,295 |
  /// | 32 | 3.12 | 56,292,142 |
  var effort: Effort? { number == 6 ? Effort(good: 8, lazy: 16, nice: 128, chain: 48) : nil }
}

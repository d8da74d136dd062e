/// How hard to try to make output small: 1 (fast) to 9 (small), as with gzip.
public struct CompressionLevel: Equatable, Sendable {
  /// 1 to 9.
  public let number: Int

  /// A level; what is out of range is the nearest one in it.
  public init(_ number: Int) { self.number = min(max(number, 1), 9) }

  var zlibLevel: CInt { CInt(number) }

  /// The limits of the search for matches: shorten it behind a good match, stop at a nice one, look at so many.
  struct Effort: Equatable {
    var good: CInt
    var lazy: CInt
    var nice: CInt
    var chain: CInt
  }

  /// Other limits than zlib's own for this level, or nil for those.
  var effort: Effort? { nil }
}

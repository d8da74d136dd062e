import ParallelsFormat

/// How many bytes and ranges of a disk are of each of two kinds.
struct MapTotals {
  /// The names of the kinds in JSON.
  let kinds: (first: String, second: String)
  private var first: (byteCount: UInt64, rangeCount: UInt64) = (0, 0)
  private var second: (byteCount: UInt64, rangeCount: UInt64) = (0, 0)

  init(kinds: (String, String)) { self.kinds = kinds }

  mutating func add(_ byteCount: UInt64, isFirstKind: Bool) {
    if isFirstKind {
      first = (first.byteCount + byteCount, first.rangeCount + 1)
    } else {
      second = (second.byteCount + byteCount, second.rangeCount + 1)
    }
  }

  var lines: [String] {
    [(kinds.first, first), (kinds.second, second)].map { kind, total in
      "\(kind): \(ByteSize(byteCount: total.byteCount).exactDescription) in \(counted(total.rangeCount, "range"))"
    }
  }

  var json: String {
    JSONText.object([
      "virtual-size": JSONText.number(first.byteCount + second.byteCount),
      "\(kinds.first)": JSONText.number(first.byteCount), "\(kinds.second)": JSONText.number(second.byteCount),
      "\(kinds.first)-ranges": JSONText.number(first.rangeCount),
      "\(kinds.second)-ranges": JSONText.number(second.rangeCount),
    ])
  }
}

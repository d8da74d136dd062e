/// Decodes the blocks of a member: in order, or in sections on several threads where it has any.
final class MemberDecoder {
  typealias Output = DeflateDecoder.Output

  /// Sections are looked for only in this many decoded bytes of a member, unless some were found: stopping after each
  /// block costs time.
  private static let searchedByteCount: UInt64 = 4 << 20
  /// How many failures in a row end the search: before the first usable section, and after it.
  ///
  /// Without `-i`, the parts that `pigz` writes refer to each other. Stored data may contain what looks like a marker.
  private static let failureLimits = (first: 3, later: 32)
  /// A part that takes fewer bytes, and gives fewer, counts as a failure: decoding it in order is faster.
  private static let leastByteCount = 16 << 10

  private let input: GzipInput
  private let decoder: DeflateDecoder
  private let threadCount: Int
  private var sections: SectionDecoder?
  private var isInSections = false
  private var hasSections = false
  private var failureCount = 0

  /// Returns nil if memory runs out.
  init?(_ input: GzipInput, _ shortcuts: GzipShortcuts) {
    guard let decoder = DeflateDecoder(input, skippingZeros: shortcuts.skipsZeros) else { return nil }
    self.input = input
    self.decoder = decoder
    threadCount = shortcuts.threadCount
  }

  /// The checksum of what was decoded so far.
  var checksum: Checksum { decoder.data.checksum }

  /// Compressed bytes that were taken for sections, whose data was not returned yet.
  var aheadByteCount: Int { sections?.aheadByteCount ?? 0 }

  /// Begins with another member.
  func reset() {
    decoder.reset()
    (isInSections, hasSections, failureCount) = (false, false, 0)
  }

  /// Decodes what comes next.
  ///
  /// - Throws: `gzip` if the blocks are damaged or cut off; `system` if the input can't be read.
  func decode(into room: UnsafeMutableRawBufferPointer) throws(FileError) -> Output {
    if isInSections || mayBeginSections, let output = nextSection() { return output }
    return try decoder.decode(into: room, stopsAtBlocks: looksForSections)
  }

  private var looksForSections: Bool {
    guard threadCount > 1 else { return false }
    guard !hasSections else { return failureCount < Self.failureLimits.later }
    return failureCount < Self.failureLimits.first && checksum.byteCount < Self.searchedByteCount
  }

  private var mayBeginSections: Bool { looksForSections && decoder.isAtBorder }

  private func nextSection() -> Output? {
    guard isInSections || beginSections(), let sections else { return nil }
    guard looksForSections, let part = sections.next() else {
      sections.leave()
      decoder.resume(after: sections.window)
      isInSections = false
      failureCount += 1
      return nil
    }
    hasSections = true
    failureCount = max(part.byteCount, UInt64(part.compressedByteCount)) < Self.leastByteCount ? failureCount + 1 : 0
    guard case .section(let section) = part, !section.isZero else { return zeros(part.byteCount) }
    decoder.data.append(section)
    return .others(section.data)
  }

  private func beginSections() -> Bool {
    guard let marker = BlockMarker.before(input) else { return false }
    if sections == nil { sections = SectionDecoder(input, threadCount: threadCount) }
    isInSections = sections?.begin(after: decoder.window, marker: marker) ?? false
    if !isInSections { failureCount += 1 }
    return isInSections
  }

  private func zeros(_ count: UInt64) -> Output {
    decoder.data.appendZeros(count)
    return .zeros(count)
  }
}

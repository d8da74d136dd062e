/// Decodes sections of a member on several threads: some of those that come next, while the first is being read.
///
/// A section begins where the one before it has ended, between two blocks and on a whole byte. So a section that
/// decodes on its own and ends at such a place gives the bytes that decoding in order would give. Any other is left to be
/// decoded in order.
final class SectionDecoder {
  /// What comes next.
  enum Part {
    case section(Section)
    /// This many zeros, of sections like an earlier one, whose compressed bytes are counted.
    case zeros(UInt64, compressedByteCount: Int)

    /// Bytes that it gives; known of a section once it is decoded.
    var byteCount: UInt64 {
      switch self {
      case .section(let section): UInt64(section.data.count)
      case .zeros(let count, _): count
      }
    }

    var compressedByteCount: Int {
      switch self {
      case .section(let section): section.compressed.count
      case .zeros(_, let compressedByteCount): compressedByteCount
      }
    }
  }

  /// Sections at a time, which take 26 MiB, their input included.
  private static let count = 8
  /// What must be left of a limit on address space, so that other allocations do not fail for these.
  private static let spareByteCount = 64 << 20

  private let input: GzipInput
  private let crew: SectionCrew
  private var idle: [Section]
  /// The section whose data is being read.
  private var current: Section?
  /// What comes next, in order; the compressed bytes were taken, but are still in memory.
  private var ahead: [Part] = []
  private(set) var aheadByteCount = 0
  private var marker = BlockMarker.double
  /// The position up to which no marker begins.
  private var searchedEnd: UInt64 = 0
  /// A section of zeros, in its compressed form.
  private var zeroSection: (compressed: [UInt8], byteCount: UInt64) = ([], 0)
  /// The last bytes that were decoded, up to 32 KiB.
  private(set) var window: [UInt8] = []

  /// Fails if memory is short.
  init?(_ input: GzipInput, threadCount: Int) {
    guard hasSpareAddressSpace(Self.spareByteCount) else { return nil }
    idle = []
    for _ in 0..<Self.count {
      guard let section = Section() else { return nil }
      idle.append(section)
    }
    guard input.grow(to: (Self.count + 1) * Section.compressedByteLimit) else { return nil }
    self.input = input
    crew = SectionCrew(helperLimit: threadCount - 1)
  }

  // Leaves no section waiting or being decoded.
  deinit { leave() }

  /// Looks for sections from the position of `input` on; returns whether there are any.
  ///
  /// The decoder has to be between two blocks and on a whole byte there, after `window`.
  func begin(after window: [UInt8], marker: BlockMarker) -> Bool {
    self.window = window
    self.marker = marker
    searchedEnd = input.position
    lookAhead()
    return !ahead.isEmpty
  }

  /// The next part; nil if it has to be decoded in order, after `leave`.
  func next() -> Part? {
    if let current { idle.append(current) }
    current = nil
    lookAhead()
    guard let part = ahead.first else { return nil }
    switch part {
    case .zeros(let count, _):
      remember([UInt8](repeating: 0, count: Int(min(count, UInt64(DecodedData.windowByteCount)))))
    case .section(let section):
      crew.finish(section)
      guard section.isSound else {
        ahead.removeFirst()
        idle.append(section)
        return nil
      }
      remember(Array(section.data[max(0, section.data.count - DecodedData.windowByteCount)...]))
      if section.isZero, !section.data.isEmpty {
        zeroSection = (Array(section.compressed), UInt64(section.data.count))
      }
      current = section
    }
    aheadByteCount -= part.compressedByteCount
    ahead.removeFirst()
    return part
  }

  private func remember(_ bytes: [UInt8]) {
    guard bytes.count < DecodedData.windowByteCount else { return window = bytes }
    window += bytes
    window.removeFirst(max(0, window.count - DecodedData.windowByteCount))
  }

  /// Gives back the compressed bytes of everything that comes next, to be decoded in order after `window`.
  func leave() {
    for case .section(let section) in ahead.reversed() {
      crew.cancel(section)
      idle.append(section)
    }
    ahead = []
    input.giveBack(aheadByteCount)
    aheadByteCount = 0
  }

  /// Takes sections until the memory for them is used up, and has them decoded.
  private func lookAhead() {
    // The limit leaves room in `input` for one more whole section, however many sections of zeros were taken.
    while let section = idle.last, aheadByteCount < (Self.count - 1) * Section.compressedByteLimit {
      takeZeros()
      if input.bytes.count < zeroSection.compressed.count, refill() { continue }
      guard let end = sectionEnd() else { return }
      section.fill(input.bytes(limit: end))
      take(end, as: .section(section))
      idle.removeLast()
      crew.add(section)
    }
  }

  /// The end of the next section, as an offset from the position of `input`; nil if there is none.
  private func sectionEnd() -> Int? {
    while true {
      let bytes = input.bytes(limit: Section.compressedByteLimit)
      let start = Int(max(searchedEnd, input.position) - input.position)
      if let end = marker.firstEnd(in: bytes, from: start) { return end }
      searchedEnd = input.position + UInt64(max(0, bytes.count - marker.bytes.count + 1))
      guard bytes.count < Section.compressedByteLimit, refill() else { return nil }
    }
  }

  /// An error is thrown again when the bytes before it have been decoded in order.
  private func refill() -> Bool { (try? input.refill(keeping: aheadByteCount)) == true }

  /// Takes the sections that are equal to an earlier one of zeros.
  private func takeZeros() {
    let (compressed, zeroCount) = zeroSection
    guard !compressed.isEmpty else { return }
    var rest = input.bytes
    while compressed.withUnsafeBytes({ rest.begins(with: $0) }) {
      rest = UnsafeRawBufferPointer(rebasing: rest[compressed.count...])
    }
    let byteCount = input.bytes.count - rest.count
    guard byteCount > 0 else { return }
    take(byteCount, as: .zeros(UInt64(byteCount / compressed.count) * zeroCount, compressedByteCount: byteCount))
  }

  private func take(_ byteCount: Int, as part: Part) {
    input.take(byteCount)
    aheadByteCount += byteCount
    ahead.append(part)
  }
}

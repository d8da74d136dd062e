/// A dirty bitmap of an image as far as it can be read.
public struct InspectedBitmap: Equatable, Sendable {
  /// The bitmap; nil when not even its fields are there.
  public var bitmap: DirtyBitmap?
  /// Which rule it breaks; nil for none.
  public var problem: BitmapProblem?
}

extension FormatExtension {
  /// The dirty bitmaps in the order of their sections, each judged against its image.
  public func bitmaps(in header: Header, fileByteCount: UInt64) -> [InspectedBitmap] {
    var judge = BitmapJudge(header: header, fileByteCount: fileByteCount)
    return bitmapSections.map { section in
      var first: BitmapProblem?
      let bitmap = judge.judge(section) { first = first ?? $0 }
      return InspectedBitmap(bitmap: bitmap, problem: first)
    }
  }

  /// What is not understood, and the first rule that each bitmap breaks, in the order of the sections.
  public func problems(in header: Header, fileByteCount: UInt64) -> [ExtensionProblem] {
    notUnderstood
      + bitmaps(in: header, fileByteCount: fileByteCount).enumerated().compactMap { index, found in
        found.problem.map { ExtensionProblem.bitmap(index: index, $0) }
      }
  }

  /// Calls `body` with everything that is wrong or not understood, in the order of the sections.
  public func forEachProblem(in header: Header, fileByteCount: UInt64, _ body: (ExtensionProblem) -> Void) {
    notUnderstood.forEach(body)
    var judge = BitmapJudge(header: header, fileByteCount: fileByteCount)
    for (index, section) in bitmapSections.enumerated() {
      _ = judge.judge(section) { body(.bitmap(index: index, $0)) }
    }
  }

  private var bitmapSections: [FeatureSection] { sections.filter { $0.magic == DirtyBitmap.magic } }

  /// Features and flags that nobody has explained.
  private var notUnderstood: [ExtensionProblem] {
    sections.flatMap { section -> [ExtensionProblem] in
      let isKnown = section.magic == DirtyBitmap.magic
      let hasKnownFlags = section.flags.isSubset(of: .known)
      return (isKnown ? [] : [.unknownFeature(magic: section.magic, flags: section.flags)])
        + (hasKnownFlags ? [] : [.unknownFlags(magic: section.magic, flags: section.flags)])
    }
  }
}

/// Judges the bitmaps of an image one after the other: ids and clusters that an earlier one has are taken.
private struct BitmapJudge {
  let header: Header
  let fileByteCount: UInt64
  private var ids: Set<BitmapID> = []
  private var clusters: BitmapClusters

  init(header: Header, fileByteCount: UInt64) {
    self.header = header
    self.fileByteCount = fileByteCount
    clusters = BitmapClusters(clusterByteCount: header.clusterByteCount)
  }

  /// Calls `body` with every rule that the bitmap of a section breaks; returns the bitmap, nil when it can't be read.
  mutating func judge(_ section: FeatureSection, _ body: (BitmapProblem) -> Void) -> DirtyBitmap? {
    let bitmap: DirtyBitmap
    do throws(BitmapProblem) {
      bitmap = try DirtyBitmap(parsing: section.data)
    } catch {
      body(error)
      return nil
    }
    var isSound = true
    bitmap.forEachProblem(in: header, fileByteCount: fileByteCount) { problem in
      isSound = false
      body(problem)
    }
    if !ids.insert(bitmap.id).inserted {
      isSound = false
      body(.sameID)
    }
    if isSound, let problem = clusters.take(bitmap) { body(problem) }
    return bitmap
  }
}

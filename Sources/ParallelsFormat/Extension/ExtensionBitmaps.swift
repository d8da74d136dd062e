/// A dirty bitmap of an image, as far as it can be read.
public struct InspectedBitmap: Equatable, Sendable {
  /// The bitmap; nil if even its fields are missing.
  public var bitmap: DirtyBitmap?
  /// The first rule that it breaks; nil if it breaks none.
  public var problem: BitmapProblem?
}

extension FormatExtension {
  /// The dirty bitmaps in the order of their sections, each checked against its image; the file size is in bytes.
  public func bitmaps(in header: Header, fileByteCount: UInt64) -> [InspectedBitmap] {
    var judge = BitmapJudge(header: header, fileByteCount: fileByteCount)
    return bitmapSections.map { section in
      var first: BitmapProblem?
      let bitmap = judge.judge(section) { first = first ?? $0 }
      return InspectedBitmap(bitmap: bitmap, problem: first)
    }
  }

  /// Unknown features and flags, then the first rule that each bitmap breaks, in the order of the sections.
  public func problems(in header: Header, fileByteCount: UInt64) -> [ExtensionProblem] {
    notUnderstood
      + bitmaps(in: header, fileByteCount: fileByteCount).enumerated().compactMap { index, found in
        found.problem.map { ExtensionProblem.bitmap(index: index, $0) }
      }
  }

  /// Calls `body` with everything that is wrong or unknown, in the order of the sections.
  public func forEachProblem(in header: Header, fileByteCount: UInt64, _ body: (ExtensionProblem) -> Void) {
    notUnderstood.forEach(body)
    var judge = BitmapJudge(header: header, fileByteCount: fileByteCount)
    for (index, section) in bitmapSections.enumerated() {
      _ = judge.judge(section) { body(.bitmap(index: index, $0)) }
    }
  }

  private var bitmapSections: [FeatureSection] { sections.filter { $0.magic == DirtyBitmap.magic } }

  private var notUnderstood: [ExtensionProblem] {
    sections.flatMap { section -> [ExtensionProblem] in
      let isKnown = section.magic == DirtyBitmap.magic
      let hasKnownFlags = section.flags.isSubset(of: .known)
      return (isKnown ? [] : [.unknownFeature(magic: section.magic, flags: section.flags)])
        + (hasKnownFlags ? [] : [.unknownFlags(magic: section.magic, flags: section.flags)])
    }
  }
}

/// Checks the bitmaps of an image in order, remembering the ids and clusters of earlier ones.
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

  /// Calls `body` with every rule that the bitmap of a section breaks; returns the bitmap, or nil if it can't be
  /// parsed.
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

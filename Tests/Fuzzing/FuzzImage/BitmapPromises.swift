import DiskConversion
import FuzzSupport
import ParallelsFormat

/// What info, map and prl2raw promise of the dirty bitmaps of an image, and that they agree about them.
struct BitmapPromises {
  /// Most bits of a bitmap that are looked at one by one.
  private static let bitLimit: UInt64 = 1 << 16
  private static let copyPath = ScratchFile.path("copy.img")

  private let image: FuzzedImage
  private let header: Header
  private let expected: ExpectedDisk
  private let path: String
  private let bitmaps: [InspectedBitmap]
  /// The clusters of the extension and of its bitmaps that have bytes in common with another.
  private let sharedClusters: Set<UInt64>

  /// The bitmaps of the image at `path`.
  init?(_ image: FuzzedImage, expected: ExpectedDisk, path: String) {
    guard let header = image.header else { return nil }
    self.image = image
    self.header = header
    self.expected = expected
    self.path = path
    guard var cluster = ExtensionCluster(header: header) else {
      (bitmaps, sharedClusters) = ([], [])
      return
    }
    cluster.feed(image.bytes.span.bytes, at: 0)
    let fileByteCount = UInt64(image.bytes.count)
    let found = try? cluster.finish(fileByteCount: fileByteCount)
    bitmaps = found?.bitmaps(in: header, fileByteCount: fileByteCount) ?? []
    let stored = bitmaps.flatMap { Self.storedClusters($0, header, fileByteCount) }
    let others = expected.offsets.compactMap(\.self) + expected.spareOffsets
    sharedClusters = Self.shared(stored + [Self.ownCluster(header)], others, header)
  }

  /// Where the extension's own cluster begins; of no meaning where none could be.
  private static func ownCluster(_ header: Header) -> UInt64 {
    header.extensionOffsetSectors.multipliedReportingOverflow(by: sectorByteCount).partialValue
  }

  private static func storedClusters(_ found: InspectedBitmap, _ header: Header, _ fileByteCount: UInt64) -> [UInt64] {
    found.bitmap?.storedClusters(in: header, fileByteCount: fileByteCount) ?? []
  }

  private static func shared(_ ours: [UInt64], _ others: [Int], _ header: Header) -> Set<UInt64> {
    let all = (ours.map { ($0, true) } + others.map { (UInt64($0), false) }).sorted { $0.0 < $1.0 }
    return zip(all, all.dropFirst()).reduce(into: []) { shared, pair in
      guard pair.1.0 - pair.0.0 < header.clusterByteCount else { return }
      for (start, isOurs) in [pair.0, pair.1] where isOurs { shared.insert(start) }
    }
  }

  /// Whether a rule is broken, or a cluster is also in use for something else.
  private func isDamaged(_ found: InspectedBitmap) -> Bool {
    let clusters =
      Self.storedClusters(found, header, UInt64(image.bytes.count)) + [Self.ownCluster(header)]
    return found.problem != nil || !sharedClusters.isDisjoint(with: clusters)
  }

  func check(_ info: ImageInfo) {
    promise(info.bitmaps.count == bitmaps.count, "info reports each bitmap")
    for (reported, found) in zip(info.bitmaps, bitmaps) {
      promise((reported.problem == nil) == !isDamaged(found), "info reports which bitmaps are damaged")
      guard let bitmap = found.bitmap, !isDamaged(found), bitmap.bitCount <= Self.bitLimit else { continue }
      let runs = expected.dirtyRuns(bitmap)
      let byteCount = runs.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
      promise(reported.dirtyByteCount == byteCount, "info counts \(byteCount) dirty bytes: \(reported)")
      promise(reported.dirtyExtentCount == UInt64(runs.count), "info counts \(runs.count) dirty runs: \(reported)")
      if isNamed(bitmap) { checkMap(of: bitmap, runs: runs) }
    }
  }

  /// Whether no other bitmap has its id.
  private func isNamed(_ bitmap: DirtyBitmap) -> Bool { bitmaps.count { $0.bitmap?.id == bitmap.id } == 1 }

  private func checkMap(of bitmap: DirtyBitmap, runs: [Range<UInt64>]) {
    var (end, dirty): (UInt64, [Range<UInt64>]) = (0, [])
    promised("a sound bitmap has a map") {
      var map = try DirtyMap(of: .path(path), bitmap: bitmap.id.description, control: ConversionControl())
      while let (range, isDirty) = try map.next() {
        promise(range.lowerBound == end && !range.isEmpty, "runs follow each other: \(range)")
        end = range.upperBound
        if isDirty { dirty.append(range) }
      }
    }
    promise(end == header.virtualByteCount && dirty == runs, "a map has the runs that are marked: \(dirty), \(runs)")
  }

  /// That an older copy gets just what is marked; the image has to be one that converts, and small.
  func checkRefresh() {
    guard let found = bitmaps.first(where: { $0.problem == nil && $0.bitmap.map(isNamed) == true }) else { return }
    guard let bitmap = found.bitmap, bitmap.bitCount <= Self.bitLimit else { return }
    var disk = [UInt8](repeating: 0xA5, count: Int(header.virtualByteCount))
    ScratchFile.write(disk, to: Self.copyPath)
    var options = BitmapRefresh.Options(bitmap: bitmap.id.description)
    options.resources.threadCount = image.options.contains(.hasTwoThreads) ? 2 : 1
    options.sparseByteCount = image.options.contains(.writesZeros) ? 0 : 4096
    let summary = try? BitmapRefresh.refresh(
      Self.copyPath, from: .path(path), options: options, control: ConversionControl())
    promise((summary != nil) == (header.inUse == .closed && !isDamaged(found)), "a refresh needs a bitmap that holds")
    guard summary != nil else { return }
    let new = expected.bytes
    for run in expected.dirtyRuns(bitmap) {
      let places = Int(run.lowerBound)..<Int(run.upperBound)
      disk.replaceSubrange(places, with: new[places])
    }
    promise(isSame(ScratchFile.read(Self.copyPath)[...], disk[...]), "a refresh writes what is marked, and no more")
  }
}

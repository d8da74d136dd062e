import FuzzSupport
import ParallelsFormat

/// What `ParallelsFormat` promises of any bytes: values or errors, and what was read can be written again.
struct FormatPromises {
  private let image: FuzzedImage
  private let header: Header
  private let fileByteCount: UInt64

  init?(_ image: FuzzedImage) {
    guard let header = image.header else { return nil }
    self.image = image
    self.header = header
    fileByteCount = UInt64(image.bytes.count)
  }

  func check() {
    let again = promised("a header that was written can be read") { try Header(parsing: header.encoded.span.bytes) }
    promise(again == header, "a header keeps its fields: \(header), \(again)")
    promise(Array(header.encoded.prefix(36)) == Array(image.bytes.prefix(36)), "a header keeps its bytes")
    if let expected = ExpectedDisk(image) {
      let table = readTable()
      checkInspection(of: table, fileByteCount: fileByteCount, expected: expected)
      checkInspection(of: table, fileByteCount: nil, expected: expected)
    }
    checkExtension()
  }

  private func readTable() -> BlockAllocationTable {
    let byteCount = Int(header.batEntryCount) * 4
    let bytes = Array(image.bytes[64..<64 + byteCount])
    var table = BlockAllocationTable(count: Int(header.batEntryCount))
    let piece = image.options.contains(.hasSmallPieces) ? 52 : 1 << 14
    for start in stride(from: 0, to: byteCount, by: piece) {
      let end = min(start + piece, byteCount)
      table.decode(bytes.span.bytes.extracting(start..<end), at: start / 4)
    }
    var written = [UInt8](repeating: 0xEE, count: byteCount)
    let count = written.withUnsafeMutableBytes { table.encode(from: 0, into: $0) }
    promise(count == byteCount && isSame(written[...], bytes[...]), "a table keeps its bytes")
    promise(
      table.allocatedCount == (0..<table.count).count { table[$0] != 0 }, "a table counts its entries")
    return table
  }

  private func checkInspection(
    of table: BlockAllocationTable, fileByteCount: UInt64?, expected: ExpectedDisk
  ) {
    let inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
    for problem in inspection.headerProblems { promise(!problem.description.isEmpty, "\(problem)") }
    var lost: Set<Int> = []
    var isShared = false
    var lastPlace = -1
    inspection.forEachProblem { problem in
      promise(problem.index < inspection.entryCount && !problem.description.isEmpty, "\(problem)")
      switch problem.kind {
      case .reserved, .insideTable, .pastEnd, .cutByEnd:
        promise(!isShared && problem.index > lastPlace, "places come first, in disk order: \(problem)")
        lastPlace = problem.index
        if problem.kind.losesWholeCluster { lost.insert(problem.index) }
      case .duplicate, .overlap: isShared = true
      }
    }
    if fileByteCount != nil {
      let expectedLost = expected.offsets.indices.filter { expected.offsets[$0] == nil && table[$0] != 0 }
      promise(lost == Set(expectedLost), "each lost cluster is found")
      promise(isShared == expected.sharesClusters, "shared clusters are found")
      checkHostSpace(of: table, inspection: inspection)
    }
    checkOrder(of: table, inspection: inspection)
  }

  private func checkHostSpace(of table: BlockAllocationTable, inspection: TableInspection) {
    for extensionClusters in [[], [header.clusterByteCount]] {
      inspection.forEachHostSpaceProblem(extensionClusters: extensionClusters) { problem in
        promise(!problem.description.isEmpty, "\(problem)")
        guard extensionClusters.isEmpty else { return }
        guard case .leaked(let offset, let count) = problem else { return promise(false, "\(problem)") }
        promise(count > 0 && offset + (count - 1) * header.clusterByteCount < fileByteCount, "\(problem)")
      }
    }
  }

  private func checkOrder(of table: BlockAllocationTable, inspection: TableInspection) {
    let sortedAtOnce = image.options.contains(.hasSmallPieces) ? 3 : nil
    var order = HostOrder(of: table, inspection: inspection, sortedAtOnce: sortedAtOnce)
    var (count, lastEntry) = (0, UInt32(0))
    while let cluster = order.next {
      promise(table[cluster] >= lastEntry, "clusters in the order of the file")
      lastEntry = table[cluster]
      count += 1
      order.advance()
    }
    promise(
      count == (0..<inspection.entryCount).count { table[$0] != 0 }, "every cluster has its turn once")
  }

  private func checkExtension() {
    guard let found = Self.readExtension(header, from: image.bytes, isPiecewise: image.options) else { return }
    for problem in found.problems(in: header, fileByteCount: fileByteCount) {
      promise(!problem.description.isEmpty, "\(problem)")
    }
    let mayChange = !found.sections.contains { $0.magic != DirtyBitmap.magic && $0.flags.contains(.necessary) }
    promise(((try? found.rewritten(with: [])) != nil) == mayChange, "a necessary feature forbids changes")
    for bitmap in found.bitmaps(in: header, fileByteCount: fileByteCount).compactMap(\.bitmap) {
      promise(BitmapID(bitmap.id.description) == bitmap.id, "an id can be read")
      let again = promised("a bitmap that was written can be read") { try DirtyBitmap(parsing: bitmap.section.data) }
      promise(again == bitmap, "a bitmap keeps its fields")
    }
    var cluster = promised("an extension that was read can be written") {
      try found.encodedStart(clusterByteCount: header.clusterByteCount)
    }
    cluster += [UInt8](repeating: 0, count: Int(header.clusterByteCount) - cluster.count)
    var bytes = image.bytes
    let start = Int(header.extensionOffsetSectors * sectorByteCount)
    bytes.replaceSubrange(start..<start + cluster.count, with: cluster)
    let again = Self.readExtension(header, from: bytes, isPiecewise: image.options)
    promise(again == found, "an extension keeps its sections")
  }

  /// The extension in a file of these bytes; nil if none can be read.
  private static func readExtension(
    _ header: Header, from bytes: [UInt8], isPiecewise options: FuzzedImage.Options
  ) -> FormatExtension? {
    guard var cluster = ExtensionCluster(header: header) else { return nil }
    let piece = options.contains(.hasSmallPieces) ? 97 : 1 << 16
    for start in stride(from: 0, to: bytes.count, by: piece) {
      let end = min(start + piece, bytes.count)
      cluster.feed(bytes.span.bytes.extracting(start..<end), at: UInt64(start))
    }
    do throws(ExtensionProblem) {
      return try cluster.finish(fileByteCount: UInt64(bytes.count))
    } catch {
      promise(!error.description.isEmpty, "\(error)")
      return nil
    }
  }
}

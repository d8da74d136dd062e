import FuzzSupport
import ParallelsFormat

/// What a table of any entries promises, and what is found out about it.
struct TablePromises {
  private let header: Header
  private let table: BlockAllocationTable

  init(_ bytes: ArraySlice<UInt8>, of header: Header) {
    var table = BlockAllocationTable(count: bytes.count / 4)
    table.decode(bytes.span.bytes, at: 0)
    var written = [UInt8](repeating: 0xEE, count: bytes.count)
    let count = written.withUnsafeMutableBytes { table.encode(from: 0, into: $0) }
    promise(count == bytes.count && isSame(written[...], bytes), "a table keeps its bytes")
    promise((0..<table.count).count { table[$0] != 0 } == table.allocatedCount, "a table counts its entries")
    (self.header, self.table) = (header, table)
  }

  func check(fileByteCount: UInt64?, extensionClusters: [UInt64]) {
    let inspection = TableInspection(header: header, table: table, fileByteCount: fileByteCount)
    for problem in inspection.headerProblems { promise(!problem.description.isEmpty, "\(problem)") }
    var (lastIndex, lastShared) = (-1, UInt64?.none)
    inspection.forEachProblem { problem in
      promise(problem.index < inspection.entryCount && table[problem.index] == problem.entry, "\(problem)")
      switch problem.kind {
      case .reserved, .insideTable, .pastEnd, .cutByEnd:
        promise(lastShared == nil && problem.index > lastIndex, "places come first, in disk order: \(problem)")
        lastIndex = problem.index
      case .duplicate(let other), .overlap(let other):
        let distance = problem.byteOffset - header.hostByteOffset(ofEntry: table[other])
        promise(distance < header.clusterByteCount && !inspection.isInStreamOrder, "bytes are shared: \(problem)")
        promise(problem.byteOffset >= lastShared ?? 0, "shared clusters come in file order: \(problem)")
        lastShared = problem.byteOffset
      }
    }
    checkHostSpace(inspection, extensionClusters: extensionClusters)
  }

  private func checkHostSpace(_ inspection: TableInspection, extensionClusters: [UInt64]) {
    var last: UInt64 = 0
    inspection.forEachHostSpaceProblem(extensionClusters: extensionClusters) { problem in
      promise(problem.byteOffset >= last, "problems come in file order: \(problem)")
      last = problem.byteOffset
      switch problem {
      case .leaked(let start, let count):
        let lastCluster = start + (count - 1) * header.clusterByteCount
        promise(lastCluster < inspection.fileByteCount ?? .max, "what is leaked is in the file: \(problem)")
      default: promise(extensionClusters.contains(last), "only clusters that there are: \(problem)")
      }
    }
  }
}

import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The clusters of an image in the order of the file")
struct HostOrderTests {
  @Test("Disk order, where the file has it")
  func streamOrder() throws {
    #expect(try order([0, 1, 2, 0, 0, 3]) == [1, 2, 5])
  }

  @Test("The order of their places, where it is another")
  func otherOrder() throws {
    #expect(try order([4, 0, 1, 3, 0, 2]) == [2, 5, 3, 0])
  }

  @Test("Of clusters in one place, the first of the disk comes first")
  func samePlace() throws {
    #expect(try order([3, 2, 3, 2]) == [1, 3, 0, 2])
  }

  @Test("No cluster, no order")
  func noClusters() throws {
    #expect(try order([]) == [])
    #expect(try order([0, 0]) == [])
  }

  @Test("Any order, in both layouts", arguments: Layout.allCases, 0..<6)
  func anyOrder(layout: Layout, round: Int) throws {
    var random = SeededRandom("file order", round)
    let unit: UInt32 = layout == .legacy ? 8 : 1
    let entries = (Array(1...20) + [UInt32](repeating: 0, count: 15)).map { $0 * unit }.shuffled(using: &random)
    let expected = entries.indices.filter { entries[$0] != 0 }.sorted { entries[$0] < entries[$1] }
    #expect(try order(entries, layout) == expected)
  }

  @Test("Few clusters sorted at a time, any places: the same order as all at once", arguments: Layout.allCases, 0..<8)
  func fewAtATime(layout: Layout, round: Int) throws {
    var random = SeededRandom("file order, piece by piece", round)
    let last = round % 2 == 0 ? 40 : UInt32.max
    let entries = (0..<200).map { _ in
      Int.random(in: 0..<4, using: &random) == 0 ? 0 : UInt32.random(in: 1...last, using: &random)
    }
    let expected = entries.indices.filter { entries[$0] != 0 }.sorted { (entries[$0], $0) < (entries[$1], $1) }
    for limit in [1, 2, 7, 50, 1000] {
      #expect(try order(entries, layout, sortedAtOnce: limit) == expected, "\(limit)")
    }
  }

  @Test("More clusters in one place than are sorted at a time")
  func manyInOnePlace() throws {
    let entries: [UInt32] = [9, 5, 5, 1, 5, .max, 5, 0, .max, .max, .max]
    #expect(try order(entries, sortedAtOnce: 2) == [3, 1, 2, 4, 6, 0, 5, 8, 9, 10])
  }

  @Test("Entries beyond the disk have no place in it", arguments: [[1, 2, 3, 4], [4, 2, 1, 3]] as [[UInt32]])
  func spareEntries(entries: [UInt32]) throws {
    let expected = entries[0] < entries[1] ? [0, 1] : [1, 0]
    #expect(try order(entries, clusters: 2) == expected)
  }

  @Test("To look at the next cluster is not to take it")
  func lookAtNext() throws {
    var order = try hostOrder([2, 1])
    #expect(order.next == 1)
    #expect(order.next == 1)
    order.advance()
    #expect(order.next == 0)
    order.advance()
    #expect(order.next == nil)
  }

  private func order(
    _ entries: [UInt32], _ layout: Layout = .extended, clusters: Int? = nil, sortedAtOnce: Int? = nil
  ) throws -> [Int] {
    var order = try hostOrder(entries, layout, clusters: clusters, sortedAtOnce: sortedAtOnce)
    var found: [Int] = []
    while let cluster = order.next, found.count < 1000 {
      found.append(cluster)
      order.advance()
    }
    return found
  }

  private func hostOrder(
    _ entries: [UInt32], _ layout: Layout = .extended, clusters: Int? = nil, sortedAtOnce: Int? = nil
  ) throws -> HostOrder {
    let table = BlockAllocationTable(entries)
    let header = try Header.sample(layout, clusters: UInt64(clusters ?? entries.count))
    return HostOrder(
      of: table, inspection: TableInspection(header: header, table: table, fileByteCount: nil),
      sortedAtOnce: sortedAtOnce)
  }
}

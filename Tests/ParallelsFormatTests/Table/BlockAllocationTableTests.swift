import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The table of entries")
struct BlockAllocationTableTests {
  /// The entries beside the borders of pages, where a page is a block of memory of its own.
  static let page = TablePage.count
  static let borders = [0, 1, page - 1, page, page + 1, 2 * page - 1, 2 * page, 3 * page + 9]

  @Test("A new table is all 0")
  func empty() {
    let table = BlockAllocationTable(count: 3 * Self.page + 10)
    #expect(table.count == 3 * Self.page + 10)
    #expect(table.allocatedCount == 0)
    #expect(table.allEntries.allSatisfy { $0 == 0 })
    #expect(table.firstAllocated(from: 0) == nil)
  }

  @Test("An entry is what it was set to, and no other is changed", arguments: borders)
  func setOne(index: Int) {
    var table = BlockAllocationTable(count: 3 * Self.page + 10)
    table[index] = 0xFFFF_FFFF
    #expect(table[index] == 0xFFFF_FFFF)
    #expect(table.allEntries.filter { $0 != 0 }.count == 1)
  }

  @Test("The count of allocated entries follows every change")
  func allocatedCount() {
    var table = BlockAllocationTable([0, 0, 0])
    table[1] = 5
    #expect(table.allocatedCount == 1)
    table[1] = 6
    #expect(table.allocatedCount == 1)
    table[2] = 7
    #expect(table.allocatedCount == 2)
    table[1] = 0
    table[0] = 0
    #expect(table.allocatedCount == 1)
  }

  @Test("A table grows without losing an entry", arguments: borders)
  func grow(count: Int) {
    var table = BlockAllocationTable(count: count)
    if count > 0 { table[count - 1] = 9 }
    table.grow(to: count + Self.page + 1)
    #expect(table.count == count + Self.page + 1)
    #expect(table.firstAllocated(from: 0) == (count > 0 ? count - 1 : nil))
    table[count + Self.page] = 4
    #expect(table[count + Self.page] == 4)
    #expect(table.allocatedCount == (count > 0 ? 2 : 1))
  }

  @Test("A table that grows by nothing stays as it is")
  func growByNothing() {
    var table = BlockAllocationTable([3, 0, 4])
    table.grow(to: 3)
    #expect(table.allEntries == [3, 0, 4])
  }

  @Test("The first allocated entry is found across pages", arguments: borders)
  func firstAllocated(index: Int) {
    var table = BlockAllocationTable(count: 3 * Self.page + 10)
    table[index] = 1
    for start in [0, index - Self.page, index - 1, index] where start >= 0 {
      #expect(table.firstAllocated(from: start) == index, "from \(start)")
    }
    #expect(table.firstAllocated(from: index + 1) == nil)
    #expect(table.firstAllocated(from: index + 1, before: table.count) == nil)
  }

  @Test("A bounded search finds what lies before the bound, across pages", arguments: borders)
  func firstAllocatedBeforeBound(index: Int) {
    var table = BlockAllocationTable(count: 3 * Self.page + 10)
    table[index] = 1
    for start in [0, index - Self.page, index - 1, index, index + 1] where start >= 0 {
      for bound in [0, start, index - 1, index, index + 1, index + Self.page, table.count, .max] {
        let isInside = start <= index && index < bound
        #expect(table.firstAllocated(from: start, before: bound) == (isInside ? index : nil), "\(start)..<\(bound)")
      }
    }
  }

  @Test("An entry set back to 0 is not found any more")
  func clearedEntry() {
    var table = BlockAllocationTable(count: 2 * Self.page)
    table[5] = 1
    table[5] = 0
    #expect(table.firstAllocated(from: 0) == nil)
    #expect(table.firstAllocated(from: 0, before: 2 * Self.page) == nil)
  }

  @Test("Nothing is found at or after the end")
  func searchAtEnd() {
    let table = BlockAllocationTable([1, 2])
    #expect(table.firstAllocated(from: 2) == nil)
    #expect(table.firstAllocated(from: 9) == nil)
    #expect(BlockAllocationTable(count: 0).firstAllocated(from: 0) == nil)
  }

  @Test("Random reads and writes agree with a plain array")
  func againstArray() {
    var random = SeededRandom("table against array")
    var model = [UInt32](repeating: 0, count: 2 * Self.page + 100)
    var table = BlockAllocationTable(count: model.count)
    for _ in 0..<2000 {
      let index = Int.random(in: 0..<model.count, using: &random)
      let entry = Bool.random(using: &random) ? 0 : UInt32.random(in: 0...UInt32.max, using: &random)
      model[index] = entry
      table[index] = entry
      let start = Int.random(in: 0..<model.count, using: &random)
      #expect(table.firstAllocated(from: start) == model[start...].firstIndex { $0 != 0 })
    }
    #expect(table.allEntries == model)
    #expect(table.allocatedCount == model.filter { $0 != 0 }.count)
  }

  @Test("A page is the same array, however many of its numbers are set in whatever order", arguments: 0..<4)
  func pageAgainstModel(round: Int) {
    var random = SeededRandom("table page", round)
    var page = TablePage.zeros
    var model = [UInt32](repeating: 0, count: TablePage.count)
    for _ in 0..<[100, 300, 1000, 5000][round] {
      let place = Int.random(in: 0..<TablePage.count, using: &random)
      let number = Bool.random(using: &random) ? 0 : UInt32.random(in: 0...UInt32.max, using: &random)
      page[place] = number
      model[place] = number
      #expect(page[place] == number)
      let start = Int.random(in: 0..<TablePage.count, using: &random)
      let end = Int.random(in: start...TablePage.count, using: &random)
      #expect(page.firstNonZero(from: start, before: end) == (start..<end).first { model[$0] != 0 })
    }
    #expect((0..<TablePage.count).map { page[$0] } == model)
    let end = Int.random(in: 0...TablePage.count, using: &random)
    var found: [Int: UInt32] = [:]
    page.forEachNonZero(before: end) { found[$0] = $1 }
    #expect(found == Dictionary(uniqueKeysWithValues: (0..<end).filter { model[$0] != 0 }.map { ($0, model[$0]) }))
  }

}

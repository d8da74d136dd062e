import Testing

@testable import ParallelsFormat

@Suite("How a broken rule is put into words")
struct ProblemMessageTests {
  @Test("An entry's number, value and place come first, the reason last")
  func entries() {
    #expect(
      message(.pastEnd(fileByteCount: 3_145_728))
        == "BAT entry 17 (80) points to byte 83886080, past the end of the file (3145728 bytes)")
    #expect(
      message(.insideTable(tableEnd: 104))
        == "BAT entry 17 (80) points to byte 83886080, inside the header or BAT (104 bytes)")
    #expect(message(.duplicate(otherIndex: 4)) == "BAT entry 17 (80) points to byte 83886080, as does BAT entry 4")
    #expect(
      message(.overlap(otherIndex: 4))
        == "BAT entry 17 (80) points to byte 83886080, inside the cluster of BAT entry 4")
    #expect(message(.reserved) == "BAT entry 17 is 0xFFFFFFFF, which is never valid in a file")
  }

  @Test("A cut cluster is named with its place and where the file ends")
  func cut() {
    #expect(
      message(.cutByEnd(fileByteCount: 83_886_180, foundByteCount: 100))
        == "BAT entry 17 (80) points to byte 83886080, but the file ends at byte 83886180")
  }

  @Test("A problem knows its entry's value and place")
  func problem() throws {
    let header = try Header.sample(.legacy, clusters: 2)
    let table = BlockAllocationTable([0, 9])
    let inspection = TableInspection(header: header, table: table, fileByteCount: nil)
    #expect(
      inspection.problem(at: 1, kind: .reserved)
        == EntryProblem(index: 1, entry: 9, byteOffset: 4608, kind: .reserved))
  }

  @Test("Only some problems leave nothing of a cluster to read")
  func losses() {
    let whole: [EntryProblem.Kind] = [.reserved, .insideTable(tableEnd: 80), .pastEnd(fileByteCount: 80)]
    let others: [EntryProblem.Kind] = [
      .cutByEnd(fileByteCount: 80, foundByteCount: 1), .duplicate(otherIndex: 0), .overlap(otherIndex: 0),
    ]
    #expect(whole.map(\.losesWholeCluster) == [true, true, true])
    #expect(others.map(\.losesWholeCluster) == [false, false, false])
    #expect(whole.map(\.sharesCluster) == [false, false, false])
    #expect(others.map(\.sharesCluster) == [false, true, true])
  }

  private func message(_ kind: EntryProblem.Kind) -> String {
    EntryProblem(index: 17, entry: 80, byteOffset: 83_886_080, kind: kind).description
  }
}

import ParallelsFormat
import Testing

@testable import DiskConversion

@Suite("What is done about a broken rule")
struct ReadingPolicyTests {
  enum Outcome: Equatable, Sendable { case refused, warned, lost }

  struct Row: Sendable {
    var problem: HeaderProblem
    var byDefault: Outcome
    var allowingDirty: Outcome
    var salvaging: Outcome

    init(_ problem: HeaderProblem, _ byDefault: Outcome, _ allowingDirty: Outcome, _ salvaging: Outcome) {
      (self.problem, self.byDefault, self.allowingDirty, self.salvaging) =
        (problem, byDefault, allowingDirty, salvaging)
    }
  }

  // By default, with --allow-dirty, with --salvage.
  static let rows: [Row] = [
    Row(.notClosed, .refused, .warned, .warned),
    Row(.conversionUnderWay, .refused, .refused, .refused),
    Row(.tableTooShort(entries: 1, clusters: 2), .refused, .refused, .lost),
    Row(.emptyFlagWithData(allocatedClusters: 1), .refused, .refused, .warned),
    Row(.wrongDataOffset(sectors: 1, reason: "reason"), .warned, .warned, .warned),
  ]

  @Test("About the image as a whole", arguments: rows)
  func headerProblem(row: Row) throws {
    #expect(try outcome(of: row.problem, ReadingPolicy()) == row.byDefault)
    #expect(try outcome(of: row.problem, ReadingPolicy(allowsDirty: true)) == row.allowingDirty)
    #expect(try outcome(of: row.problem, ReadingPolicy(salvages: true)) == row.salvaging)
    #expect(try outcome(of: row.problem, ReadingPolicy(allowsDirty: true, salvages: true)) == row.salvaging)
  }

  @Test("An entry is refused unless the image is to be salvaged", arguments: [false, true])
  func entryRefused(allowsDirty: Bool) throws {
    let control = try ConversionControl()
    var judge = EntryJudge(policy: ReadingPolicy(allowsDirty: allowsDirty), path: "disk.hds", events: control.events)
    #expect(throws: ConversionError("disk.hds", .entry(entry(3, .reserved)))) { try judge.judge(entry(3, .reserved)) }
  }

  @Test("Losses in a row are said in one line, others in their own")
  func runsOfEntries() throws {
    let notes = Notes()
    let control = try ConversionControl(report: notes.add)
    var judge = EntryJudge(policy: ReadingPolicy(salvages: true), path: "disk.hds", events: control.events)
    for index in [3, 4, 5, 7] { try judge.judge(entry(index, .pastEnd(fileByteCount: 100))) }
    try judge.judge(entry(8, .reserved))
    judge.finish()
    judge.finish()
    let lines = notes.losses
    #expect(lines.count == 3)
    #expect(lines.first?.contains("BAT entry 3") == true)
    #expect(lines.first?.contains("up to entry 5") == true)
    #expect(lines.dropFirst().first?.contains("BAT entry 7") == true)
    #expect(lines.last?.contains("BAT entry 8") == true)
    #expect(control.events.lossCount == 3)
  }

  private func entry(_ index: Int, _ kind: EntryProblem.Kind) -> EntryProblem {
    let header = try? Header(
      geometry: ImageGeometry(layout: .extended, clusterByteCount: 512, byteCount: 100 * 512), inUse: .closed)
    guard let header else { preconditionFailure("100 clusters are within all limits") }
    let table = BlockAllocationTable(count: 100)
    return TableInspection(header: header, table: table, fileByteCount: nil).problem(at: index, kind: kind)
  }

  private func outcome(of problem: HeaderProblem, _ policy: ReadingPolicy) throws -> Outcome? {
    let notes = Notes()
    let control = try ConversionControl(report: notes.add)
    do {
      try policy.judge(problem, as: .header(problem), of: "disk.hds", events: control.events)
    } catch {
      #expect(error == ConversionError("disk.hds", .header(problem)))
      return .refused
    }
    #expect(notes.events.count == 1)
    return notes.losses.isEmpty ? .warned : .lost
  }
}

import StreamIO
import Testing

@testable import DiskConversion

@Suite("The way a conversion takes")
struct PlanTests {
  struct RawRow: Sendable {
    var inputSeekable: Bool
    var outputSeekable: Bool
    var knowsSize: Bool
    var storesZeros: Bool
    var plan: BuildingPlan

    init(_ input: Bool, _ output: Bool, _ size: Bool, _ zeros: Bool, _ plan: BuildingPlan) {
      (inputSeekable, outputSeekable, knowsSize, storesZeros, self.plan) = (input, output, size, zeros, plan)
    }
  }

  // Input has offsets, output has offsets, size is known, zeros are stored. The size of a file is always known.
  static let rawRows: [RawRow] = [
    RawRow(false, false, false, false, .spool),
    RawRow(false, false, false, true, .spool),
    RawRow(false, false, true, false, .spool),
    RawRow(false, false, true, true, .streamKnownClusters),
    RawRow(false, true, false, false, .onePass),
    RawRow(false, true, false, true, .onePass),
    RawRow(false, true, true, false, .onePass),
    RawRow(false, true, true, true, .onePass),
    RawRow(true, false, true, false, .lookThenStream),
    RawRow(true, false, true, true, .streamKnownClusters),
    RawRow(true, true, true, false, .onePass),
    RawRow(true, true, true, true, .onePass),
  ]

  @Test("How a raw disk becomes an image", arguments: rawRows)
  func rawToParallels(row: RawRow) {
    let plan = BuildingPlan.choose(
      inputSeekable: row.inputSeekable, outputSeekable: row.outputSeekable, knowsSize: row.knowsSize,
      storesZeros: row.storesZeros)
    #expect(plan == row.plan)
  }

  struct ReadingRow: Sendable {
    var inputSeekable: Bool
    var outputSeekable: Bool
    var inStreamOrder: Bool
    var sharesClusters: Bool
    var plan: ReadingPlan

    init(_ input: Bool, _ output: Bool, _ order: Bool, _ shares: Bool, _ plan: ReadingPlan) {
      (inputSeekable, outputSeekable, inStreamOrder, sharesClusters, self.plan) = (input, output, order, shares, plan)
    }
  }

  // Input has offsets, output has offsets, clusters are in disk order, clusters are shared.
  static let readingRows: [ReadingRow] = [
    ReadingRow(false, false, false, false, .spoolEarlyClusters),
    ReadingRow(false, false, false, true, .spoolImage),
    ReadingRow(false, false, true, false, .diskOrderStream),
    ReadingRow(false, false, true, true, .spoolImage),
    ReadingRow(false, true, false, false, .fileOrder),
    ReadingRow(false, true, false, true, .spoolImage),
    ReadingRow(false, true, true, false, .fileOrder),
    ReadingRow(false, true, true, true, .spoolImage),
    ReadingRow(true, false, false, false, .diskOrder),
    ReadingRow(true, false, false, true, .diskOrder),
    ReadingRow(true, false, true, false, .diskOrder),
    ReadingRow(true, false, true, true, .diskOrder),
    ReadingRow(true, true, false, false, .diskOrder),
    ReadingRow(true, true, false, true, .diskOrder),
    ReadingRow(true, true, true, false, .diskOrder),
    ReadingRow(true, true, true, true, .diskOrder),
  ]

  @Test("How a Parallels image is read", arguments: readingRows)
  func reading(row: ReadingRow) {
    let plan = ReadingPlan.choose(
      inputSeekable: row.inputSeekable, outputSeekable: row.outputSeekable, inStreamOrder: row.inStreamOrder,
      sharesClusters: row.sharesClusters)
    #expect(plan == row.plan)
  }

  struct WritingRow: Sendable {
    var output: OpenFile.Kind
    var gzipLevel: Int?
    var targetIsZero: Bool
    var plan: WritingPlan
    var takesAnyOrder: Bool

    init(_ output: OpenFile.Kind, _ gzipLevel: Int?, _ zero: Bool, _ plan: WritingPlan, anyOrder: Bool) {
      (self.output, self.gzipLevel, targetIsZero, self.plan) = (output, gzipLevel, zero, plan)
      takesAnyOrder = anyOrder
    }
  }

  // What the output is, gzip level, the output reads as zeros already.
  static let writingRows: [WritingRow] = [
    WritingRow(.regular, nil, false, .offsets(over: .zeros), anyOrder: true),
    WritingRow(.regular, nil, true, .offsets(over: .zeros), anyOrder: true),
    WritingRow(.regular, 6, false, .gzip(level: 6), anyOrder: false),
    WritingRow(.regular, 1, true, .gzip(level: 1), anyOrder: false),
    WritingRow(.blockDevice, nil, false, .offsets(over: .deviceData), anyOrder: true),
    WritingRow(.blockDevice, nil, true, .offsets(over: .zeros), anyOrder: true),
    WritingRow(.blockDevice, 6, false, .gzip(level: 6), anyOrder: false),
    WritingRow(.blockDevice, 1, true, .gzip(level: 1), anyOrder: false),
    WritingRow(.stream, nil, false, .stream, anyOrder: false),
    WritingRow(.stream, nil, true, .stream, anyOrder: false),
    WritingRow(.stream, 6, false, .gzip(level: 6), anyOrder: false),
    WritingRow(.stream, 1, true, .gzip(level: 1), anyOrder: false),
  ]

  @Test("How a raw disk is written", arguments: writingRows)
  func writing(row: WritingRow) {
    let plan = WritingPlan.choose(
      output: row.output, gzipLevel: row.gzipLevel, targetIsZero: row.targetIsZero)
    #expect(plan == row.plan)
    #expect(plan.takesAnyOrder == row.takesAnyOrder)
  }

  @Test("Every way is explained in words of its own")
  func explanations() {
    let raw: [BuildingPlan] = [.onePass, .lookThenStream, .streamKnownClusters, .spool]
    let reading: [ReadingPlan] = [
      .diskOrder, .fileOrder, .diskOrderStream, .spoolEarlyClusters, .spoolImage,
    ]
    let texts = raw.map(\.explanation) + reading.map(\.explanation)
    #expect(Set(texts).count == 9)
    #expect(!texts.contains(""))
  }
}

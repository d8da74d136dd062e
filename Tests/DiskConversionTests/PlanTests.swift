import Testing

@testable import DiskConversion

@Suite("The way a conversion takes")
struct PlanTests {
  struct RawRow: Sendable {
    var inputSeekable: Bool
    var outputSeekable: Bool
    var knowsSize: Bool
    var storesZeros: Bool
    var plan: RawToParallelsPlan

    init(_ input: Bool, _ output: Bool, _ size: Bool, _ zeros: Bool, _ plan: RawToParallelsPlan) {
      (inputSeekable, outputSeekable, knowsSize, storesZeros, self.plan) = (input, output, size, zeros, plan)
    }
  }

  // Input has offsets, output has offsets, size is known, zeros are stored. The size of a file is always known.
  static let rawRows: [RawRow] = [
    RawRow(false, false, false, false, .spool),
    RawRow(false, false, false, true, .spool),
    RawRow(false, false, true, false, .spool),
    RawRow(false, false, true, true, .streamAllAllocated),
    RawRow(false, true, false, false, .onePass),
    RawRow(false, true, false, true, .onePass),
    RawRow(false, true, true, false, .onePass),
    RawRow(false, true, true, true, .onePass),
    RawRow(true, false, true, false, .lookThenStream),
    RawRow(true, false, true, true, .streamAllAllocated),
    RawRow(true, true, true, false, .onePass),
    RawRow(true, true, true, true, .onePass),
  ]

  @Test("From raw to Parallels", arguments: rawRows)
  func rawToParallels(row: RawRow) {
    let plan = RawToParallelsPlan.choose(
      inputSeekable: row.inputSeekable, outputSeekable: row.outputSeekable, knowsSize: row.knowsSize,
      storesZeros: row.storesZeros)
    #expect(plan == row.plan)
  }

  struct ParallelsRow: Sendable {
    var inputSeekable: Bool
    var outputSeekable: Bool
    var inStreamOrder: Bool
    var sharesClusters: Bool
    var plan: ParallelsToRawPlan

    init(_ input: Bool, _ output: Bool, _ order: Bool, _ shares: Bool, _ plan: ParallelsToRawPlan) {
      (inputSeekable, outputSeekable, inStreamOrder, sharesClusters, self.plan) = (input, output, order, shares, plan)
    }
  }

  // Input has offsets, output has offsets, clusters are in disk order, clusters are shared.
  static let parallelsRows: [ParallelsRow] = [
    ParallelsRow(false, false, false, false, .spoolEarlyClusters),
    ParallelsRow(false, false, false, true, .spoolImage),
    ParallelsRow(false, false, true, false, .diskOrderStream),
    ParallelsRow(false, false, true, true, .spoolImage),
    ParallelsRow(false, true, false, false, .fileOrder),
    ParallelsRow(false, true, false, true, .spoolImage),
    ParallelsRow(false, true, true, false, .fileOrder),
    ParallelsRow(false, true, true, true, .spoolImage),
    ParallelsRow(true, false, false, false, .diskOrder),
    ParallelsRow(true, false, false, true, .diskOrder),
    ParallelsRow(true, false, true, false, .diskOrder),
    ParallelsRow(true, false, true, true, .diskOrder),
    ParallelsRow(true, true, false, false, .diskOrder),
    ParallelsRow(true, true, false, true, .diskOrder),
    ParallelsRow(true, true, true, false, .diskOrder),
    ParallelsRow(true, true, true, true, .diskOrder),
  ]

  @Test("From Parallels to raw", arguments: parallelsRows)
  func parallelsToRaw(row: ParallelsRow) {
    let plan = ParallelsToRawPlan.choose(
      inputSeekable: row.inputSeekable, outputSeekable: row.outputSeekable, inStreamOrder: row.inStreamOrder,
      sharesClusters: row.sharesClusters)
    #expect(plan == row.plan)
  }

  @Test("Every way is explained in words of its own")
  func explanations() {
    let raw: [RawToParallelsPlan] = [.onePass, .lookThenStream, .streamAllAllocated, .spool]
    let parallels: [ParallelsToRawPlan] = [
      .diskOrder, .fileOrder, .diskOrderStream, .spoolEarlyClusters, .spoolImage,
    ]
    let texts = raw.map(\.explanation) + parallels.map(\.explanation)
    #expect(Set(texts).count == 9)
    #expect(!texts.contains(""))
  }
}

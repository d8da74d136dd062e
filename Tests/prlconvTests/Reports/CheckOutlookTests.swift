import TestSupport
import Testing

@Suite("What check predicts of prl2raw is what prl2raw does")
struct CheckOutlookTests {
  static let oddities = HarmlessOddityTests.silent + HarmlessOddityTests.warned

  let folder = TemporaryFolder()

  /// The statuses of `prl2raw`, without and with `--salvage`, that each word stands for.
  static let statuses: [String: [Int32]] = [
    "not-needed": [0, 0], "without-loss": [1, 0], "with-loss": [1, 2], "impossible": [1, 1],
  ]

  private func expectAgreement(on file: SparseDisk) throws -> [String: Any] {
    try folder.write(file, to: "image.hds")
    let salvage = try folder.json("check").inner("salvage")
    let word = try #require(salvage["outlook"] as? String)
    let expected = try #require(Self.statuses[word], "\(word)")
    for (options, status) in zip(["-f -q", "-f -q --salvage"], expected) {
      let outcome = try folder.convert(.prl2raw, options, from: "image.hds", to: "out.img")
      #expect(outcome.ending == .status(status), "\(word), prl2raw \(options): \(outcome)")
    }
    return salvage
  }

  @Test("The prediction holds for damaged images", arguments: Exhaustive.cases(CheckedImageTests.corrupt, brief: 8))
  func damagedImages(image: DamagedImage) throws {
    let salvage = try expectAgreement(on: image.file)
    switch image.salvage {
    case .refused: #expect(salvage["outlook"] as? String == "impossible")
    case .withLosses: #expect(salvage["outlook"] as? String == "with-loss")
    case .withWarning: #expect(salvage["outlook"] as? String == "without-loss")
    }
  }

  @Test("The prediction holds for harmless oddities", arguments: Exhaustive.cases(oddities, brief: 6))
  func harmlessOddities(oddity: HarmlessOddityTests.Oddity) throws {
    #expect(try expectAgreement(on: oddity.file)["outlook"] as? String == "not-needed")
  }

  /// Clusters of the disk that come out other than they were: as zeros, in whole or in part, or as another's bytes.
  private func changes(_ salvaged: SparseDisk) -> (lost: Int, shared: Int) {
    let (now, before) = (salvaged.bytes, DamagedImage.disk().bytes)
    var (lost, shared) = (0, 0)
    for start in stride(from: 0, to: before.count, by: 1024) {
      let changed = (start..<min(start + 1024, before.count)).filter { now[$0] != before[$0] }
      guard !changed.isEmpty else { continue }
      if changed.allSatisfy({ now[$0] == 0 }) { lost += 1 } else { shared += 1 }
    }
    return (lost, shared)
  }

  @Test(
    "Lost clusters are those that come out as zeros", arguments: Exhaustive.cases(DamagedImage.inPartReadable, brief: 6)
  )
  func lostClusters(image: DamagedImage) throws {
    let salvage = try expectAgreement(on: image.file)
    guard case .withLosses(let disk) = image.salvage else {
      #expect(salvage["lost-clusters"] as? Int == 0 && salvage["shared-clusters"] as? Int == 0)
      return
    }
    // Another disk: one entry is wrong. No BAT at all: nobody knows that one of the five was zeros.
    let others = ["entry inside the BAT": (lost: 1, shared: 0), "no BAT at all": (lost: 5, shared: 0)]
    let known = others.first { image.testDescription.hasPrefix($0.key) }?.value
    let expected = known ?? changes(disk)
    #expect(salvage["lost-clusters"] as? Int == expected.lost && salvage["shared-clusters"] as? Int == expected.shared)
  }

  @Test("A damaged extension does not matter")
  func damagedExtension() throws {
    var image = DamagedImage.sound()
    var made = HandMadeExtension([])
    made.digest = [UInt8](repeating: 0, count: 16)
    try image.append(made)
    #expect(try expectAgreement(on: image.file)["outlook"] as? String == "not-needed")
  }

  @Test("The worst problem decides")
  func worst() throws {
    var image = DamagedImage.sound()
    (image.inUse, image.flags) = (HandMadeImage.open, 1)
    #expect(try expectAgreement(on: image.file)["outlook"] as? String == "without-loss")
    image.entries[0] = 99
    #expect(try expectAgreement(on: image.file)["outlook"] as? String == "with-loss")
    image.flags = 3
    #expect(try expectAgreement(on: image.file)["outlook"] as? String == "impossible")
  }

  /// The cluster of entry 2 begins inside that of entry 0, and that of entry 1 inside that of entry 2.
  @Test("Each cluster that begins inside another counts")
  func sharedClusters() throws {
    var image = HandMadeImage(HandMadeImage.legacyMagic, clusterByteCount: 2048, places: [0, 1, 2])
    image.entries[2] = image.entries[0] + 2
    let salvage = try expectAgreement(on: image.file)
    #expect(salvage["shared-clusters"] as? Int == 2 && salvage["lost-clusters"] as? Int == 0)
    let kinds = try folder.json("check").kinds()
    #expect(kinds == ["entry-overlap", "entry-overlap", "leaked-clusters"])
    let clusters = try folder.json("check").list("problems").compactMap { $0["cluster"] as? Int }
    #expect(clusters == [2, 1])
  }
}

import Foundation
import TestSupport
import Testing

@Suite("map prints what qemu-img map does")
struct DiskMapTests {
  static let magics = CheckFigureTests.magics
  static let keys: Set = ["start", "length", "depth", "present", "zero", "data", "offset"]

  let folder = TemporaryFolder()

  /// A run of the disk; what does not lie in the file has no offset.
  private struct Run: Equatable {
    var start: Int
    var length: Int
    var zero: Bool
    var data: Bool
    var present: Bool
    var offset: Int?

    init(_ object: [String: Any]) throws {
      start = try #require(object["start"] as? Int)
      length = try #require(object["length"] as? Int)
      zero = try #require(object["zero"] as? Bool)
      data = try #require(object["data"] as? Bool)
      present = try #require(object["present"] as? Bool)
      offset = object["offset"] as? Int
    }
  }

  private func runs(_ outcome: Outcome) throws -> [Run] {
    let json = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput))
    return try #require(json as? [[String: Any]], "\(outcome.printed)").map(Run.init)
  }

  private func expectMapOfQemu(_ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let json = try folder.report("map", "--output json")
    expectSilentSuccess(json, comment, at: sourceLocation)
    let expected = try runs(Shell.prepare("qemu-img map -f parallels --output json image.hds", in: folder))
    #expect(try runs(json) == expected, comment, sourceLocation: sourceLocation)
    let text = try folder.report("map")
    expectSilentSuccess(text, comment, at: sourceLocation)
    let columns = try Shell.prepare("qemu-img map -f parallels image.hds", in: folder).printed
    #expect(text.printed == columns, comment, sourceLocation: sourceLocation)
  }

  /// Places in runs of the file: each cluster follows the one before it, lies elsewhere, or is not allocated.
  private static func places(_ count: Int, using generator: inout SeededRandom) -> [Int?] {
    var free = Array(0..<2 * count)
    var places: [Int?] = []
    for _ in 0..<count {
      let next = places.last.flatMap { $0 }.map { $0 + 1 }
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: places.append(nil)
      case 1, 2:
        let place = next.flatMap { free.contains($0) ? $0 : nil } ?? free[0]
        free.removeAll { $0 == place }
        places.append(place)
      default: places.append(free.remove(at: Int.random(in: 0..<free.count, using: &generator)))
      }
    }
    return places
  }

  @Test(
    "The map is that of qemu", .enabled(if: Tools.qemuImg, "needs qemu-img"), arguments: magics,
    Exhaustive.cases([512, 4096, 63 * 512, 64 << 10, 1 << 20]))
  func qemu(magic: String, clusterByteCount size: Int) throws {
    var generator = SeededRandom("maps", size)
    for round in Exhaustive.cases(0..<5) {
      let count = Int.random(in: 1...(size > 100_000 ? 8 : 60), using: &generator)
      let places = Self.places(count, using: &generator)
      let sectors = (count - 1) * size / 512 + Int.random(in: 1...size / 512, using: &generator)
      try folder.write(
        HandMadeImage(magic, clusterByteCount: size, places: places, sectorCount: sectors).file, to: "image.hds")
      try expectMapOfQemu("round \(round), \(sectors) sectors, \(places)")
    }
  }

  @Test("A disk of holes is one run", .enabled(if: Tools.qemuImg, "needs qemu-img"), arguments: magics)
  func holes(magic: String) throws {
    try folder.write(
      HandMadeImage(magic, clusterByteCount: 4096, places: [nil, nil, nil], sectorCount: 17).file, to: "image.hds")
    try expectMapOfQemu("holes")
    let found = try runs(folder.report("map", "--output json"))
    #expect(found.map(\.length) == [17 * 512] && found.map(\.offset) == [nil])
  }

  @Test("What raw2prl writes has the map of qemu", .enabled(if: Tools.qemuImg, "needs qemu-img"))
  func ownImages() throws {
    try folder.write(SparseDisk(numberedMegabytes: 5), to: "disk.img")
    for layout in ["ext", "legacy"] {
      expectSilentSuccess(
        try folder.convert(.raw2prl, "-f --cluster-size 252k --layout \(layout)", from: "disk.img", to: "image.hds"))
      try expectMapOfQemu("\(layout)")
    }
  }

  @Test("An empty disk has no runs")
  func emptyDisk() throws {
    try folder.write(HandMadeImage(places: []).file, to: "image.hds")
    #expect(try folder.report("map").printed == "Offset          Length          Mapped to       File\n")
    #expect(try folder.report("map", "--output json").printed == "[]\n")
  }

  @Test("Every key is there")
  func everyKey() throws {
    try folder.write(HandMadeImage(places: [1, nil, 0]).file, to: "image.hds")
    let outcome = try folder.report("map", "--output json")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput))
    let objects = try #require(json as? [[String: Any]])
    #expect(objects.count == 3)
    for object in objects {
      #expect(Set(object.keys) == Self.keys && object["depth"] as? Int == 0, "\(object)")
      #expect((object["offset"] is NSNull) == (object["present"] as? Bool == false), "\(object)")
    }
  }

  /// A cluster whose bytes are zeros is still data: it is the table that is mapped.
  @Test("Stored zeros are data")
  func storedZeros() throws {
    var image = HandMadeImage(places: [0])
    image.contents.putZeros(1024..<2048)
    try folder.write(image.file, to: "image.hds")
    let found = try runs(folder.report("map", "--output json"))
    #expect(found.map(\.offset) == [1024] && found.map(\.data) == [true])
  }

  /// Three clusters at 0, 2 MiB and the end of a disk of 64 GiB that is one hole besides.
  @Test("A large disk is mapped by its runs")
  func largeDisk() throws {
    var image = HandMadeImage(clusterByteCount: 1 << 20, places: [Int?](repeating: nil, count: 65_536))
    for (number, index) in [0, 2, 65_535].enumerated() {
      image.entries[index] = UInt32(image.contents.byteCount >> 20)
      image.appendCluster(Filling.cluster(number, byteCount: 1 << 20))
    }
    try folder.write(image.file, to: "image.hds")
    let found = try runs(folder.report("map", "--output json"))
    #expect(found.map(\.start) == [0, 1 << 20, 2 << 20, 3 << 20, 65_535 << 20])
    #expect(found.map(\.offset) == [1 << 20, nil, 2 << 20, nil, 3 << 20])
    #expect(found.map(\.length).reduce(0, +) == 64 << 30)
  }

  @Test("A damaged image has no map", arguments: DamagedImageTests.all.filter { $0.testDescription != "not closed" })
  func damaged(image: DamagedImage) throws {
    try folder.write(image.file, to: "image.hds")
    for options in ["", "--output json"] {
      let outcome = try folder.report("map", options)
      expectError(outcome, saying: ["'image.hds': "] + image.refusal)
      #expect(outcome.standardOutput.isEmpty, "\(outcome.printed)")
    }
  }

  @Test("An image in use is mapped with a warning")
  func inUse() throws {
    var image = DamagedImage.sound()
    image.inUse = HandMadeImage.open
    try folder.write(image.file, to: "image.hds")
    let outcome = try folder.report("map", "--output json")
    #expect(outcome.ending == .status(0) && outcome.messages.count == 1, "\(outcome)")
    #expect(outcome.standardError.hasPrefix("prlconv: warning: 'image.hds': the image was not closed"))
    #expect(try runs(outcome).count == 3)
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Images with a dirty bitmap that marks nothing yet, by raw2prl --new-bitmap")
struct NewBitmapTests {
  static let id = "2f6d8c1e-0a4b-4c3d-9e5f-a1b2c3d4e5f6"
  static let sizes = [512, 4096, 63 * 512, 1 << 20]

  let folder = TemporaryFolder()

  /// Some clusters, the last of which is cut in the middle of a sector.
  private func makeDisk(clusterByteCount size: Int) throws {
    var disk = SparseDisk(byteCount: 21 * size - 300)
    for cluster in [0, 3, 4, 11, 20] {
      disk.put(Filling.cluster(cluster, byteCount: min(size, 5000)), at: cluster * size)
    }
    try folder.write(disk, to: "disk.img")
  }

  /// The extension's cluster as it has to be.
  private func cluster(of disk: Int, clusterByteCount size: Int, granularity: Int) throws -> [UInt8] {
    let sectors = (disk + 511) / 512
    let bits = (sectors * 512 + granularity - 1) / granularity
    let entries = ((bits + 7) / 8 + size - 1) / size
    var bitmap = HandMadeBitmap(
      sectorCount: UInt64(sectors), granularity: UInt32(granularity / 512),
      l1Table: [UInt64](repeating: 0, count: entries))
    let digits = Self.id.filter { $0 != "-" }
    bitmap.id = (0..<16).compactMap { UInt8(digits.dropFirst(2 * $0).prefix(2), radix: 16) }
    return try HandMadeExtension(bitmaps: [bitmap]).cluster(byteCount: size)
  }

  private func field<Value: FixedWidthInteger>(_ type: Value.Type, at offset: Int, of bytes: [UInt8]) -> Value {
    (0..<Value.bitWidth / 8).reduce(0) { $0 | Value(bytes[offset + $1]) << (8 * Value($1)) }
  }

  @Test("The extension is the first cluster after the table", arguments: Exhaustive.cases(sizes), ["ext", "legacy"])
  func place(clusterByteCount size: Int, layout: String) throws {
    try makeDisk(clusterByteCount: size)
    let options = "-q --layout \(layout) --cluster-size \(size) --new-bitmap \(Self.id)"
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "out.hds"))
    let bytes = try folder.bytes(of: "out.hds")
    #expect(field(UInt32.self, at: 44, of: bytes) == HandMadeImage.closed)
    let place = Int(field(UInt64.self, at: 56, of: bytes)) * 512
    #expect(place == size && place == Int(field(UInt32.self, at: 48, of: bytes)) * 512)
    let expected = try cluster(of: 21 * size - 300, clusterByteCount: size, granularity: 64 << 10)
    #expect(bytes[place..<place + size] == expected[...])
  }

  @Test("The granularity can be chosen", arguments: Exhaustive.cases([512, 4096, 1 << 20, 1 << 40]))
  func granularity(granularity: Int) throws {
    try makeDisk(clusterByteCount: 4096)
    let options = "-q --cluster-size 4K --new-bitmap {\(Self.id.uppercased())} --bitmap-granularity \(granularity)"
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "out.hds"))
    let expected = try cluster(of: 21 * 4096 - 300, clusterByteCount: 4096, granularity: granularity)
    #expect(try folder.bytes(of: "out.hds")[4096..<8192] == expected[...])
  }

  @Test(
    "The bytes are the same over all ends and threads", arguments: Exhaustive.cases(sizes),
    ["", "--layout legacy", "--allocated"])
  func sameBytes(clusterByteCount size: Int, options: String) throws {
    try makeDisk(clusterByteCount: size)
    let options = "-q -f \(options) --cluster-size \(size) --new-bitmap \(Self.id)"
    expectSilentSuccess(try folder.convert(.raw2prl, "\(options) -T1", from: "disk.img", to: "expected.hds"))
    for (number, ends) in Exhaustive.ends.enumerated() {
      let threads = [2, 5, 1][number % 3]
      expectSilentSuccess(
        try folder.convert(.raw2prl, "\(options) -T\(threads)", from: "disk.img", to: "out.hds", over: ends))
      #expect(try folder.difference("out.hds", "expected.hds") == nil, "\(ends)")
    }
    #expect(folder.leftovers.isEmpty)
  }

  @Test("measure predicts the length", arguments: Exhaustive.cases(sizes), ["", "--layout legacy", "--allocated"])
  func measured(clusterByteCount size: Int, options: String) throws {
    try makeDisk(clusterByteCount: size)
    let options = "-q \(options) --cluster-size \(size) --new-bitmap \(Self.id)"
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "out.hds"))
    let measure = #""$PRLCONV" measure --output json \#(options)"#
    for script in ["\(measure) disk.img", "cat disk.img | \(measure)"] {
      let printed = try Shell.run(script, in: folder).printed
      #expect(try printed.contains(#""required":\#(folder.byteCount(of: "out.hds")),"#), "\(printed)")
      #expect(printed.contains(#""fully-allocated":\#((2 + 21) * size)"#), "\(printed)")
    }
  }

  @Test("The disk comes back, and the bitmap is clean", arguments: Exhaustive.cases(sizes), Exhaustive.ends)
  func roundTrip(clusterByteCount size: Int, ends: Ends) throws {
    try makeDisk(clusterByteCount: size)
    let options = "-q --cluster-size \(size) --new-bitmap \(Self.id)"
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "there.hds", over: ends))
    expectSilentSuccess(try folder.convert(.prl2raw, from: "there.hds", to: "back.img", over: ends))
    try Shell.prepare("truncate -s %512 disk.img", in: folder)
    #expect(try folder.difference("disk.img", "back.img") == nil)
    let clean = DirtyBlocks(diskByteCount: (21 * size - 300 + 511) / 512 * 512, granularity: 64 << 10)
    #expect(try folder.runs(of: "there.hds", bitmap: Self.id) == clean.runs)
    expectSilentSuccess(try Shell.run(#""$PRLCONV" check there.hds"#, in: folder))
  }

  @Test("An empty disk can have one")
  func emptyDisk() throws {
    try folder.write(SparseDisk([]), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, "--new-bitmap \(Self.id)", from: "disk.img", to: "out.hds"))
    #expect(try folder.runs(of: "out.hds", bitmap: Self.id) == [])
    expectSilentSuccess(try Shell.run(#""$PRLCONV" check out.hds"#, in: folder))
  }

  @Test(
    "Anything else than an id and a granularity is wrong usage",
    arguments: [
      "--new-bitmap backup", "--new-bitmap ''", "--new-bitmap \(id)0", "--new-bitmap {\(id)",
      "--bitmap-granularity 64K",
      "--new-bitmap \(id) --bitmap-granularity 0", "--new-bitmap \(id) --bitmap-granularity 256",
      "--new-bitmap \(id) --bitmap-granularity 3000", "--new-bitmap \(id) --bitmap-granularity 96K",
      "--new-bitmap \(id) --bitmap-granularity 2T",
    ])
  func wrongUsage(options: String) throws {
    try makeDisk(clusterByteCount: 512)
    for command in ["raw2prl", "measure"] {
      expectError(
        try Shell.run(#""$PRLCONV" \#(command) \#(options) disk.img"#, in: folder), status: 64, saying: ["bitmap"])
    }
    #expect(folder.names == ["disk.img"])
  }
}

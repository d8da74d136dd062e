import Foundation
import TestSupport
import Testing

@Suite("compare beside qemu-img compare, and on disks too large to be read")
struct ComparisonOracleTests {
  let folder = TemporaryFolder()

  /// Where qemu-img finds the first difference, in whole sectors; nil when it finds none.
  private func qemuDifference(format: String) throws -> Int? {
    let outcome = try Shell.run("qemu-img compare -f raw -F \(format) a b", in: folder)
    if outcome.ending == .status(0) { return nil }
    guard outcome.ending == .status(1) else { throw TestSupportError("\(outcome)") }
    let words = outcome.printed.split(whereSeparator: { " !\n".contains($0) })
    guard let index = words.firstIndex(of: "offset"), index + 1 < words.count, let offset = Int(words[index + 1]) else {
      throw TestSupportError(outcome.printed)
    }
    return offset
  }

  @Test(
    "qemu finds the same difference", .enabled(if: Tools.qemuImg, "needs qemu-img"), arguments: Exhaustive.cases(0..<6),
    DiskForm.all.filter { $0 != .gzip })
  func qemu(index: Int, form: DiskForm) throws {
    var generator = SeededRandom("disks that qemu compares", index)
    var disk = SparseDisk.random(clusterCount: 20, clusterByteCount: 150 * 512, using: &generator)
    disk.resize(to: disk.byteCount / 512 * 512)
    try folder.write(disk, to: "a")
    // The first of them is the same disk.
    if index > 0 {
      let place = Int.random(in: 0..<disk.byteCount, using: &generator)
      disk.put([~disk.bytes[place]], at: place)
    }
    try form.write(disk, to: "b", in: folder)
    let expected = try qemuDifference(format: form == .raw ? "raw" : "parallels")
    #expect((expected == nil) == (index == 0))
    let outcome = try folder.compare("a", "b", "--output json")
    let report = try ComparisonReport(outcome)
    // It reports the sector.
    #expect(report.firstDifference.map { $0 / 512 * 512 } == expected, "\(outcome.printed)")
    #expect(outcome.ending == .status(expected == nil ? 0 : 1))
  }

  private static let terabyte = 1 << 40

  /// A raw disk of 1 TiB and, as `b`, the same as `name`, with one byte of data near its end.
  private func makeLargeDisks(_ kind: String) throws {
    var disk = SparseDisk(byteCount: Self.terabyte)
    disk.put([7], at: 5 << 30)
    try folder.write(disk, to: "a")
    disk.put([1], at: Self.terabyte - 5)
    try folder.write(disk, to: "c")
    if kind == "raw" {
      try Shell.prepare("cp --sparse=always a b && cp --sparse=always c d", in: folder)
    } else {
      try Shell.prepare(#""$PRLCONV" raw2prl a b && "$PRLCONV" raw2prl c d"#, in: folder)
    }
  }

  @Test("A TiB of holes is not read", arguments: ["raw", "image"], ["-T 1", "-T 4"])
  func holes(kind: String, threads: String) throws {
    try makeLargeDisks(kind)
    // Reading it takes minutes: then both are killed.
    let outcome = try Shell.run(#""$PRLCONV" compare \#(threads) a b"#, in: folder, atMost: 60)
    #expect(outcome.isSuccess && outcome.standardError.isEmpty, "\(outcome)")
    let other = try Shell.run(#""$PRLCONV" compare \#(threads) --output json a d"#, in: folder, atMost: 60)
    #expect(try ComparisonReport(other).firstDifference == Self.terabyte - 5)
    let pair = try Shell.run(#""$PRLCONV" compare \#(threads) --output json b d"#, in: folder, atMost: 60)
    #expect(try ComparisonReport(pair).firstDifference == Self.terabyte - 5)
  }

  @Test(
    "Of a TiB of holes, little more than the table is read",
    .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"), arguments: ["raw", "image"])
  func bytesRead(kind: String) throws {
    try makeLargeDisks(kind)
    let environment = FaultShim.environment(.none, of: "pread").merging(["FAULT_LOG": folder("log")]) { $1 }
    let outcome = try Shell.run(#""$PRLCONV" compare a b"#, in: folder, environment: environment, atMost: 60)
    #expect(outcome.isSuccess, "\(outcome)")
    let counts = try String(decoding: folder.bytes(of: "log"), as: UTF8.self).split(separator: "\n")
      .map { Int($0.split(separator: " ")[1]) ?? 0 }
    // 4 MiB of table; of the data, 1 MiB of each.
    #expect(counts.reduce(0, +) < 8 << 20 && counts.reduce(0, +) >= 2 << 20, "\(counts.count) reads")
  }
}

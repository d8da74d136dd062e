import TestSupport
import Testing

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A file of 8 MiB with data at 2 MiB and at 5 MiB.
@Suite("Holes in a file")
struct HolesTests {
  private static let mebibyte: UInt64 = 1 << 20
  private static let byteCount = 8 * mebibyte
  private static let block = [UInt8](repeating: 0xAB, count: 1 << 16)

  /// Whether the file system under the temporary folder leaves out what was never written, and reports it.
  private static let knowsHoles: Bool = {
    let folder = TemporaryFolder()
    guard let file = try? sparseFile(in: folder) else { return false }
    return lseek(file.descriptor, 0, SEEK_SET) == 0 && allocatedByteCount(of: file) < mebibyte
  }()

  private let folder = TemporaryFolder()

  @Test("Every byte of data lies in a run, in order")
  func runsCoverData() throws {
    let found = try runs(of: Self.sparseFile(in: folder))
    #expect(found == found.sorted { $0.lowerBound < $1.lowerBound })
    for start in [2 * Self.mebibyte, 5 * Self.mebibyte] {
      #expect(found.contains { $0.lowerBound <= start && $0.upperBound >= start + UInt64(Self.block.count) })
    }
  }

  @Test("What was never written lies in none", .enabled(if: knowsHoles))
  func runsLeaveOutHoles() throws {
    let found = try runs(of: Self.sparseFile(in: folder))
    let length = UInt64(Self.block.count)
    #expect(
      found == [2 * Self.mebibyte..<2 * Self.mebibyte + length, 5 * Self.mebibyte..<5 * Self.mebibyte + length])
  }

  @Test("A run is asked for from within", .enabled(if: knowsHoles))
  func fromWithin() throws {
    let file = try Self.sparseFile(in: folder)
    let start = 2 * Self.mebibyte + 777
    let end = 2 * Self.mebibyte + UInt64(Self.block.count)
    #expect(file.dataRun(from: start, end: Self.byteCount) == start..<end)
  }

  @Test("A run ends where it is asked to end, and after that there is none")
  func limitedByEnd() throws {
    let file = try Self.sparseFile(in: folder)
    let middle = 2 * Self.mebibyte + 1000
    #expect(file.dataRun(from: 2 * Self.mebibyte, end: middle) == 2 * Self.mebibyte..<middle)
    #expect(file.dataRun(from: middle, end: middle) == nil)
  }

  @Test("There is no run between data and the end of the file, or after it", .enabled(if: knowsHoles))
  func behindLastData() throws {
    let file = try Self.sparseFile(in: folder)
    #expect(file.dataRun(from: 6 * Self.mebibyte, end: Self.byteCount) == nil)
    #expect(file.dataRun(from: Self.byteCount, end: Self.byteCount + 10) == nil)
  }

  @Test("A redirected file's runs count from where it begins", .enabled(if: knowsHoles))
  func baseOffset() throws {
    _ = try Self.sparseFile(in: folder)
    let file = try folder.openForBoth("sparse", baseOffset: Self.mebibyte)
    let run = file.dataRun(from: 0, end: Self.byteCount - Self.mebibyte)
    #expect(run == Self.mebibyte..<Self.mebibyte + UInt64(Self.block.count))
  }

  @Test("Where holes are not known, all is data")
  func noHoles() throws {
    let pipe = try Pipe()
    #expect(pipe.readEnd.dataRun(from: 3, end: 10) == 3..<10)
    #expect(pipe.readEnd.dataRun(from: 10, end: 10) == nil)
  }

  private static func sparseFile(in folder: TemporaryFolder) throws -> OpenFile {
    let file = try folder.openForBoth("sparse")
    try file.truncate(to: byteCount)
    try file.put(block, at: 2 * mebibyte)
    try file.put(block, at: 5 * mebibyte)
    return file
  }

  private static func allocatedByteCount(of file: OpenFile) -> UInt64 {
    var status = stat()
    return fstat(file.descriptor, &status) == 0 ? UInt64(status.st_blocks) * 512 : .max
  }

  private func runs(of file: OpenFile) -> [Range<UInt64>] {
    var runs: [Range<UInt64>] = []
    var offset: UInt64 = 0
    while let run = file.dataRun(from: offset, end: Self.byteCount), runs.count < 100 {
      runs.append(run)
      offset = run.upperBound
    }
    return runs
  }
}

extension OpenFile {
  /// The first run of data at or after `offset`, which ends at `end` at the latest; nil when there is none.
  fileprivate func dataRun(from offset: UInt64, end: UInt64) -> Range<UInt64>? {
    dataStart(from: offset, end: end).map { $0..<dataEnd(from: $0, end: end) }
  }
}

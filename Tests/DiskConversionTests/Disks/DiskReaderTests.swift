import DiskConversion
import TestSupport
import Testing

@Suite("An input that the program itself provides")
struct DiskReaderTests {
  private struct NoBytes: Error {}

  /// Bytes in memory; reading past `limit` fails.
  private final class MemoryReader: DiskReader {
    private let bytes: [UInt8]
    private let limit: Int

    init(_ bytes: [UInt8], limit: Int = .max) { (self.bytes, self.limit) = (bytes, limit) }

    var byteCount: UInt64 { UInt64(bytes.count) }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws {
      guard Int(offset) + buffer.count <= limit else { throw NoBytes() }
      buffer.copyBytes(from: bytes[Int(offset)..<Int(offset) + buffer.count])
    }
  }

  private static let disk: [UInt8] = Filling.cluster(3, byteCount: 3 << 20) + [UInt8](repeating: 0, count: 5 << 20)

  let folder = TemporaryFolder()

  @Test("A raw disk becomes the same image as from a file")
  func raw() throws {
    try folder.write(Self.disk, to: "disk.img")
    _ = try RawToParallels.convert(.path(folder("disk.img")), to: .path(folder("expected.hds")))
    let reader = MemoryReader(Self.disk)
    let summary = try RawToParallels.convert(
      .reader(reader, name: "memory"), to: .path(folder("disk.hds")),
      options: .init(output: OutputOptions(verifies: true)))
    #expect(summary.inputName == "memory" && summary.disk.allocatedClusterCount == 3)
    #expect(try folder.bytes(of: "disk.hds") == folder.bytes(of: "expected.hds"))
  }

  @Test("An image and a compressed disk are recognized as such")
  func otherForms() throws {
    try folder.write(Self.disk, to: "disk.img")
    _ = try RawToParallels.convert(.path(folder("disk.img")), to: .path(folder("disk.hds")))
    let image = MemoryReader(try folder.bytes(of: "disk.hds"))
    _ = try ParallelsToRaw.convert(
      .reader(image, name: "image"), to: .path(folder("disk.gz")), options: .init(gzipLevel: 1))
    let gzip = MemoryReader(try folder.bytes(of: "disk.gz"))
    let comparison = try DiskComparison.compare(.reader(gzip, name: "gzip"), .reader(image, name: "image"))
    #expect(comparison.firstDifference == nil && comparison.firstByteCount == UInt64(Self.disk.count))
    #expect(try ParallelsDisk(.reader(image, name: "image")).bytes(in: 100..<200) == Array(Self.disk[100..<200]))
  }

  @Test("Its error names the input and says where, and leaves no output")
  func error() throws {
    let reader = MemoryReader(Self.disk, limit: 2 << 20)
    #expect {
      try RawToParallels.convert(.reader(reader, name: "memory"), to: .path(folder("disk.hds")))
    } throws: { error in
      "\(error)".hasPrefix("'memory': read at byte") && "\(error)".hasSuffix("NoBytes()")
    }
    #expect(!folder.contains("disk.hds"))
  }

  @Test("It can't be an output")
  func output() throws {
    try folder.write(Self.disk, to: "disk.img")
    let reader = MemoryReader(Self.disk)
    #expect(throws: ConversionError.self) {
      try RawToParallels.convert(.path(folder("disk.img")), to: .reader(reader, name: "memory"))
    }
  }
}

import DiskConversion
import ParallelsFormat
import StreamIO
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Errors as the user of the library meets them: nothing but the products is imported.
@Suite("An error is matched with what the library makes public")
struct ConversionErrorTests {
  private let folder = TemporaryFolder()

  @Test("A failed system call reports what was to be done, and the system's reason")
  func systemFailure() throws {
    let error = #expect(throws: ConversionError.self) {
      try ParallelsDisk(.path(folder("none.hds")), control: ConversionControl())
    }
    guard case .file(let failure) = error?.cause else {
      Issue.record("the error is \(String(describing: error))")
      return
    }
    #expect(failure.reason == .system(.open, code: ENOENT))
    #expect(failure.byteOffset == nil)
    #expect(failure.path == folder("none.hds"))
    #expect(error?.path == folder("none.hds"))
  }

  @Test("Damaged gzip is reported with what is wrong, and where")
  func gzipFailure() throws {
    try folder.write([0x1F, 0x8B, 8, 0, 0, 0], to: "disk.raw.gz")
    let error = #expect(throws: ConversionError.self) {
      try RawToParallels.convert(
        .path(folder("disk.raw.gz")), to: .path(folder("disk.hds")), options: RawToParallels.Options(),
        control: ConversionControl())
    }
    guard case .file(let failure) = error?.cause else {
      Issue.record("the error is \(String(describing: error))")
      return
    }
    #expect(failure.reason == .gzip(.truncated))
    #expect(failure.byteOffset == 6)
  }

  @Test("An output that is there already is an error of its own")
  func outputExists() throws {
    try folder.write([1], to: "disk.img")
    try folder.write([], to: "disk.hds")
    let error = #expect(throws: ConversionError.self) {
      try RawToParallels.convert(
        .path(folder("disk.img")), to: .path(folder("disk.hds")), options: RawToParallels.Options(),
        control: ConversionControl())
    }
    #expect(error?.cause == .exists)
    #expect(error?.path == folder("disk.hds"))
  }

  @Test("A broken rule of the format is a value of ParallelsFormat")
  func formatError() throws {
    try folder.write([UInt8](repeating: 7, count: 4096), to: "disk.hds")
    let error = #expect(throws: ConversionError.self) {
      try ImageInfo.read(.path(folder("disk.hds")), control: ConversionControl())
    }
    #expect(error?.cause == .format(.unknownMagic))
  }
}

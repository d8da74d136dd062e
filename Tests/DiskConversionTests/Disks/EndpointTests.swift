import DiskConversion
import Foundation
import TestSupport
import Testing

@Suite("Places to read from and write to")
struct EndpointTests {
  let folder = TemporaryFolder()

  @Test("Descriptors stay open, and files are read and written from their current offsets")
  func descriptors() throws {
    let disk = Filling.cluster(5, byteCount: 1 << 20)
    try folder.write(Array("start".utf8) + disk, to: "in")
    try folder.write(Array("head".utf8), to: "out")
    let input = try #require(FileHandle(forReadingAtPath: folder("in")))
    let output = try #require(FileHandle(forUpdatingAtPath: folder("out")))
    input.seek(toFileOffset: 5)
    output.seekToEndOfFile()
    _ = try RawToParallels.convert(.descriptor(input.fileDescriptor), to: .descriptor(output.fileDescriptor))
    output.write(Data("tail".utf8))
    let written = try folder.bytes(of: "out")
    #expect(written.starts(with: "head".utf8) && written.suffix(4).elementsEqual("tail".utf8))
    try folder.write(Array(written.dropFirst(4).dropLast(4)), to: "disk.hds")
    #expect(try ParallelsDisk(.path(folder("disk.hds"))).bytes(in: 0..<1 << 20) == disk)
  }

  @Test("A closed descriptor is an error")
  func closed() {
    #expect(throws: ConversionError.self) { try ParallelsDisk(.descriptor(4095)) }
  }

  @Test("A string literal is a path")
  func literal() { #expect("disk.hds" as Endpoint == .path("disk.hds")) }
}

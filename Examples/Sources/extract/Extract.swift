// Writes one partition of a bundle's disk to a file, in a state of its snapshots, without converting the disk.
//
//     extract disk.hdd 1 root.img                         # the current state
//     extract disk.hdd 1 root.img 98146cec                # the state of a snapshot

import DiskConversion
import Foundation

/// The bytes of the disk that belong to a partition of an MBR, which has four entries of 16 bytes.
func partition(_ number: Int, of disk: ParallelsDisk) throws(ConversionError) -> Range<UInt64>? {
  let start = try disk.bytes(in: 0..<512)
  guard (1...4).contains(number), start.count == 512, start[510...] == [0x55, 0xAA] else { return nil }
  let entry = start[(430 + 16 * number)...].prefix(16)
  func value(at offset: Int) -> UInt64 {
    entry.dropFirst(offset).prefix(4).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
  let (first, count) = (value(at: 8) * 512, value(at: 12) * 512)
  return count > 0 && first + count <= disk.virtualByteCount ? first..<first + count : nil
}

/// Copies a range of the disk; what holds no data becomes holes.
func copy(_ range: Range<UInt64>, of disk: ParallelsDisk, to file: FileHandle) throws {
  try file.truncate(atOffset: range.upperBound - range.lowerBound)
  var extents = disk.extents
  while let extent = try extents.next() {
    guard !extent.isZero else { continue }
    let data = extent.guestRange.clamped(to: range)
    for start in stride(from: data.lowerBound, to: data.upperBound, by: 1 << 20) {
      let bytes = try disk.bytes(in: start..<min(start + 1 << 20, data.upperBound))
      try file.seek(toOffset: start - range.lowerBound)
      try file.write(contentsOf: bytes)
    }
  }
}

@main
struct Extract {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 || arguments.count == 5, let number = Int(arguments[2]) else {
      fail("extract BUNDLE NUMBER OUTPUT [SNAPSHOT]")
    }
    do {
      let policy = ReadingPolicy(snapshot: arguments.count == 5 ? arguments[4] : nil)
      let disk = try ParallelsDisk(.path(arguments[1]), policy: policy)
      guard let range = try partition(number, of: disk) else { fail("there is no partition \(number)") }
      guard FileManager.default.createFile(atPath: arguments[3], contents: nil),
        let file = FileHandle(forWritingAtPath: arguments[3])
      else { fail("'\(arguments[3])' can't be written") }
      try copy(range, of: disk, to: file)
      print(
        "\(arguments[3]): \(range.upperBound - range.lowerBound) bytes, from byte \(range.lowerBound) of the disk on")
    } catch let error as ConversionError {
      fail("\(error)")
    }
  }

  static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    exit(1)
  }
}

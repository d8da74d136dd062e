// Prints the partitions of the disk in a Parallels image. It reads only a few sectors and does not convert the image.
//
//     partitions disk.hds

import DiskConversion
import Foundation

/// A run of sectors on the disk.
struct Partition {
  var number: Int
  var firstSector: UInt64
  var sectorCount: UInt64
  var kind: String

  var line: String {
    "\(number): \(kind), from byte \(firstSector * sectorByteCount) on, \(sectorCount * sectorByteCount) bytes"
  }
}

let sectorByteCount: UInt64 = 512

extension [UInt8] {
  /// The little-endian number at `offset`.
  func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type = Number.self) -> Number {
    self[offset..<offset + Number.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Number($1) }
  }
}

extension ParallelsDisk {
  /// The partitions of a GPT, or else of an MBR; nil if the disk has neither.
  func partitions() throws(ConversionError) -> [Partition]? {
    let start = try bytes(in: 0..<2 * sectorByteCount)
    guard start.count == 2 * sectorByteCount, start[510...511] == [0x55, 0xAA] else { return nil }
    return start[512..<520].elementsEqual("EFI PART".utf8) ? try gptPartitions(header: start) : mbrPartitions(start)
  }

  /// The header, at byte 512, says where the entries are; an entry whose type is all zeros is not in use.
  private func gptPartitions(header: [UInt8]) throws(ConversionError) -> [Partition] {
    let firstSector = header.number(at: 512 + 72, as: UInt64.self)
    let entryCount = header.number(at: 512 + 80, as: UInt32.self)
    let entryByteCount = header.number(at: 512 + 84, as: UInt32.self)
    // Numbers from a disk can be anything. A table usually has 128 entries of 128 bytes.
    guard (1...4096).contains(entryCount), (128...4096).contains(entryByteCount),
      firstSector <= virtualByteCount / sectorByteCount
    else { return [] }
    var partitions: [Partition] = []
    for index in 0..<UInt64(entryCount) {
      let offset = firstSector * sectorByteCount + index * UInt64(entryByteCount)
      let entry = try bytes(in: offset..<offset + 128)
      guard entry.count == 128, entry[..<16].contains(where: { $0 != 0 }) else { continue }
      let (first, last) = (entry.number(at: 32, as: UInt64.self), entry.number(at: 40, as: UInt64.self))
      guard first <= last, last < virtualByteCount / sectorByteCount else { continue }
      let name = stride(from: 56, to: 128, by: 2).map { entry.number(at: $0, as: UInt16.self) }.prefix { $0 != 0 }
      partitions.append(
        Partition(
          number: Int(index) + 1, firstSector: first, sectorCount: last - first + 1,
          kind: "GPT '\(String(decoding: name, as: UTF16.self))'"))
    }
    return partitions
  }

  /// Four entries of 16 bytes at the end of the first sector.
  private func mbrPartitions(_ start: [UInt8]) -> [Partition] {
    (0..<4).compactMap { index in
      let entry = Array(start[446 + 16 * index..<462 + 16 * index])
      guard entry[4] != 0 else { return nil }
      return Partition(
        number: index + 1, firstSector: UInt64(entry.number(at: 8, as: UInt32.self)),
        sectorCount: UInt64(entry.number(at: 12, as: UInt32.self)), kind: "MBR type 0x\(String(entry[4], radix: 16))")
    }
  }
}

@main
struct Partitions {
  static func main() {
    guard CommandLine.arguments.count == 2 else { exit(withMessage: "partitions FILE", status: 64) }
    do throws(ConversionError) {
      let disk = try ParallelsDisk(.path(CommandLine.arguments[1]))
      guard let partitions = try disk.partitions() else { exit(withMessage: "no partition table", status: 1) }
      for partition in partitions { print(partition.line) }
    } catch {
      exit(withMessage: "\(error)", status: 1)
    }
  }

  static func exit(withMessage message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
    Foundation.exit(status)
  }
}

import FuzzSupport
import ParallelsFormat

/// What salvage has to make of an image, by the rules of `Documentation/Format.md` alone, with nothing of what is fuzzed
/// but the header.
struct ExpectedDisk {
  let header: Header
  /// The clusters that are in the file, each where it begins; nil for zeros.
  let offsets: [Int?]
  /// The clusters in the file that entries beyond the disk name, each where it begins.
  let spareOffsets: [Int]
  /// Whether two of `offsets` have bytes in common.
  let sharesClusters: Bool
  /// Entries that are not 0.
  private let entryCount: Int
  private let file: [UInt8]

  /// Nil when the file ends before its table does.
  init?(_ image: FuzzedImage) {
    guard let header = image.header else { return nil }
    let tableEnd = 64 + 4 * Int(header.batEntryCount)
    guard tableEnd <= image.bytes.count else { return nil }
    self.header = header
    file = image.bytes
    let unit = header.layout == .legacy ? 512 : UInt64(header.clusterByteCount)
    let count = min(UInt64(header.batEntryCount), header.clusterCount)
    let all: [Int?] = (0..<Int(header.batEntryCount)).map { cluster in
      let entry = image.number(at: 64 + 4 * cluster)
      let offset = UInt64(entry) * unit
      guard entry != .max, offset >= UInt64(tableEnd), offset < UInt64(image.bytes.count) else { return nil }
      return Int(offset)
    }
    offsets = Array(all.prefix(Int(count)))
    spareOffsets = all.dropFirst(Int(count)).compactMap(\.self)
    entryCount = offsets.indices.count { image.number(at: 64 + 4 * $0) != 0 }
    let sorted = offsets.compactMap(\.self).sorted()
    sharesClusters = zip(sorted, sorted.dropFirst()).contains { UInt64($1 - $0) < header.clusterByteCount }
  }

  /// Bytes of the disk that are in the file, or would be if it did not end before.
  var dataByteCount: UInt64 { byteCount(ofClusters: offsets.count { $0 != nil }) }

  /// Bytes of the disk that the table has entries for, right or wrong ones.
  var entryByteCount: UInt64 { byteCount(ofClusters: entryCount) }

  private func byteCount(ofClusters count: Int) -> UInt64 {
    let (byteCount, overflow) = UInt64(count).multipliedReportingOverflow(by: header.clusterByteCount)
    return overflow ? .max : min(byteCount, header.virtualByteCount)
  }

  /// The bytes of cluster `index` that are in the file; what is missing is zeros.
  func data(ofCluster index: Int) -> ArraySlice<UInt8> {
    guard index < offsets.count, let offset = offsets[index] else { return [] }
    let start = UInt64(index) * header.clusterByteCount
    let count = min(header.clusterByteCount, header.virtualByteCount - start, UInt64(file.count - offset))
    return file[offset..<offset + Int(count)]
  }

  /// The whole disk.
  var bytes: [UInt8] {
    var disk = [UInt8](repeating: 0, count: Int(header.virtualByteCount))
    for index in offsets.indices {
      let data = data(ofCluster: index)
      let start = index * Int(header.clusterByteCount)
      disk.replaceSubrange(start..<start + data.count, with: data)
    }
    return disk
  }

  /// The runs of the disk that a bitmap marks, found bit by bit.
  func dirtyRuns(_ bitmap: DirtyBitmap) -> [Range<UInt64>] {
    var runs: [Range<UInt64>] = []
    let granularity = UInt64(bitmap.granularitySectors) * 512
    for bit in 0..<bitmap.bitCount {
      let place = bit / 8
      let chunk = Int(place / header.clusterByteCount)
      let entry = chunk < bitmap.l1Table.count ? bitmap.l1Table[chunk] : 0
      let isSet =
        switch entry {
        case 0, 1: entry == 1
        default: file[Int(entry * 512 + place % header.clusterByteCount)] >> (bit % 8) & 1 == 1
        }
      guard isSet else { continue }
      let start = bit * granularity
      let end = min(start + granularity, header.virtualByteCount)
      if let last = runs.last, last.upperBound == start {
        runs[runs.count - 1] = last.lowerBound..<end
      } else {
        runs.append(start..<end)
      }
    }
    return runs
  }
}

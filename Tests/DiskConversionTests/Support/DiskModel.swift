import StreamIO

@testable import DiskConversion

/// What a disk has to be, byte by byte: slow, and too simple to be wrong.
struct DiskModel {
  enum Byte: Equatable {
    /// A byte that lies at `offset` of `file`.
    case data(UInt8, file: ObjectIdentifier, offset: UInt64)
    case zero
    case absent
  }

  /// Bytes of one kind that follow each other, on the disk and in the file.
  struct Run: Equatable {
    var range: Range<UInt64>
    var contents: DiskExtent.Contents
    var file: ObjectIdentifier?
    var hostOffset: UInt64?
  }

  var bytes: [Byte]

  init(_ bytes: [Byte]) { self.bytes = bytes }

  /// Images on top of each other, the top one first.
  init(chain images: [DiskModel], byteCount: Int) {
    bytes = (0..<byteCount).map { offset in
      images.lazy.compactMap { $0.bytes.indices.contains(offset) ? $0.bytes[offset] : nil }
        .first { $0 != .absent } ?? .absent
    }
  }

  /// Disks side by side, each cut or filled up to the length of its part.
  init(span parts: [(model: DiskModel, byteCount: Int)]) {
    bytes = parts.flatMap { model, byteCount in
      (0..<byteCount).map { $0 < model.bytes.count ? model.bytes[$0] : .absent }
    }
  }

  /// The runs of a range, as far as the disk reaches.
  func runs(in range: Range<UInt64>) -> [Run] {
    var runs: [Run] = []
    for offset in range.clamped(to: 0..<UInt64(bytes.count)) {
      let next = run(at: offset)
      if let last = runs.last, last.contents == next.contents, last.file == next.file,
        next.hostOffset == last.hostOffset.map({ $0 + (offset - last.range.lowerBound) })
      {
        runs[runs.count - 1].range = last.range.lowerBound..<offset + 1
      } else {
        runs.append(next)
      }
    }
    return runs
  }

  /// The bytes of a range; past the end of the disk they are zeros.
  func contents(of range: Range<UInt64>) -> [UInt8] {
    range.map { offset in
      guard offset < UInt64(bytes.count), case .data(let byte, _, _) = bytes[Int(offset)] else { return 0 }
      return byte
    }
  }

  /// How many bytes of a range are data.
  func dataByteCount(in range: Range<UInt64>) -> Int {
    range.clamped(to: 0..<UInt64(bytes.count)).count { run(at: $0).contents == .data }
  }

  private func run(at offset: UInt64) -> Run {
    let range = offset..<offset + 1
    return switch bytes[Int(offset)] {
    case .data(_, let file, let hostOffset): Run(range: range, contents: .data, file: file, hostOffset: hostOffset)
    case .zero: Run(range: range, contents: .zeros)
    case .absent: Run(range: range, contents: .absent)
    }
  }
}

extension DiskModel.Run {
  init(_ extent: DiskExtent) {
    self.init(
      range: extent.guestRange, contents: extent.contents, file: extent.file?.file.map(ObjectIdentifier.init),
      hostOffset: extent.hostOffset)
  }
}

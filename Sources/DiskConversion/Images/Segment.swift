import ParallelsFormat

/// A piece of the disk that lies in one piece in the image's file.
struct Segment: Equatable, Sendable {
  /// The cluster of the disk that the piece begins in.
  var cluster: Int
  /// Where in the buffer the piece goes.
  var place: Range<Int>
  /// Where it lies: in the image, or in the spool.
  var sourceOffset: UInt64
  var isSpooled = false
}

extension ParallelsImage {
  /// The extent of the disk that begins at `guestOffset`: a run of unallocated clusters, or what fits a slot.
  ///
  /// How extents are cut depends on the table's zeros alone, not on where clusters lie, so the same disk comes in the
  /// same extents from a file and from a pipe. `guestOffset` is where an extent of the grid begins.
  func extent(at guestOffset: UInt64, grid: ExtentGrid) -> Extent {
    let extentEnd = min(grid.end(after: guestOffset), header.virtualByteCount)
    let zeroEnd = zeroEnd(from: guestOffset)
    guard zeroEnd >= extentEnd else {
      return Extent(guestOffset: guestOffset, byteCount: extentEnd - guestOffset, isZero: false)
    }
    let end = zeroEnd == header.virtualByteCount ? zeroEnd : grid.start(at: zeroEnd)
    return Extent(guestOffset: guestOffset, byteCount: end - guestOffset, isZero: true)
  }

  /// Where the data of a range of the disk lies; what no segment covers is zeros.
  ///
  /// `sourceOffset` is in the image. `place` counts from the start of the range, as the slot of an extent does.
  func segments(of guestRange: Range<UInt64>) -> [Segment] {
    var segments: [Segment] = []
    var position = guestRange.lowerBound
    while position < guestRange.upperBound {
      let cluster = Int(clamping: position / header.clusterByteCount)
      let end = min((UInt64(cluster) + 1) * header.clusterByteCount, guestRange.upperBound)
      if let host = hostOffset(ofCluster: cluster) {
        let place = Int(position - guestRange.lowerBound)..<Int(end - guestRange.lowerBound)
        segments.append(
          Segment(cluster: cluster, place: place, sourceOffset: host + position % header.clusterByteCount))
        position = end
      } else {
        position = min(zeroEnd(from: position), guestRange.upperBound)
      }
    }
    return segments
  }
}

extension [Segment] {
  /// Joins neighbours that follow each other in the buffer and in the file.
  func joined() -> [Segment] {
    reduce(into: []) { result, next in
      if let last = result.last, last.place.upperBound == next.place.lowerBound, last.isSpooled == next.isSpooled,
        last.sourceOffset + UInt64(last.place.count) == next.sourceOffset
      {
        result[result.count - 1].place = last.place.lowerBound..<next.place.upperBound
      } else {
        result.append(next)
      }
    }
  }

  /// Sets to zero what of `buffer` no segment covers.
  func clearGaps(in buffer: UnsafeMutableRawBufferPointer) {
    var end = 0
    for segment in self {
      clear(buffer[end..<segment.place.lowerBound])
      end = segment.place.upperBound
    }
    clear(buffer[end...])
  }
}

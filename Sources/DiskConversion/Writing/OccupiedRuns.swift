import StreamIO

extension ExtentGrid {
  /// The ranges of an extent's bytes in clusters that hold data, or in all clusters if `storesZeros`.
  func occupiedRuns(of slot: Slot, storesZeros: Bool) -> [Range<Int>] {
    guard !slot.extent.isZero else { return [] }
    if storesZeros { return [0..<slot.bytes.count] }
    let block = splitsClusters ? slot.bytes.count : Int(clusterByteCount)
    return dataRuns(in: UnsafeRawBufferPointer(slot.bytes), blockByteCount: block)
  }
}

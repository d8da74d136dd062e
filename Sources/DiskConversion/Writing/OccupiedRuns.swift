import StreamIO

extension ExtentGrid {
  /// The runs of an extent's bytes that belong to clusters which hold data, or to any with `storesZeros`.
  func occupiedRuns(of slot: Slot, storesZeros: Bool) -> [Range<Int>] {
    guard !slot.extent.isZero else { return [] }
    if storesZeros { return [0..<slot.bytes.count] }
    let block = splitsClusters ? slot.bytes.count : Int(clusterByteCount)
    return dataRuns(in: UnsafeRawBufferPointer(slot.bytes), blockByteCount: block)
  }
}

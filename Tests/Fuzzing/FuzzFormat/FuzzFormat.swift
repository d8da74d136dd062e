import FuzzSupport
import ParallelsFormat

/// What libFuzzer calls with every input; returns −1 for one that is not worth keeping.
///
/// An input is a header, entries as far as there are any, and the sections of an extension. Heads and cylinders, which
/// no reader uses, say how long the file is that these are from; with more than 511 heads, nobody knows.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  guard let header = try? Header(parsing: input.span.bytes) else { return -1 }
  checkHeader(header, bytes: input[..<64])
  let tableEnd = 64 + 4 * min(Int(header.batEntryCount), (count - 64) / 4)
  let fileByteCount = header.heads < 512 ? UInt64(header.cylinders) * 512 + UInt64(header.heads) : nil
  let others = checkExtension(input[tableEnd...], of: header, fileByteCount: fileByteCount ?? .max)
  TablePromises(input[64..<tableEnd], of: header).check(fileByteCount: fileByteCount, extensionClusters: others)
  return 0
}

private func checkHeader(_ header: Header, bytes: ArraySlice<UInt8>) {
  var kept = bytes
  // The high half of the disk's size is padding.
  if header.layout == .legacy { for place in 40..<44 { kept[place] = 0 } }
  promise(isSame(header.encoded[...], kept), "a header keeps its bytes: \(header)")
  promise((1...FormatLimits.sectorsPerCluster).contains(header.sectorsPerCluster), "clusters have a size: \(header)")
  let clusterCount = header.virtualByteCount.dividedRoundingUp(by: header.clusterByteCount)
  promise(header.clusterCount == clusterCount, "a disk has as many clusters as it needs: \(header)")
  let end = header.hostByteOffset(ofEntry: .max).addingReportingOverflow(header.clusterByteCount)
  promise(!end.overflow && header.tableEndByteOffset < 1 << 32, "every offset fits 64 bits: \(header)")
}

import TestSupport

/// A disk of one cluster for each character: a number for data, a dot for zeros.
func numbered(_ clusters: String, _ clusterByteCount: UInt64) -> [UInt8] {
  var disk: [UInt8] = []
  for character in clusters {
    disk +=
      character.wholeNumberValue.map { Filling.cluster($0, byteCount: Int(clusterByteCount)) }
      ?? [UInt8](repeating: 0, count: Int(clusterByteCount))
  }
  return disk
}

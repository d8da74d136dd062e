/// What a conversion did.
public struct ConversionSummary: Equatable, Sendable {
  /// The input as the user named it, or "stdin".
  public var inputName: String
  /// The output as the user named it, or "stdout".
  public var outputName: String
  /// Size of the disk, in bytes.
  public var virtualByteCount: UInt64
  /// Cluster size of the image, in bytes.
  public var clusterByteCount: UInt64
  /// Clusters of the disk.
  public var clusterCount: UInt64
  /// Clusters that the image has allocated.
  public var allocatedClusterCount: Int
  /// Length of the output, in bytes.
  public var outputByteCount: UInt64
  /// Bytes read from the input.
  public var readByteCount: UInt64
  /// Bytes written to the output.
  public var writtenByteCount: UInt64
  /// Losses that were reported: more than 0 only with salvage.
  public var lossCount: Int
}

/// What a conversion did.
public struct ConversionSummary: Equatable, Sendable {
  /// The input as the user named it, or "stdin".
  public var inputName: String
  /// The output as the user named it, or "stdout".
  public var outputName: String
  /// The disk, and how it lies in the Parallels image.
  public var disk: DiskFigures
  /// Length of the output, in bytes.
  public var outputByteCount: UInt64
  /// Bytes read from the input.
  public var readByteCount: UInt64
  /// Bytes written to the output.
  public var writtenByteCount: UInt64
  /// Losses that were reported: more than 0 only with salvage.
  public var lossCount: Int

  init(
    from inputName: String, to outputName: String, disk: DiskFigures, outputByteCount: UInt64,
    control: ConversionControl
  ) {
    self.inputName = inputName
    self.outputName = outputName
    self.disk = disk
    self.outputByteCount = outputByteCount
    readByteCount = control.progress.readByteCount
    writtenByteCount = control.progress.writtenByteCount
    lossCount = control.events.lossCount
  }
}

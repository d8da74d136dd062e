/// The results of a conversion.
public struct ConversionSummary: Equatable, Sendable {
  /// The input as the user named it, or "stdin".
  public var inputName: String
  /// The output as the user named it, or "stdout".
  public var outputName: String
  /// The sizes of the disk and of its Parallels image.
  public var disk: DiskFigures
  /// Length of the output, in bytes.
  public var outputByteCount: UInt64
  /// Bytes read from the input.
  public var readByteCount: UInt64
  /// Bytes written to the output.
  public var writtenByteCount: UInt64
  /// Bytes that the output shares with the input.
  public var sharedByteCount: UInt64
  /// Bytes that went from a file to a pipe without being copied.
  public var splicedByteCount: UInt64
  /// The number of losses reported; always 0 without salvage.
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
    sharedByteCount = control.progress.sharedByteCount
    splicedByteCount = control.progress.splicedByteCount
    lossCount = control.events.lossCount
  }
}

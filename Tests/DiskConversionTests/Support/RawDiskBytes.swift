import StreamIO

@testable import DiskConversion

/// The bytes of the disk that `source` has, each extent put at its own offset.
func rawDisk(
  from source: any ExtentSource, grid: ExtentGrid, threadCount: Int = 2, control: ConversionControl
) throws -> [UInt8] {
  let output = try OpenFile.spool(in: "/tmp")
  let shape = grid.shape(threadCount: threadCount)
  let sink = RawFileSink(
    TargetFile(output, control: control), sparseByteCount: 0, over: .zeros, threadCount: shape.threadCount)
  try Pipeline.run(from: source, into: sink, shape: shape, control: control)
  return try output.allBytes()
}

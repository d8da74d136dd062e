/// The number of threads in a pipeline, and the buffer size of each.
struct PipelineShape: Equatable, Sendable {
  let threadCount: Int
  let bufferByteCount: Int

  /// More would neither help nor fit: Dispatch has at most 255 threads for the whole process.
  private static let threadLimit = 128

  /// From 1 to 128 threads.
  init(threadCount: Int, bufferByteCount: Int) {
    self.threadCount = min(max(1, threadCount), Self.threadLimit)
    self.bufferByteCount = bufferByteCount
  }

  /// More threads, for extents that take very different times: while some wait for their turn to place, others keep the
  /// cores busy.
  ///
  /// Twice as many, but at most 4 more, because each also takes memory to compress. A single thread stays single.
  var forUnevenWork: PipelineShape {
    PipelineShape(
      threadCount: threadCount == 1 ? 1 : threadCount + min(threadCount, 4), bufferByteCount: bufferByteCount)
  }
}

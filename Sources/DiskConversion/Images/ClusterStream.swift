import ParallelsFormat
import StreamIO

/// The bytes of a Parallels image that comes by a pipe, from the end of its table on.
///
/// Where the file ends is known only when the end comes. Clusters that should lie behind it are judged then.
struct ClusterStream {
  private let stream: LookaheadStream
  private let path: String
  private let image: ParallelsImage
  private let control: ConversionControl
  private var judge: EntryJudge
  /// Takes in the format extension when it comes by.
  private var extensionCluster: ExtensionCluster?
  /// The cluster that the end of the file was judged for last: it may come in several parts.
  private var lastJudged: Int?
  /// Where the file ends, once that is known, in bytes.
  private var fileByteCount: UInt64?

  init(
    _ stream: LookaheadStream, path: String, image: ParallelsImage, policy: ReadingPolicy, control: ConversionControl
  ) {
    self.stream = stream
    self.path = path
    self.image = image
    self.control = control
    judge = EntryJudge(policy: policy, path: path, control: control)
    extensionCluster = ExtensionCluster(header: image.header)
  }

  /// Fills `buffer` from `hostOffset` on, which is not before what was read last; what the file does not have is
  /// judged for the clusters that it belongs to, and zeros.
  ///
  /// The bytes are those of the clusters of the disk from `cluster` on, from `offsetInCluster` of the first. Returns how
  /// many of them the file has.
  @discardableResult
  mutating func read(
    into buffer: UnsafeMutableRawBufferPointer, at hostOffset: UInt64, cluster: Int, offsetInCluster: UInt64
  ) throws(ConversionError) -> Int {
    try skip(to: hostOffset, using: buffer)
    let count = fileByteCount == nil ? try next(into: buffer) : 0
    guard count < buffer.count else { return count }
    fileByteCount = stream.position
    let start = hostOffset - offsetInCluster
    var done: UInt64 = 0
    while done < offsetInCluster + UInt64(buffer.count) {
      try judgeEnd(ofCluster: cluster + Int(done / image.header.clusterByteCount), at: start + done)
      done += image.header.clusterByteCount
    }
    clear(buffer[count...])
    return count
  }

  /// Reads on to the end of the stream, so that whoever writes it is not cut off.
  mutating func drain(using buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) {
    try skip(to: .max, using: buffer)
    judge.finish()
    let problems = extensionCluster.map { image.header.problems(of: $0, fileByteCount: stream.position) }
    control.warn(of: problems ?? [], path: path)
  }

  private mutating func skip(to offset: UInt64, using buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) {
    while fileByteCount == nil, stream.position < offset {
      let wanted = Int(min(UInt64(buffer.count), offset - stream.position))
      let count = try next(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
      if count < wanted { fileByteCount = stream.position }
    }
  }

  private mutating func next(into buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) -> Int {
    do throws(FileError) {
      let start = stream.position
      let count = try stream.read(into: buffer)
      extensionCluster?.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes, at: start)
      control.countRead(count)
      return count
    } catch {
      throw ConversionError(error)
    }
  }

  private mutating func judgeEnd(ofCluster index: Int, at byteOffset: UInt64) throws(ConversionError) {
    guard
      let fileByteCount, index != lastJudged,
      let kind = image.inspection.endProblem(at: index, byteOffset: byteOffset, fileByteCount: fileByteCount)
    else { return }
    lastJudged = index
    try judge.judge(image.inspection.problem(at: index, kind: kind))
  }
}

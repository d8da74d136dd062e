import ParallelsFormat
import StreamIO

/// The bytes of a piped Parallels image after its BAT.
///
/// The end of the file is known only when it is reached. Clusters that should lie after it are judged then.
final class ClusterStream {
  /// The positions of the clusters, judged as far as possible before the end is reached.
  let clusters: ClusterMap
  let name: String
  private let stream: LookaheadStream
  private let policy: ReadingPolicy
  private let control: ConversionControl
  private var judge: EntryJudge
  /// Collects the format extension as it passes.
  private var extensionCluster: ExtensionCluster?
  /// The last cluster checked against the end of the file: it may be read in several parts.
  private var lastJudged: Int?
  /// Size of the file in bytes, once known.
  private var fileByteCount: UInt64?

  /// Reads header and BAT from the start of `stream` and judges them.
  init(
    _ stream: LookaheadStream, name: String, policy: ReadingPolicy, control: ConversionControl
  ) throws(ConversionError) {
    self.stream = stream
    self.name = name
    self.policy = policy
    self.control = control
    let reader = HeadReader(stream: stream, path: name, fileByteCount: nil)
    let header = try reader.readHeader()
    let inspection = try reader.inspectTable(of: header)
    control.progress.countRead(Int(clamping: header.tableEndByteOffset))
    clusters = try ClusterMap(judging: inspection, path: name, policy: policy, events: control.events)
    judge = EntryJudge(policy: policy, path: name, events: control.events)
    extensionCluster = ExtensionCluster(header: header)
  }

  /// Fills `buffer` from `hostOffset`, which must not be before the last position; bytes past the end of the file are
  /// zeros.
  ///
  /// Their clusters are judged. The first byte belongs at `guestOffset` of the disk. Returns the number of bytes that
  /// the file has.
  @discardableResult
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at hostOffset: UInt64, guestOffset: UInt64
  ) throws(ConversionError) -> Int {
    try skip(to: hostOffset, using: buffer)
    let count = fileByteCount == nil ? try next(into: buffer) : 0
    guard count < buffer.count else { return count }
    fileByteCount = stream.position
    let size = clusters.header.clusterByteCount
    let offsetInCluster = guestOffset % size
    var done: UInt64 = 0
    while done < offsetInCluster + UInt64(buffer.count) {
      try judgeEnd(ofCluster: Int(guestOffset / size + done / size), at: hostOffset - offsetInCluster + done)
      done += size
    }
    buffer.part(count...).clear()
    return count
  }

  /// Reads to the end of the stream, so that its writer does not get SIGPIPE; does nothing when called again.
  func drain(using buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) {
    try skip(to: .max, using: buffer)
    judge.finish()
    if let cluster = extensionCluster.take() { warn(of: cluster.found(fileByteCount: stream.position)) }
  }

  /// Copies the rest of the image to a temporary file in `directory`, keeping its offsets.
  ///
  /// The size of the file is then known, so the image is judged again.
  func copied(to directory: String) throws(ConversionError) -> (ImageDisk, ImageFile) {
    let spool = try converting(OpenFile.spool(in: directory))
    try withBuffer(byteCount: Int(ExtentGrid.copiedByteLimit)) {
      (buffer) throws(ConversionError) in
      var count = buffer.count
      while count == buffer.count {
        let position = stream.position
        count = try converting(stream.read(into: buffer))
        try converting(spool.write(UnsafeRawBufferPointer(buffer.part(..<count)), at: position))
      }
    }
    let judged = try clusters.judgedAgain(
      fileByteCount: stream.position, path: name, policy: policy, events: control.events)
    guard let file = try DiskFile(spool, progress: control.progress) else { throw ConversionError(name, .isStream) }
    let found = try judged.header.readExtension(from: file)
    if let found { warn(of: found) }
    let image = ImageFile(file: file, header: judged.header, inspection: judged.inspection, formatExtension: found)
    return (ImageDisk(judged, in: file), image)
  }

  private func warn(of found: FoundExtension) {
    control.events.warn(of: clusters.header.problems(of: found, fileByteCount: stream.position), path: name)
  }

  /// Creates a temporary file in `directory` for clusters that come before their turn.
  func spool(in directory: String, grid: ExtentGrid) throws(ConversionError) -> ClusterSpool {
    try ClusterSpool(
      in: directory, clusterCount: clusters.inspection.entryCount, partByteCount: Int(grid.extentByteCount))
  }

  private func skip(to offset: UInt64, using buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) {
    while fileByteCount == nil, stream.position < offset {
      let wanted = Int(min(UInt64(buffer.count), offset - stream.position))
      let count = try next(into: buffer.part(..<wanted))
      if count < wanted { fileByteCount = stream.position }
    }
  }

  private func next(into buffer: UnsafeMutableRawBufferPointer) throws(ConversionError) -> Int {
    let start = stream.position
    let count = try converting(stream.read(into: buffer))
    extensionCluster?.feed(UnsafeRawBufferPointer(buffer.part(..<count)).bytes, at: start)
    control.progress.countRead(count)
    return count
  }

  private func judgeEnd(ofCluster index: Int, at byteOffset: UInt64) throws(ConversionError) {
    let inspection = clusters.inspection
    guard
      let fileByteCount, index != lastJudged,
      let kind = inspection.endProblem(at: index, byteOffset: byteOffset, fileByteCount: fileByteCount)
    else { return }
    lastJudged = index
    try judge.judge(inspection.problem(at: index, kind: kind))
  }
}

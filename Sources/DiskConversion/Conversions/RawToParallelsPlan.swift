/// How a raw disk becomes a Parallels image: chosen once, from what the two ends can do.
enum RawToParallelsPlan: Equatable, Sendable {
  /// Into a file, in one pass: header and table are written last.
  case onePass
  /// To a pipe, from a file that can be read twice: first for the table, then for the data.
  case lookThenStream
  /// To a pipe, every cluster stored, so that the table is known beforehand.
  case streamAllAllocated
  /// To a pipe, with nothing known beforehand: the image is built in a temporary file first.
  case spool

  /// `knowsSize`: of a file, or because the user says so.
  ///
  /// `storesZeros`: every cluster becomes allocated.
  static func choose(inputSeekable: Bool, outputSeekable: Bool, knowsSize: Bool, storesZeros: Bool) -> Self {
    if outputSeekable { return .onePass }
    if storesZeros && knowsSize { return .streamAllAllocated }
    return inputSeekable ? .lookThenStream : .spool
  }

  /// The plan and its reason, for the user.
  var explanation: String {
    switch self {
    case .onePass: "one pass: the output has offsets, so header and BAT are written last"
    case .lookThenStream: "two passes: the output is a pipe, so the input is first searched for data, then streamed"
    case .streamAllAllocated: "true stream: size known and every cluster stored, so the BAT is known beforehand"
    case .spool: "through a temporary file: neither end has offsets and the BAT has to come first"
    }
  }

  /// Bytes of work, as the pipeline counts it; 0 when nobody can know.
  func expectedWork(diskByteCount: UInt64?, grid: ExtentGrid) -> UInt64 {
    guard let diskByteCount else { return 0 }
    let disk = grid.roundedUpToClusters(diskByteCount)
    return self == .lookThenStream ? 2 * disk : disk
  }
}

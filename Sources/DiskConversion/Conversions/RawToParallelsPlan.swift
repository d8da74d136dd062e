/// How to convert a raw disk to a Parallels image: chosen once, from the capabilities of input and output.
enum RawToParallelsPlan: Equatable, Sendable {
  /// To a file, in one pass: header and BAT are written last.
  case onePass
  /// To a pipe, from a file, which is read twice: first for the BAT, then for the data.
  case lookThenStream
  /// To a pipe, storing every cluster, so that the BAT is known in advance.
  case streamAllAllocated
  /// To a pipe, with nothing known in advance: the image is built in a temporary file first.
  case spool

  /// Chooses a plan.
  ///
  /// `knowsSize`: the input has a size, or the user gave one. `storesZeros`: every cluster gets allocated.
  static func choose(inputSeekable: Bool, outputSeekable: Bool, knowsSize: Bool, storesZeros: Bool) -> Self {
    if outputSeekable { return .onePass }
    if storesZeros && knowsSize { return .streamAllAllocated }
    return inputSeekable ? .lookThenStream : .spool
  }

  /// The plan and its reason, for messages.
  var explanation: String {
    switch self {
    case .onePass: "one pass: the output is seekable, so the header and BAT are written last"
    case .lookThenStream: "two passes: the output is a pipe, so the input is first searched for data, then streamed"
    case .streamAllAllocated: "true stream: the size is given and every cluster is stored, so the BAT is known"
    case .spool: "through a temporary file: neither end is seekable, and the BAT must come first"
    }
  }

  /// The amount of work, in the pipeline's bytes; 0 if unknown.
  func expectedWork(diskByteCount: UInt64?, grid: ExtentGrid) -> UInt64 {
    guard let diskByteCount else { return 0 }
    let disk = grid.roundedUpToClusters(diskByteCount)
    return self == .lookThenStream ? 2 * disk : disk
  }
}

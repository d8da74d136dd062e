/// How to write a new Parallels image: chosen once, from the capabilities of input and output.
enum BuildingPlan: Equatable, Sendable {
  /// To a file, in one pass: header and BAT are written last.
  case onePass
  /// To a file, sharing the blocks of the input's files.
  case share
  /// To a file as raw bytes, for a bundle.
  case plain
  /// To a pipe, from a file, which is read twice: first for the BAT, then for the data.
  case lookThenStream
  /// To a pipe, storing every cluster, or every one that the input stores, so that the BAT is known in advance.
  case streamKnownClusters
  /// To a pipe, with nothing known in advance: the image is built in a temporary file first.
  case spool

  /// Chooses a plan.
  ///
  /// `knowsSize`: the input has a size, or the user gave one. `storesZeros`: the clusters to store are known without
  /// reading any.
  static func choose(inputSeekable: Bool, outputSeekable: Bool, knowsSize: Bool, storesZeros: Bool) -> Self {
    if outputSeekable { return .onePass }
    if storesZeros && knowsSize { return .streamKnownClusters }
    return inputSeekable ? .lookThenStream : .spool
  }

  /// The plan and its reason, for messages.
  var explanation: String {
    switch self {
    case .onePass: "one pass: the output is seekable, so the header and BAT are written last"
    case .share: "sharing blocks: the output is a file, so it can share those of the input"
    case .plain: "one pass: the bundle's image has the raw bytes of the disk"
    case .lookThenStream: "two passes: the output is a pipe, so the input is first searched for data, then streamed"
    case .streamKnownClusters: "true stream: zeros are stored, too, so the BAT is known"
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

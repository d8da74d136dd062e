/// How to read a Parallels image: chosen once, from the capabilities of input and output and the order of clusters.
enum ReadingPlan: Equatable, Sendable {
  /// From a file, in disk order.
  case diskOrder
  /// From a pipe to a file, taking clusters as they come and writing each at its own offset.
  case fileOrder
  /// From a pipe to a pipe, taking clusters as they come, which is disk order.
  case diskOrderStream
  /// From a pipe to a pipe, keeping clusters that come too early in a temporary file.
  case spoolEarlyClusters
  /// From a pipe, copying the image to a temporary file first, because entries share a cluster, which is needed twice.
  case spoolImage
  /// From a pipe, copying the image to a temporary file first, because its format extension may lie anywhere.
  case spoolExtension

  /// Chooses a plan.
  ///
  /// `inStreamOrder`: the clusters lie in disk order. `sharesClusters`: two entries have bytes in common.
  static func choose(inputSeekable: Bool, outputSeekable: Bool, inStreamOrder: Bool, sharesClusters: Bool) -> Self {
    if inputSeekable { return .diskOrder }
    if sharesClusters { return .spoolImage }
    if outputSeekable { return .fileOrder }
    return inStreamOrder ? .diskOrderStream : .spoolEarlyClusters
  }

  /// The plan and its reason, for messages.
  var explanation: String {
    switch self {
    case .diskOrder: "disk order: the input is seekable"
    case .fileOrder: "true stream: each cluster is written at its own offset as it arrives"
    case .diskOrderStream: "true stream: the clusters arrive in disk order"
    case .spoolEarlyClusters: "disk order through a temporary file: clusters that arrive early wait there"
    case .spoolImage: "through a temporary file: BAT entries share clusters, which are read twice"
    case .spoolExtension: "through a temporary file: the image has a format extension, which may lie anywhere"
    }
  }
}

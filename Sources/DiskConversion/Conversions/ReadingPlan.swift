/// How a Parallels image is read: chosen once, from what the two ends can do and how the image lies.
enum ReadingPlan: Equatable, Sendable {
  /// From a file, in disk order.
  case diskOrder
  /// From a pipe to a file, clusters as they come, each put at its own offset.
  case fileOrder
  /// From a pipe to a pipe, clusters as they come, which is disk order.
  case diskOrderStream
  /// From a pipe to a pipe, clusters that come before their turn waiting in a temporary file.
  case spoolEarlyClusters
  /// From a pipe, the image copied to a temporary file first: two entries share a cluster, which is needed twice.
  case spoolImage

  /// `inStreamOrder`: the clusters lie in the file in disk order.
  ///
  /// `sharesClusters`: two entries have bytes in common.
  static func choose(inputSeekable: Bool, outputSeekable: Bool, inStreamOrder: Bool, sharesClusters: Bool) -> Self {
    if inputSeekable { return .diskOrder }
    if sharesClusters { return .spoolImage }
    if outputSeekable { return .fileOrder }
    return inStreamOrder ? .diskOrderStream : .spoolEarlyClusters
  }

  /// The plan and its reason, for the user.
  var explanation: String {
    switch self {
    case .diskOrder: "disk order: the input has offsets"
    case .fileOrder: "true stream: clusters are taken as they come, each put at its own offset"
    case .diskOrderStream: "true stream: the clusters come in disk order"
    case .spoolEarlyClusters: "disk order through a temporary file: clusters that come before their turn wait there"
    case .spoolImage: "through a temporary file: BAT entries share clusters, which are needed twice"
    }
  }
}

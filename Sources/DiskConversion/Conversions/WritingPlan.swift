import StreamIO

/// How to write a raw disk: chosen once, from the kind of output and the user's options.
enum WritingPlan: Equatable, Sendable {
  /// As a gzip member, to any output.
  case gzip(level: Int)
  /// To a pipe, every byte in order.
  case stream
  /// To a file or a device, each extent at its own offset.
  case offsets(over: RawFileSink.OldContents)

  /// Chooses a plan; `targetIsZero` means that a device already reads as zeros.
  static func choose(output: OpenFile.Kind, gzipLevel: Int?, targetIsZero: Bool) -> Self {
    if let gzipLevel { return .gzip(level: gzipLevel) }
    return switch output {
    case .stream: .stream
    case .regular: .offsets(over: .zeros)
    case .blockDevice: .offsets(over: targetIsZero ? .zeros : .deviceData)
    }
  }

  /// Whether extents may come in any order.
  var takesAnyOrder: Bool {
    guard case .offsets = self else { return false }
    return true
  }
}

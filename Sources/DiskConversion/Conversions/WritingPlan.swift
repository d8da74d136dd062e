import StreamIO

/// How a raw disk is written: chosen once, from what the output is and what the user asked for.
enum WritingPlan: Equatable, Sendable {
  /// As a gzip member, to anything.
  case gzip(level: Int)
  /// To a pipe, every byte in order.
  case stream
  /// To a file or a device, each extent at its own offset.
  case offsets(over: RawFileSink.OldContents)

  /// `targetIsZero`: a device reads as zeros already.
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

/// What both converters let the user choose.
public struct CommonOptions: Equatable, Sendable {
  /// Replace an existing output, write to a device.
  public var force = false
  /// Threads that carry the disk; at least 1.
  public var threadCount = 2
  /// Wait until the output is on the disk.
  public var synchronizes = false
  /// Where temporary files go.
  public var temporaryDirectory = "/var/tmp"

  /// The defaults.
  public init() {}
}

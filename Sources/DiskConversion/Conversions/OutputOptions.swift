/// How a conversion treats its output.
public struct OutputOptions: Equatable, Sendable {
  /// Replace an existing file, write to a device.
  public var force = false
  /// Wait until the output is on the disk.
  public var synchronizes = false

  /// The defaults.
  public init() {}
}

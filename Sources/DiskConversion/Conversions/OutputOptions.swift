/// How a conversion handles its output.
public struct OutputOptions: Equatable, Sendable {
  /// Whether an existing file may be replaced, or a device overwritten.
  public var force = false
  /// Whether to wait until the output is on the disk.
  public var synchronizes = false

  /// Creates the default options.
  public init() {}
}

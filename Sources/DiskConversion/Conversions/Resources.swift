/// What the work on a disk may use.
public struct Resources: Equatable, Sendable {
  /// Threads that carry the disk; at least 1.
  public var threadCount = 2
  /// Where temporary files go; one can be as large as the disk.
  public var temporaryDirectory = "/var/tmp"

  /// The defaults.
  public init() {}
}

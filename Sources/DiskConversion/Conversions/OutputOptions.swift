/// Whether a file shares blocks with the files that it is made from, instead of having a copy.
///
/// Its bytes are the same either way.
public enum SharingMode: String, Equatable, Sendable, CaseIterable {
  /// Where the file system allows it.
  case auto
  /// It is an error if anything has to be copied that could be shared.
  case always
  /// Everything is copied.
  case never
}

/// How a conversion handles its output.
public struct OutputOptions: Equatable, Sendable {
  /// Whether an existing file may be replaced, or a device overwritten.
  public var force: Bool
  /// Whether the output shares blocks with the input.
  public var sharing: SharingMode
  /// Whether to wait until the output is on the disk.
  public var synchronizes: Bool
  /// Whether to read the output back from the disk and compare it with the input before it gets its name.
  ///
  /// Both must be files or devices; a bundle is a file for this.
  public var verifies: Bool

  /// Creates options; by default, nothing is replaced.
  public init(force: Bool = false, sharing: SharingMode = .auto, synchronizes: Bool = false, verifies: Bool = false) {
    self.force = force
    self.sharing = sharing
    self.synchronizes = synchronizes
    self.verifies = verifies
  }
}

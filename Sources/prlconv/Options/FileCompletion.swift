import ArgumentParser

extension CompletionKind {
  /// Names of Parallels images, and folders on the way to them.
  static var image: CompletionKind { .file(extensions: imageExtensions) }
  /// Names of raw disks, also in gzip, and folders on the way to them.
  static var rawDisk: CompletionKind { .file(extensions: rawExtensions) }
  /// Names of disks of either kind, and folders on the way to them.
  static var anyDisk: CompletionKind { .file(extensions: imageExtensions + rawExtensions) }

  private static var imageExtensions: [String] { ["hds", "hdd"] }
  private static var rawExtensions: [String] { ["img", "raw", "gz"] }
}

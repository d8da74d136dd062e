import ArgumentParser

extension CompletionKind {
  /// Completes Parallels images, and the folders that lead to them.
  static var image: CompletionKind { .file(extensions: imageExtensions) }
  /// Completes raw disks, compressed or not, and the folders that lead to them.
  static var rawDisk: CompletionKind { .file(extensions: rawExtensions) }
  /// Completes disks of either kind, and the folders that lead to them.
  static var anyDisk: CompletionKind { .file(extensions: imageExtensions + rawExtensions) }

  private static var imageExtensions: [String] { ["hds", "hdd"] }
  private static var rawExtensions: [String] { ["img", "raw", "gz"] }
}

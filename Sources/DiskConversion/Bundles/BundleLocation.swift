import StreamIO

/// Finds the bundle that a path means: its folder, its descriptor, the empty file in it, or a virtual machine's folder.
enum BundleLocation {
  static let descriptorName = "DiskDescriptor.xml"
  static let backupName = "DiskDescriptor.xml.Backup"

  /// The folder of the bundle, or nil if `path` means something else.
  ///
  /// - Throws: `severalDisks` for the folder of a virtual machine with more than one.
  static func folder(meantBy path: String) throws(ConversionError) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return try isBundle(path) ? path : onlyDisk(inMachine: path)
    case S_IFREG: return isInBundle(path, isEmpty: status.st_size == 0) ? parent(of: path) : nil
    default: return nil
    }
  }

  /// The descriptor, or the empty file that stands for the bundle in old file dialogs.
  private static func isInBundle(_ path: String, isEmpty: Bool) -> Bool {
    let name = baseName(of: path)
    return [descriptorName, backupName].contains(name)
      || (isEmpty && name.hasSuffix(".hdd") && isBundle(parent(of: path)))
  }

  /// Whatever has a descriptor's name counts, so that the error is about the descriptor.
  static func isBundle(_ folder: String) -> Bool {
    var status = stat()
    return [descriptorName, backupName].contains { lstat(folder + "/" + $0, &status) == 0 }
  }

  private static func onlyDisk(inMachine folder: String) throws(ConversionError) -> String? {
    var name = folder[...]
    while name.utf8.last == UInt8(ascii: "/") { name.removeLast() }
    guard name.lowercased().hasSuffix(".pvm") || name.lowercased().hasSuffix(".macvm") else { return nil }
    let entries = try converting(try OpenFile(directory: String(name)).names())
    let disks = entries.filter { $0.hasSuffix(".hdd") }.map { folder + "/" + $0 }.filter(isBundle).sorted()
    guard disks.count <= 1 else { throw ConversionError(folder, .severalDisks(disks)) }
    return disks.first
  }

  /// The folder that holds the file at `path`.
  static func parent(of path: String) -> String {
    let directory = directoryPart(of: path)
    return directory.isEmpty ? "." : directory
  }

  /// The last part of a path.
  static func baseName(of path: String) -> String {
    String(decoding: path.utf8.dropFirst(directoryPart(of: path).utf8.count), as: UTF8.self)
  }
}

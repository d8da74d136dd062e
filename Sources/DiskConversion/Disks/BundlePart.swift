import StreamIO

/// Whether an image is only a part of a disk, by the descriptor of the bundle that it lies in.
enum BundlePart {
  private static let descriptorName = "DiskDescriptor.xml"
  private static let byteLimit = 1 << 20

  /// Whether a descriptor beside the file at `path` lists several images or storages, and the file among them.
  ///
  /// A snapshot's image lacks what its parent has, and part of a split disk lacks the rest, but neither shows it.
  static func isListed(_ path: String) -> Bool {
    guard let target = try? targetOfLinks(path) else { return false }
    let directory = directoryPart(of: target)
    let name = String(decoding: target.utf8.dropFirst(directory.utf8.count), as: UTF8.self)
    guard let file = try? OpenFile(regular: directory + descriptorName) else { return false }
    guard let text = try? String(decoding: file.start(byteLimit), as: UTF8.self) else { return false }
    return text.contains(name) && (text.count(of: "<File>") > 1 || text.count(of: "<Storage>") > 1)
  }
}

extension OpenFile {
  fileprivate func start(_ byteCount: Int) throws(FileError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 1)
    defer { buffer.deallocate() }
    return Array(buffer[..<(try read(into: buffer, at: 0))])
  }
}

extension String {
  fileprivate func count(of part: String) -> Int {
    var count = 0
    var rest = self[...]
    while let range = rest.firstRange(of: part) {
      count += 1
      rest = rest[range.upperBound...]
    }
    return count
  }
}

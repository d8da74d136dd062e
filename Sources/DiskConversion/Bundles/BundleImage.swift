import ParallelsBundle
import ParallelsFormat
import StreamIO

/// An image of a bundle, opened but not judged.
struct BundleImage {
  /// How its bytes are stored.
  enum Contents {
    /// The raw bytes of the storage.
    case raw
    case expandable(ImageFile)
  }

  let listed: DiskDescriptor.Image
  let storage: DiskDescriptor.Storage
  /// Number of images above it in its chain.
  let depth: Int
  let file: DiskFile
  let contents: Contents

  /// Reads an image from the file `opened`; `isRoot` if no other is below it.
  ///
  /// Under ploop, every image is called plain, so the magic decides. A raw disk that has exactly the length of its storage
  /// may begin with one, unless it is the whole header of a disk of that length: then it is an image that is nearly full.
  ///
  /// - Throws: `bundle` for a raw file that is not the root or has another length; the errors of opening an image.
  init(
    _ listed: DiskDescriptor.Image, in opened: OpenFile, of storage: DiskDescriptor.Storage, depth: Int = 0,
    isRoot: Bool, bundleName: String, control: ConversionControl
  ) throws(ConversionError) {
    guard let file = try DiskFile(opened, progress: control.progress) else {
      throw ConversionError(opened.name, .isStream)
    }
    self.listed = listed
    self.storage = storage
    self.depth = depth
    self.file = file
    let length = storage.byteCount
    let stream = LookaheadStream(opened, interrupt: control.cancellation.interrupt)
    let start = try converting(stream.peek(Header.byteCount))
    let hasMagic = Layout(magicOf: start.span.bytes) != nil
    if listed.isPlain, isRoot, file.byteCount == length {
      let header = hasMagic ? try? Header(parsing: start.span.bytes) : nil
      guard header?.virtualByteCount == length else {
        contents = .raw
        return
      }
    }
    guard hasMagic || !listed.isPlain else {
      let problem =
        isRoot
        ? "raw image '\(opened.name)' has \(file.byteCount) bytes, but its storage has \(length)"
        : "raw image '\(opened.name)' is not the lowest of its chain"
      throw ConversionError(bundleName, .bundle(BundleProblem(.plainImage, problem)))
    }
    contents = .expandable(try ImageFile(file, stream: stream, progress: control.progress))
  }

  /// Opens an image by itself, whatever state it belongs to.
  init(
    _ listed: DiskDescriptor.Image, of storage: DiskDescriptor.Storage, in bundle: BundleFolder,
    control: ConversionControl
  ) throws(ConversionError) {
    let isRoot = bundle.descriptor.snapshots.first { $0.id == listed.id }?.parent == nil
    try self.init(
      listed, in: bundle.open(listed), of: storage, isRoot: isRoot, bundleName: bundle.name, control: control)
  }

  /// Size of the disk in the image, in bytes.
  var byteCount: UInt64 {
    switch contents {
    case .raw: file.byteCount
    case .expandable(let image): image.header.virtualByteCount
    }
  }

  /// Cluster size, in bytes; nil for a raw image.
  var clusterByteCount: UInt64? {
    guard case .expandable(let image) = contents else { return nil }
    return image.header.clusterByteCount
  }
}

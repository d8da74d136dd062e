import ParallelsBundle
import StreamIO

/// An image that the descriptor beside it lists as less than a disk.
enum BundlePart {
  /// The bundle in which the image `file`, at `path`, is a snapshot that lacks what its parent has, or a part of a split
  /// disk; nil if it is a whole disk.
  ///
  /// An image does not show this itself. A descriptor that can't be read says nothing.
  ///
  /// - Throws: `bundle` if the descriptor says that the bytes in the images are not those of the disk.
  static func bundle(whichLacks file: OpenFile, at path: String) throws(ConversionError) -> String? {
    guard file.kind == .regular, let target = try? targetOfLinks(path) else { return nil }
    let folder = BundleLocation.parent(of: target)
    let bundle: BundleFolder
    do throws(ConversionError) {
      bundle = try BundleFolder(folder, name: folder, allowsExternal: false)
    } catch {
      guard case .bundle(let problem) = error.cause, problem.kind.changesBytes else { return nil }
      throw ConversionError(path, error.cause)
    }
    let parents = Set(bundle.descriptor.snapshots.compactMap { $0.parent == nil ? nil : $0.id })
    let isSplit = bundle.descriptor.storages.count > 1
    for storage in bundle.descriptor.storages {
      for image in storage.images where isSplit || parents.contains(image.id) {
        if let listed = try? bundle.open(image), listed.identity == file.identity { return folder }
      }
    }
    return nil
  }
}

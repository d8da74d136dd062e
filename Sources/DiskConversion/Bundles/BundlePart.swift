import ParallelsBundle
import StreamIO

/// What an image is according to the descriptor beside it.
enum BundlePart {
  /// A disk, as far as the descriptor says, or there is none.
  case whole
  /// A snapshot that lacks what its parent has, or one part of a split disk, in the bundle at this path.
  case part(bundle: String)
  /// The oldest state of the bundle at this path, on which later ones build.
  case root(bundle: String)
  /// Something that the descriptor does not list, or that can't be known because it can't be read.
  case unknown(reason: String)

  /// Looks for a descriptor beside the image `file`, which is at `path`: the image does not show this itself.
  ///
  /// - Throws: `bundle` if the descriptor says that the bytes in the images are not those of the disk.
  init(_ file: OpenFile, at path: String) throws(ConversionError) {
    self = .whole
    guard file.kind == .regular, let target = try? targetOfLinks(path) else { return }
    let folder = BundleLocation.parent(of: target)
    guard BundleLocation.isBundle(folder) else { return }
    let bundle: BundleFolder
    do throws(ConversionError) {
      bundle = try BundleFolder(folder, name: folder, allowsExternal: false)
    } catch {
      if case .bundle(let problem) = error.cause, problem.kind.changesBytes { throw ConversionError(path, error.cause) }
      self = .unknown(reason: "cannot be read")
      return
    }
    self = bundle.part(file)
  }
}

extension BundleFolder {
  fileprivate func part(_ file: OpenFile) -> BundlePart {
    for storage in descriptor.storages {
      for image in storage.images where (try? open(image))?.identity == file.identity {
        let hasParent = descriptor.snapshots.contains { $0.id == image.id && $0.parent != nil }
        if hasParent || descriptor.storages.count > 1 { return .part(bundle: name) }
        return descriptor.snapshots.contains { $0.parent == image.id } ? .root(bundle: name) : .whole
      }
    }
    return .unknown(reason: "does not list it")
  }
}

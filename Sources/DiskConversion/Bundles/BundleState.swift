import ParallelsBundle
import ParallelsFormat
import StreamIO

/// One state of a bundle's disk: its images, opened but not judged.
struct BundleState {
  let bundle: BundleFolder
  /// The snapshot whose state it is.
  let id: BundleID
  /// For each storage, in the order of the disk, the images of the state, topmost first.
  let chains: [[BundleImage]]
  /// What is wrong although the disk can be read.
  let warnings: [BundleProblem]

  /// Opens the state called `name` (a snapshot's GUID, or the beginning of it), or the current one.
  ///
  /// - Throws: `bundle` if the state can't be read as a whole; the errors of opening an image.
  init(_ name: String?, of bundle: BundleFolder, control: ConversionControl) throws(ConversionError) {
    self.bundle = bundle
    let tree = bundle.tree
    id = try convertingBundle(bundle.name, tree.state(named: name ?? "current"))
    let ids = try convertingBundle(bundle.name, tree.chain(of: id))
    var chains: [[BundleImage]] = []
    // One file can't be two images, nor the descriptor, whatever its names.
    var used = [bundle.descriptorFile.file?.identity].compactMap(\.self)
    for storage in bundle.descriptor.storages {
      chains.append(try Self.chain(ids, of: storage, in: bundle, used: &used, control: control))
    }
    self.chains = chains
    var warnings = bundle.warnings
    if name == nil || name == "current", tree.isCurrentGuessed {
      warnings.append(BundleProblem(.guessedState, "no state is marked as the current one: {\(id)} is the only leaf"))
    }
    warnings += try Self.warnings(of: bundle, chains)
    self.warnings = warnings
  }

  /// The topmost image, whose format extension is about the disk; nil if it is raw or the disk is split.
  var topImage: ImageFile? {
    guard chains.count == 1, case .expandable(let image) = chains.first?.first?.contents else { return nil }
    return image
  }

  private static func chain(
    _ ids: [BundleID], of storage: DiskDescriptor.Storage, in bundle: BundleFolder, used: inout [OpenFile.Identity],
    control: ConversionControl
  ) throws(ConversionError) -> [BundleImage] {
    var chain: [BundleImage] = []
    for id in ids {
      guard let image = storage.images.first(where: { $0.id == id }) else {
        let problem = "snapshot {\(id)} has no image for the storage at byte \(storage.range.lowerBound)"
        throw ConversionError(bundle.name, .bundle(BundleProblem(.missingImage, problem)))
      }
      let file = try bundle.open(image)
      guard !used.contains(file.identity) else {
        throw ConversionError(bundle.name, .bundle(BundleProblem(.sharedFile, "file '\(image.file)' is used twice")))
      }
      used.append(file.identity)
      chain.append(
        try BundleImage(
          image, in: file, of: storage, depth: chain.count, isRoot: id == ids.last, bundleName: bundle.name,
          control: control))
    }
    // Disks only grow. No document says whether a lower image shows past the end of a shorter one.
    for (upper, lower) in zip(chain, chain.dropFirst()) where upper.byteCount < min(lower.byteCount, storage.byteCount)
    {
      let text = "image '\(upper.listed.file)' has a shorter disk than '\(lower.listed.file)', which it builds on"
      throw ConversionError(bundle.name, .bundle(BundleProblem(.shrunkImage, text)))
    }
    return chain
  }

  private static func warnings(
    of bundle: BundleFolder, _ chains: [[BundleImage]]
  ) throws(ConversionError) -> [BundleProblem] {
    var warnings: [BundleProblem] = []
    let known = Set(bundle.descriptor.snapshots.map(\.id))
    for image in bundle.descriptor.storages.flatMap(\.images) where !known.contains(image.id) {
      warnings.append(BundleProblem(.orphan, "image '\(image.file)' belongs to no snapshot"))
    }
    for image in chains.joined() {
      if let size = image.clusterByteCount, let said = image.storage.clusterByteCount, size != said {
        let text = "image '\(image.listed.file)' has clusters of \(size) bytes, but the descriptor says \(said)"
        warnings.append(BundleProblem(.clusterSize, text))
      }
      let length = image.storage.byteCount
      // A disk may have been enlarged after a snapshot, but not made smaller.
      if image.byteCount > length || (image.depth == 0 && image.byteCount < length) {
        let text = "image '\(image.listed.file)' has a disk of \(image.byteCount) bytes, but its storage has \(length)"
        warnings.append(BundleProblem(.imageSize, text))
      }
    }
    if bundle.isLocked { warnings.append(BundleProblem(.running, "its virtual machine seems to run (vm.lock)")) }
    for file in try bundle.unlistedFiles() {
      warnings.append(BundleProblem(.unlistedFile, "the descriptor does not list file '\(file)'"))
    }
    return warnings
  }
}

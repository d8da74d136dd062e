/// Makes a descriptor of XML elements, and refuses what would make the disk unreadable.
struct DescriptorDecoder {
  let root: XMLElement

  private static let sectorByteCount: UInt64 = 512

  func decode() throws(BundleProblem) -> DiskDescriptor {
    guard ["Parallels_disk_image", "Virtuozzo_disk_image"].contains(root.name) else {
      throw BundleProblem(.version, "it does not describe a Parallels disk: its root is '\(root.name)'")
    }
    // ploop writes none.
    if let version = root.attributes["Version"], version != "1.0" {
      throw BundleProblem(.version, "version '\(version)' is not supported (only 1.0 is)")
    }
    let parameters = try element("Disk_Parameters", in: root)
    try refuse(parameters)
    let byteCount = try bytes("Disk_size", in: parameters)
    let storages = try storages(of: element("StorageData", in: root), diskByteCount: byteCount)
    let (snapshots, top) = try snapshots(storages)
    return DiskDescriptor(byteCount: byteCount, storages: storages, snapshots: snapshots, top: top)
  }

  /// Refuses a disk whose bytes are not what its images hold.
  private func refuse(_ parameters: XMLElement) throws(BundleProblem) {
    if let padding = parameters.first("Padding")?.trimmedText, !["", "0"].contains(padding) {
      throw BundleProblem(.padding, "the disk is padded in a way that is not documented (Padding \(padding))")
    }
    if let size = parameters.first("LogicSectorSize")?.trimmedText, size != "\(Self.sectorByteCount)" {
      throw BundleProblem(.sectorSize, "logical sectors of '\(size)' bytes are not supported (only 512 are)")
    }
    if let encryption = parameters.first("Encryption") { try refuse(encryption: encryption) }
    if root.all("Volume").contains(where: { $0.contains("Parent") }) {
      throw BundleProblem(.parentVolume, "its parent is another bundle (Volume/Parent)")
    }
  }

  private func refuse(encryption: XMLElement) throws(BundleProblem) {
    let engine = encryption.first("Engine")?.trimmedText ?? ""
    let isPlain = engine.isEmpty || BundleID(engine) == .null
    guard isPlain, !encryption.contains("Data"), !encryption.contains("KeyId") else {
      throw BundleProblem(.encrypted, "the disk is encrypted")
    }
  }

  private func storages(
    of data: XMLElement, diskByteCount: UInt64
  ) throws(BundleProblem) -> [DiskDescriptor.Storage] {
    var storages: [DiskDescriptor.Storage] = []
    let elements = data.all("Storage")
    guard elements.count <= DiskDescriptor.storageLimit else {
      throw BundleProblem(.storage, "it has more than \(DiskDescriptor.storageLimit) storages")
    }
    for element in elements { storages.append(try storage(element)) }
    storages.sort { $0.range.lowerBound < $1.range.lowerBound }
    var end: UInt64 = 0
    for storage in storages {
      guard storage.range.lowerBound == end else {
        let what = storage.range.lowerBound < end ? "overlap" : "leave a gap"
        throw BundleProblem(.storage, "storages \(what) at byte \(min(end, storage.range.lowerBound))")
      }
      end = storage.range.upperBound
    }
    guard end == diskByteCount, end > 0 else {
      throw BundleProblem(.storage, "the storages end at byte \(end), but the disk has \(diskByteCount)")
    }
    return storages
  }

  private func storage(_ element: XMLElement) throws(BundleProblem) -> DiskDescriptor.Storage {
    let (start, end) = try (bytes("Start", in: element), bytes("End", in: element))
    guard start < end else { throw BundleProblem(.storage, "a storage ends at byte \(end), before or at its start") }
    let blockSize = element.first("Blocksize") ?? element.first("BlockSize")
    var images: [DiskDescriptor.Image] = []
    for image in element.all("Image") { images.append(try self.image(image)) }
    guard images.count <= DiskDescriptor.imageLimit else {
      throw BundleProblem(.chain, "a storage has more than \(DiskDescriptor.imageLimit) images")
    }
    if let twice = firstTwice(images.map(\.id)) {
      throw BundleProblem(.duplicate, "a storage has two images of snapshot {\(twice)}")
    }
    return DiskDescriptor.Storage(
      range: start..<end, clusterByteCount: blockSize.flatMap { UInt64($0.trimmedText) }?.bytes, images: images)
  }

  private func image(_ element: XMLElement) throws(BundleProblem) -> DiskDescriptor.Image {
    let id = try id("GUID", in: element)
    let type = try self.element("Type", in: element).trimmedText
    guard ["Compressed", "Plain"].contains(type) else {
      throw BundleProblem(.imageType, "image {\(id)} has the type '\(type)', which is not supported")
    }
    let file = try self.element("File", in: element).trimmedText
    guard !file.isEmpty else { throw BundleProblem(.field, "image {\(id)} has no file") }
    return DiskDescriptor.Image(id: id, isPlain: type == "Plain", file: file)
  }

  private func snapshots(
    _ storages: [DiskDescriptor.Storage]
  ) throws(BundleProblem) -> ([DiskDescriptor.Snapshot], top: BundleID?) {
    let list = root.first("Snapshots")
    var snapshots: [DiskDescriptor.Snapshot] = []
    for shot in list?.all("Shot") ?? [] { snapshots.append(try snapshot(shot)) }
    guard snapshots.count <= DiskDescriptor.snapshotLimit else {
      throw BundleProblem(.chain, "it has more than \(DiskDescriptor.snapshotLimit) snapshots")
    }
    if let twice = firstTwice(snapshots.map(\.id)) {
      throw BundleProblem(.duplicate, "snapshot {\(twice)} is listed twice")
    }
    // As ploop does: a disk that never had snapshots need not list its only state.
    if snapshots.isEmpty, let only = storages.first?.images.first?.id, storages.allSatisfy({ $0.images.count == 1 }) {
      snapshots = [DiskDescriptor.Snapshot(id: only, parent: nil)]
    }
    let top = list?.first("TopGUID")
    return (snapshots, try top.map { _ throws(BundleProblem) in try id("TopGUID", in: list) })
  }

  private func snapshot(_ shot: XMLElement) throws(BundleProblem) -> DiskDescriptor.Snapshot {
    let id = try id("GUID", in: shot)
    let unfinished = ["TemporaryZero", "TemporaryZeroSwap"].first { shot.first($0) != nil }
    if let operation = shot.attributes["Operation"] ?? unfinished {
      throw BundleProblem(.unfinished, "an operation on snapshot {\(id)} is unfinished (\(operation))")
    }
    let parent = try self.id("ParentGUID", in: shot)
    return DiskDescriptor.Snapshot(id: id, parent: parent == .null ? nil : parent)
  }
}

extension DescriptorDecoder {
  private func element(_ name: String, in parent: XMLElement?) throws(BundleProblem) -> XMLElement {
    guard let element = parent?.first(name) else { throw BundleProblem(.field, "the element '\(name)' is missing") }
    return element
  }

  private func id(_ name: String, in parent: XMLElement?) throws(BundleProblem) -> BundleID {
    let text = try element(name, in: parent).trimmedText
    guard let id = BundleID(text) else { throw BundleProblem(.field, "'\(text)' is not a GUID (\(name))") }
    return id
  }

  /// A number of sectors, in bytes, which must fit a signed 64-bit count as in an image.
  private func bytes(_ name: String, in parent: XMLElement) throws(BundleProblem) -> UInt64 {
    let text = try element(name, in: parent).trimmedText
    let isDecimal = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    guard isDecimal, let bytes = UInt64(text)?.bytes, bytes <= UInt64(Int64.max) else {
      throw BundleProblem(.field, "'\(text)' is not a number of sectors (\(name))")
    }
    return bytes
  }

  private func firstTwice(_ ids: [BundleID]) -> BundleID? {
    var seen: Set<BundleID> = []
    return ids.first { !seen.insert($0).inserted }
  }
}

extension UInt64 {
  /// This number of sectors in bytes; nil if that overflows.
  fileprivate var bytes: UInt64? {
    let (bytes, overflow) = multipliedReportingOverflow(by: 512)
    return overflow ? nil : bytes
  }
}

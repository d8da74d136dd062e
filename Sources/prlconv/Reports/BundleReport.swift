import DiskConversion

extension BundleInfo {
  /// The report for people: facts, then the tree of snapshots, then the images.
  var lines: [String] {
    var lines = [
      "bundle: \(name.printable)",
      "format: parallels-bundle",
      "virtual size: \(ByteSize(byteCount: virtualByteCount).exactDescription)",
      "file size: \(ByteSize(byteCount: fileByteCount).exactDescription)",
      "space taken: \(ByteSize(byteCount: storedByteCount).exactDescription)",
      "current state: \(current ?? "unknown")", "snapshots:",
    ]
    for root in snapshots where isRoot(root) { lines += tree(below: root, indent: "  ", rest: snapshots.count) }
    for storage in storages {
      lines.append("storage from byte \(storage.range.lowerBound) to \(storage.range.upperBound):")
      lines += storage.images.map { "  " + $0.line }
    }
    return lines + unlistedFiles.map { "not in the descriptor: \($0.printable)" }
  }

  /// Whether no snapshot that exists is its parent.
  private func isRoot(_ snapshot: Snapshot) -> Bool { !snapshots.contains { $0.id == snapshot.parent } }

  /// `rest` ends what a descriptor with a circle would make endless.
  private func tree(below snapshot: Snapshot, indent: String, rest: Int) -> [String] {
    let line = indent + snapshot.id + (snapshot.isCurrent ? " (current)" : "")
    guard rest > 0 else { return [line] }
    return [line]
      + snapshots.filter { $0.parent == snapshot.id }.flatMap { tree(below: $0, indent: indent + "  ", rest: rest - 1) }
  }

  /// The report for programs; sizes are in bytes.
  var json: String {
    let data = JSONText.object([
      "current": JSONText.string(orNull: current), "snapshots": JSONText.array(snapshots.map(\.json)),
      "storages": JSONText.array(storages.map(\.json)),
      "unlisted-files": JSONText.array(unlistedFiles.map { JSONText.string($0) }),
    ])
    return JSONText.object([
      "filename": JSONText.string(name), "format": JSONText.string("parallels-bundle"),
      "virtual-size": JSONText.number(virtualByteCount), "actual-size": JSONText.number(storedByteCount),
      "file-size": JSONText.number(fileByteCount), "cluster-size": JSONText.number(clusterByteCount),
      "dirty-flag": "\(isOpen)",
      "format-specific": JSONText.object(["type": JSONText.string("parallels-bundle"), "data": data]),
    ])
  }
}

extension BundleInfo.Snapshot {
  fileprivate var json: String {
    JSONText.object([
      "id": JSONText.string(id), "parent": JSONText.string(orNull: parent), "current": "\(isCurrent)",
    ])
  }
}

extension BundleInfo.Storage {
  fileprivate var json: String {
    JSONText.object([
      "start": JSONText.number(range.lowerBound), "length": JSONText.number(range.upperBound - range.lowerBound),
      "images": JSONText.array(images.map(\.json)),
    ])
  }
}

extension BundleInfo.Image {
  private var type: String? { isRaw.map { $0 ? "raw" : "expandable" } }

  fileprivate var line: String {
    var facts = ["\(id): \(type ?? "cannot be opened")"]
    if let clusterByteCount { facts.append("clusters of \(ByteSize(byteCount: clusterByteCount))") }
    if let allocatedClusterCount { facts.append("\(allocatedClusterCount) allocated") }
    if isOpen == true { facts.append("not closed") }
    return (facts + [fileName.printable]).joined(separator: ", ")
  }

  fileprivate var json: String {
    JSONText.object([
      "id": JSONText.string(id), "type": JSONText.string(orNull: type), "filename": JSONText.string(fileName),
      "cluster-size": JSONText.number(clusterByteCount), "allocated-clusters": JSONText.number(allocatedClusterCount),
      "dirty-flag": isOpen.map { "\($0)" } ?? "null",
    ])
  }
}

import DiskConversion
import ParallelsFormat

extension ImageInfo {
  /// The report for people, one fact per line.
  var lines: [String] {
    var lines = [
      "image: \(fileName.printable)",
      "format: parallels, \(header.layout.rawValue) (\(header.layout.magic))",
      "virtual size: \(ByteSize(byteCount: header.virtualByteCount).exactDescription)",
      "file size: \(ByteSize(byteCount: fileByteCount).exactDescription)",
      "space taken: \(ByteSize(byteCount: storedByteCount).exactDescription)",
      "cluster size: \(ByteSize(byteCount: header.clusterByteCount).exactDescription), "
        + counted(header.sectorsPerCluster, "sector"),
      "BAT: \(counted(header.batEntryCount, "entry", plural: "entries")), \(allocationText)",
      header.dataByteOffset == 0
        ? "data area: after the BAT (data_off 0)" : "data area: from byte \(header.dataByteOffset) on (data_off)",
      "geometry: \(header.heads) heads, \(header.cylinders) cylinders",
      "state: \(stateText)",
      "stream order: \(orderText)",
    ]
    if header.flags.contains(.empty) { lines.append("flagged as empty") }
    guard let formatExtension else { return lines + ["format extension: none"] }
    lines.append(formatExtension.line)
    return lines + bitmaps.map(\.line)
  }

  private var allocationText: String {
    guard let allocatedClusterCount else { return "cut off by the end of the file" }
    return
      "\(allocatedClusterCount) allocated (\(ByteSize(byteCount: UInt64(allocatedClusterCount) * header.clusterByteCount)))"
  }

  private var orderText: String {
    switch isInStreamOrder {
    case true: "yes"
    case false: "no: converting from pipe to pipe needs a temporary file"
    case nil: "unknown"
    }
  }

  private var stateText: String {
    let raw = "in_use 0x\(String(header.inUse.rawValue, radix: 16))"
    return switch header.inUse {
    case .open: "open: in use, or its writer crashed (\(raw))"
    case .unset: "closed by software that does not know the format extension (\(raw))"
    default: "closed (\(raw))"
    }
  }
}

extension ImageInfo.Extension {
  fileprivate var line: String {
    let place = byteOffset.map { "at byte \($0), " } ?? ""
    return "format extension: \(place)\(state.rawValue)" + (problem.map { ": \($0)" } ?? "")
  }
}

extension ImageInfo.Bitmap {
  fileprivate var line: String {
    var facts = ["dirty bitmap \(id ?? "without an ID"): \(state.rawValue)"]
    if let granularityByteCount { facts.append("granularity \(ByteSize(byteCount: granularityByteCount))") }
    if let dirtyByteCount, let dirtyExtentCount {
      let dirty = ByteSize(byteCount: dirtyByteCount)
      facts.append("\(dirty) dirty in \(counted(dirtyExtentCount, "extent"))")
    }
    if let problem { facts.append(problem) }
    return facts.joined(separator: ", ")
  }
}

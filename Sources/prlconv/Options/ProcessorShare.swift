import StreamIO

/// How many processors the process may use.
enum ProcessorShare {
  /// More would take memory that nobody expects: with 16, every command stays below 64 MiB.
  private static let limit = 16

  /// Number of threads for the processors of the affinity mask and of the cgroup's limit; from 1 to 16.
  static var threadCount: Int {
    let mask = allowedProcessorCount() ?? sysconf(CInt(_SC_NPROCESSORS_ONLN))
    return min(max(1, min(mask, ControlGroup.processorLimit(readingFile: text) ?? .max)), limit)
  }

  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 16 << 10)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }
}

/// The limit that control groups put on processor time.
enum ControlGroup {
  /// The processors that the limit amounts to, rounded up; nil without one.
  ///
  /// `readingFile` returns the text of a file, or nil. Version 2 has `cpu.max` in each group, version 1 has two files.
  /// In a container, the own group is usually mounted as the root, so both places count.
  static func processorLimit(readingFile text: (String) -> String?) -> Int? {
    let groups = (text("/proc/self/cgroup") ?? "").split(separator: "\n").compactMap(Group.init)
    return groups.flatMap(\.folders).compactMap { limit(in: $0, text) }.min()
  }

  private static func limit(in folder: String, _ text: (String) -> String?) -> Int? {
    let two = text("\(folder)/cpu.max")?.split { $0.isWhitespace }.map { Double($0) }
    let one = ["cpu.cfs_quota_us", "cpu.cfs_period_us"].map { name in
      text("\(folder)/\(name)").flatMap { Double($0.split(separator: "\n").first ?? "") }
    }
    let values = two ?? one
    guard values.count == 2, let quota = values[0], let period = values[1], quota > 0, period > 0 else { return nil }
    return Int(min((quota / period).rounded(.up), 1e6))
  }

  /// A line of `/proc/self/cgroup`: number, controllers and path.
  private struct Group {
    var mount: String
    var path: Substring

    init?(_ line: Substring) {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      guard fields[1].isEmpty || fields[1].split(separator: ",").contains("cpu") else { return nil }
      mount = "/sys/fs/cgroup" + (fields[1].isEmpty ? "" : "/\(fields[1])")
      path = fields[2]
    }

    /// The group and those that it is in, each of which may have a limit.
    var folders: [String] {
      var folders = [mount]
      for part in path.split(separator: "/") where part != ".." {
        folders.append("\(folders[folders.count - 1])/\(part)")
      }
      return folders
    }
  }
}

import ParallelsFormat

/// The format extension of an image, or why it can't be read.
typealias FoundExtension = Result<FormatExtension, ExtensionProblem>

extension Header {
  /// Reads the format extension of an image in a file; nil if the header does not point to one.
  func readExtension(from file: DiskFile) throws(ConversionError) -> FoundExtension? {
    guard var cluster = ExtensionCluster(header: self) else { return nil }
    let end = min(cluster.range.upperBound, file.byteCount)
    let byteLimit = Int(min(ExtentGrid.copiedByteLimit, clusterByteCount))
    try withBuffer(byteCount: byteLimit) { (buffer) throws(ConversionError) in
      var offset = cluster.range.lowerBound
      while offset < end {
        let piece = buffer.part(..<Int(min(UInt64(buffer.count), end - offset)))
        try file.read(into: piece, at: offset)
        cluster.feed(UnsafeRawBufferPointer(piece).bytes, at: offset)
        offset += UInt64(piece.count)
      }
    }
    return cluster.found(fileByteCount: file.byteCount)
  }

  /// Everything that is wrong with an extension.
  func problems(of found: FoundExtension, fileByteCount: UInt64) -> [ExtensionProblem] {
    switch found {
    case .success(let readable): readable.problems(in: self, fileByteCount: fileByteCount)
    case .failure(let problem): [problem]
    }
  }
}

extension ExtensionCluster {
  /// The contents of the cluster, once the whole file was read.
  func found(fileByteCount: UInt64) -> FoundExtension {
    FoundExtension { () throws(ExtensionProblem) in try finish(fileByteCount: fileByteCount) }
  }
}

extension Events {
  func warn(of problems: [ExtensionProblem], path: String) {
    for problem in problems { report(.warning(path: path, "\(problem.description); the disk can be read without it")) }
  }
}

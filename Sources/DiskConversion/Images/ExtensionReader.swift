import ParallelsFormat
import StreamIO

/// The format extension of an image, or why it can't be read.
typealias FoundExtension = Result<FormatExtension, ExtensionProblem>

extension Header {
  /// Reads the format extension of an image in a file; nil when the header names none.
  func readExtension(from file: OpenFile, fileByteCount: UInt64) throws(ConversionError) -> FoundExtension? {
    guard var cluster = ExtensionCluster(header: self) else { return nil }
    let slot = Slot(byteCount: Int(min(ExtentGrid.copiedByteLimit, clusterByteCount)))
    var offset = cluster.range.lowerBound
    while offset < min(cluster.range.upperBound, fileByteCount) {
      let wanted = Int(min(UInt64(slot.buffer.count), cluster.range.upperBound - offset))
      let piece = UnsafeMutableRawBufferPointer(rebasing: slot.buffer[..<wanted])
      let count = try converting { () throws(FileError) in try file.read(into: piece, at: offset) }
      cluster.feed(UnsafeRawBufferPointer(rebasing: slot.buffer[..<count]).bytes, at: offset)
      guard count == wanted else { break }
      offset += UInt64(count)
    }
    return Self.finish(cluster, fileByteCount: fileByteCount)
  }

  /// Everything that is wrong with an extension whose cluster has gone by.
  func problems(of cluster: ExtensionCluster, fileByteCount: UInt64) -> [ExtensionProblem] {
    problems(of: Self.finish(cluster, fileByteCount: fileByteCount), fileByteCount: fileByteCount)
  }

  /// Everything that is wrong with what was found of an extension.
  func problems(of found: FoundExtension, fileByteCount: UInt64) -> [ExtensionProblem] {
    switch found {
    case .success(let readable): readable.problems(in: self, fileByteCount: fileByteCount)
    case .failure(let problem): [problem]
    }
  }

  private static func finish(_ cluster: ExtensionCluster, fileByteCount: UInt64) -> FoundExtension {
    do throws(ExtensionProblem) {
      return .success(try cluster.finish(fileByteCount: fileByteCount))
    } catch {
      return .failure(error)
    }
  }
}

extension ConversionControl {
  /// Guest data does not depend on the extension, so a damaged one is worth a warning and no more.
  func warn(of problems: [ExtensionProblem], path: String) {
    for problem in problems {
      tell(.warning(path: path, "\(problem.description); it is not needed for the data"))
    }
  }
}

import ParallelsFormat
import StreamIO

extension ParallelsImage {
  /// Warns when the format extension of an image in a file is not what it should be.
  func checkExtension(in file: OpenFile, fileByteCount: UInt64, control: ConversionControl) throws(ConversionError) {
    guard var check = ExtensionCheck(header: header) else { return }
    let slot = Slot(byteCount: Int(min(ExtentGrid.copiedByteLimit, header.clusterByteCount)))
    var offset = check.range.lowerBound
    while offset < check.range.upperBound {
      let wanted = Int(min(UInt64(slot.buffer.count), check.range.upperBound - offset))
      let piece = UnsafeMutableRawBufferPointer(rebasing: slot.buffer[..<wanted])
      let count = try converting { () throws(IOError) in try file.read(into: piece, at: offset) }
      check.feed(UnsafeRawBufferPointer(rebasing: slot.buffer[..<count]).bytes, at: offset)
      guard count == wanted else { break }
      offset += UInt64(count)
    }
    control.warn(of: check.problem(fileByteCount: fileByteCount), path: file.name)
  }
}

extension ConversionControl {
  /// Guest data does not depend on the extension, so a damaged one is worth a warning and no more.
  func warn(of problem: ExtensionProblem?, path: String) {
    guard let problem else { return }
    tell(.warning(path: path, "\(problem.description); it is not needed for the data"))
  }
}

import StreamIO

/// An open input: a file of the system, or bytes that a program provides.
enum InputFile: Sendable {
  case file(OpenFile)
  case reader(NamedReader)

  /// The name in messages.
  var name: String {
    switch self {
    case .file(let file): file.name
    case .reader(let reader): reader.name
    }
  }

  /// The file of the system; nil for bytes that a program provides.
  var file: OpenFile? {
    guard case .file(let file) = self else { return nil }
    return file
  }

  /// Fills `buffer` from `offset` on; returns the number of bytes, which is smaller only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FileError) -> Int {
    switch self {
    case .file(let file): try file.read(into: buffer, at: offset)
    case .reader(let reader): try reader.read(into: buffer, at: offset)
    }
  }

  /// The bytes in order, from the start.
  func stream(_ control: ConversionControl) -> LookaheadStream {
    switch self {
    case .file(let file): LookaheadStream(file, interrupt: control.cancellation.interrupt)
    case .reader(let reader): LookaheadStream(InputStart(self, byteCount: reader.reader.byteCount))
    }
  }

  /// The bytes at any offset; nil for a pipe.
  func diskFile(_ progress: ConversionProgress) throws(ConversionError) -> DiskFile? {
    switch self {
    case .file(let file): try DiskFile(file, progress: progress)
    case .reader(let reader): DiskFile(reader, progress: progress)
    }
  }
}

extension InputFile: Equatable {
  static func == (first: InputFile, second: InputFile) -> Bool {
    switch (first, second) {
    case (.file(let first), .file(let second)): first === second
    case (.reader(let first), .reader(let second)): first.reader === second.reader
    default: false
    }
  }
}

/// The first bytes of an input that can be read at any offset, in order.
final class InputStart: ByteStream {
  private let input: InputFile
  private let byteCount: UInt64
  private var position: UInt64 = 0

  init(_ input: InputFile, byteCount: UInt64) { (self.input, self.byteCount) = (input, byteCount) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let wanted = Int(min(UInt64(buffer.count), byteCount - position))
    let count = try input.read(into: buffer.part(..<wanted), at: position)
    position += UInt64(count)
    return count
  }
}

import DiskConversion
import FuzzSupport
import ParallelsFormat
import StreamIO

/// What reading gzip promises of any bytes: data or an error, the same however it is read.
struct GzipPromises {
  /// Most bytes that are decoded: 64 KiB can hold 64 MiB.
  private static let byteLimit = 16 << 20
  private static let gzipPath = ScratchFile.path("disk.img.gz")
  private static let rawPath = ScratchFile.path("disk.img")

  private let stream: PlannedStream
  private let smallPiece: Int

  init(_ stream: PlannedStream, smallPiece: Int) {
    self.stream = stream
    self.smallPiece = smallPiece
  }

  func checkDecoding() {
    let whole = Decoded(stream.bytes, piece: 1 << 20, limit: Self.byteLimit)
    switch stream.outcome {
    case .data(let data):
      promise(whole.error == nil && isSame(whole.bytes[...], data[...]), "members become their data: \(whole)")
    case .failure: promise(whole.error != nil, "a member after padding is refused")
    case .unknown: break
    }
    let plain = Decoded(stream.bytes, piece: 1 << 20, limit: Self.byteLimit, shortcuts: .none)
    promise(whole.error == plain.error, "shortcuts change no error: \(whole), \(plain)")
    promise(isSame(whole.bytes[...], plain.bytes[...]), "shortcuts change no byte: \(whole), \(plain)")
    let inPieces = Decoded(stream.bytes, piece: smallPiece, limit: 64 << 10)
    // What was decoded of the piece that has an error in it is not handed out.
    let common = min(whole.bytes.count, inPieces.bytes.count)
    promise(isSame(whole.bytes[..<common], inPieces.bytes[..<common]), "pieces have the same bytes")
    if whole.isComplete, inPieces.isComplete {
      promise(inPieces.error == whole.error, "pieces end as the whole does: \(whole), \(inPieces)")
      promise(whole.error != nil || whole.bytes.count == inPieces.bytes.count, "pieces have all bytes")
    }
    if let error = whole.error {
      promise(
        error.byteOffset ?? .max <= UInt64(stream.bytes.count), "the place of an error is in the stream: \(error)")
      promise(!error.description.isEmpty, "an error has a reason")
    }
  }

  /// That the disk in the stream has the same bytes as one in a raw file, and is refused when it does not decode.
  func checkComparison() {
    let whole = Decoded(stream.bytes, piece: 1 << 20, limit: 1 << 20)
    // What the bytes are is asked of both files: the raw one must not be taken for a compressed one.
    // Nothing at all, and what looks like another format, is refused although it decodes.
    guard !whole.bytes.isEmpty || whole.error != nil, ForeignFormat(start: Array(whole.bytes.prefix(512))) == nil,
      ForeignFormat(end: whole.bytes.suffix(512)) == nil
    else { return }
    guard whole.isComplete, stream.bytes.starts(with: GzipStream.magic), !whole.bytes.starts(with: GzipStream.magic)
    else { return }
    ScratchFile.write(stream.bytes, to: Self.gzipPath)
    ScratchFile.write(whole.bytes, to: Self.rawPath)
    let comparison = try? DiskComparison.compare(
      .path(Self.gzipPath), .path(Self.rawPath), options: DiskComparison.Options(), control: ConversionControl())
    let isImage = Layout(magicOf: whole.bytes.span.bytes) != nil
    promise((comparison != nil) == (whole.error == nil && !isImage), "a disk in gzip is read when it decodes: \(whole)")
    promise(comparison?.firstDifference == nil, "a disk in gzip has its bytes")
  }
}

/// What a stream decodes to, as far as it was read.
private struct Decoded {
  private(set) var bytes: [UInt8] = []
  /// Why no more could be read.
  private(set) var error: FileError?
  /// Whether it was read to its end, or to an error.
  private(set) var isComplete = false

  /// Reads in pieces of this many bytes until `limit` is reached.
  init(_ compressed: [UInt8], piece: Int, limit: Int, shortcuts: GzipShortcuts = GzipShortcuts(threadCount: 2)) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
    defer { buffer.deallocate() }
    do throws(FileError) {
      let gzip = try GzipStream(LookaheadStream(ByteArrayStream(compressed)), path: "disk.gz", shortcuts: shortcuts)
      while bytes.count < limit, !isComplete {
        let count = try gzip.read(into: buffer)
        bytes += buffer[..<count]
        isComplete = count < piece
        promise(gzip.compressedPosition <= UInt64(compressed.count), "the position is in the stream")
      }
    } catch {
      isComplete = true
      self.error = error
    }
  }
}

/// Bytes in memory as a stream.
private final class ByteArrayStream: ByteStream {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let taken = rest.prefix(buffer.count)
    buffer.copyBytes(from: taken)
    rest = rest.dropFirst(taken.count)
    return taken.count
  }
}

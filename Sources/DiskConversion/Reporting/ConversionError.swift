public import ParallelsBundle
public import ParallelsFormat
public import StreamIO

/// Why a conversion stopped, and which file caused it.
///
/// Its ``description`` is for people; Foundation's `localizedDescription` does not know it.
public struct ConversionError: Error, Equatable, Sendable {
  /// What is wrong with the file.
  public enum Cause: Equatable, Sendable {
    /// A system call, decompressing the input or compressing the output failed.
    case file(FileError)
    /// The header is invalid, or the image to write would exceed the limits.
    case format(FormatError)
    /// The image as a whole breaks a rule.
    case header(HeaderProblem)
    /// A BAT entry breaks a rule.
    case entry(EntryProblem)
    /// The format extension prevents the requested operation, or can't be written.
    case formatExtension(ExtensionProblem)
    /// The image has no dirty bitmap with that name, or more than one; `ids` are the ones that it has.
    case noSuchBitmap(String, ids: [String])
    /// A dirty bitmap can't be trusted, for the reason given.
    case untrustedBitmap(reason: String)
    /// The file has `byteCount` bytes, but the disk has `needed`.
    case otherSize(byteCount: UInt64, needed: UInt64)
    /// The output file already exists, and replacing it was not requested.
    case exists
    /// The output is a block device, and overwriting it was not requested.
    case isBlockDevice
    /// Standard output was opened for appending (`>>`), which prevents writing at offsets.
    case isAppendOnly
    /// Standard output is a file with bytes after the offset where the output would begin.
    case hasContents
    /// Standard output and standard error are the same file or pipe, so messages would be mixed with the data.
    case takesMessages
    /// Input and output are the same file.
    case isInputToo
    /// The output can't share blocks with the input, for the reason given, but was asked to.
    case cannotShare(String)
    /// The output exists, and is not a bundle that could be replaced.
    case isNotBundle
    /// The disk has no bytes, and no bundle can have such a disk.
    case isEmptyDisk
    /// The raw disk begins like an image of a disk of its own size, and would be read as that in a plain bundle.
    case looksLikeImage
    /// A bundle can't have that name, for the reason given.
    case bundleName(String)
    /// The raw input is a Parallels image.
    case isParallelsImage
    /// The Parallels input is compressed with gzip.
    case isCompressed
    /// The input has a format that is neither raw nor Parallels.
    case isForeign(ForeignFormat)
    /// The input is a stream without any bytes.
    case isEmpty
    /// The bundle as a whole can't be read.
    case bundle(BundleProblem)
    /// The folder of a virtual machine has several disks, at these paths.
    case severalDisks([String])
    /// The image is a snapshot or one part of the disk whose bundle has this path.
    case isPartOfBundle(String)
    /// A state of a bundle was chosen, but the input is not a bundle.
    case hasNoSnapshots
    /// The input is a bundle, where a single image is needed.
    case isBundle
    /// The input is longer than the requested size, in bytes.
    case longerThan(byteCount: UInt64)
    /// The file ended at `byteCount`, although it was longer when the conversion began.
    case endedEarly(byteCount: UInt64)
    /// The file was written to while it was read.
    case changed
    /// The device has `byteCount` bytes, but the disk needs `needed`.
    case deviceTooSmall(byteCount: UInt64, needed: UInt64)
    /// The output was not compared with the input, for the reason given, but was to be.
    case cannotVerify(String)
    /// The output that was written differs from the input from this byte of the disk on.
    case verificationFailed(byteOffset: UInt64)
    /// The copy that was refreshed differs from the image from this byte of the disk on.
    case isNotCopy(byteOffset: UInt64)
    /// The output is a reader, which can only be an input.
    case isReader
    /// The file is a pipe, but offsets are needed.
    case isStream
    /// The system had no memory for a buffer of `byteCount` bytes.
    case outOfMemory(byteCount: Int)
    /// The conversion was cancelled.
    case cancelled
  }

  /// The file as the user named it, or "stdin" or "stdout"; empty if the error is not about a file.
  public var path: String
  /// What is wrong with the file.
  public var cause: Cause

  init(_ path: String, _ cause: Cause) {
    self.path = path
    self.cause = cause
  }

  init(_ error: FileError) { self = error.isInterruption ? .cancelled : ConversionError(error.path, .file(error)) }

  /// The error of a cancelled conversion, which is not about a file.
  static let cancelled = ConversionError("", .cancelled)

  /// The error of memory that can't be had, which is not about a file, either.
  static func outOfMemory(byteCount: Int) -> ConversionError { ConversionError("", .outOfMemory(byteCount: byteCount)) }

  /// Whether the reader of the output pipe has closed it.
  public var isBrokenPipe: Bool {
    guard case .file(let error) = cause else { return false }
    return error.isBrokenPipe
  }
}

extension ConversionError: CustomStringConvertible {
  /// One line, beginning with the file and ending with the reason.
  public var description: String {
    switch cause {
    case .cancelled, .outOfMemory: cause.text
    default: "'\(path)': \(cause.text)"
    }
  }

  /// What is wrong, without the name of the file.
  var reason: String { cause.text }
}

extension ConversionError.Cause {
  fileprivate var text: String {
    switch self {
    case .file(let error): error.description
    case .format(let error): error.description
    case .header(let problem): problem.description
    case .entry(let problem): problem.description
    case .formatExtension(let problem): problem.description
    case .noSuchBitmap(let name, let ids):
      ids.isEmpty
        ? "has no dirty bitmap"
        : "has no dirty bitmap '\(name)', or more than one; its bitmaps: \(ids.joined(separator: ", "))"
    case .untrustedBitmap(let reason): "its dirty bitmap cannot be trusted: \(reason)"
    case .otherSize(let byteCount, let needed): "has \(counted(byteCount, "byte")), but the disk has \(needed)"
    case .exists: "already exists"
    case .isBlockDevice: "is a block device"
    case .isAppendOnly: "is open for appending (>>), but must be seekable: use > or a file name"
    case .hasContents: "has data after its current offset"
    case .takesMessages: "is also stderr: messages would end up in the data"
    case .isInputToo: "is both input and output"
    case .cannotShare(let reason): "cannot share blocks: \(reason)"
    case .isNotBundle: "exists and is not a bundle, so it is not replaced"
    case .isEmptyDisk: "has no bytes, and the disk of a bundle cannot be empty"
    case .looksLikeImage: "begins like an image of a disk of its own size, and would be read as that in a plain bundle"
    case .bundleName(let reason): "cannot be the name of a bundle: it \(reason)"
    case .isParallelsImage: "is already a Parallels image"
    case .isCompressed: "is compressed with gzip, which is supported for raw disks only"
    case .isForeign(let format): "is \(format.noun), not a raw disk or a Parallels image"
    case .isEmpty: "ended before its first byte"
    case .bundle(let problem): problem.description
    case .severalDisks(let paths): "holds several disks: \(paths.map { "'\($0)'" }.joined(separator: ", "))"
    case .isPartOfBundle: "is not a whole disk: the descriptor beside it needs other images, too"
    case .hasNoSnapshots: "is not a bundle, so it has no snapshots to choose from"
    case .isBundle: "is a bundle, but must be a single image"
    case .longerThan(let byteCount): "is longer than the requested size (\(counted(byteCount, "byte")))"
    case .endedEarly(let byteCount): "now ends at byte \(byteCount): it was truncated while it was read"
    case .changed: "was changed while it was read"
    case .deviceTooSmall(let byteCount, let needed): "has \(counted(byteCount, "byte")), but the disk needs \(needed)"
    case .isStream: "is a pipe, but must be seekable: use a file or a device"
    case .cannotVerify(let reason): "cannot be verified: \(reason)"
    case .verificationFailed(let byteOffset): "read back from the disk, it differs from the input at byte \(byteOffset)"
    case .isNotCopy(let byteOffset):
      "still differs from the image at byte \(byteOffset): it was not a copy of the state that the bitmap began with"
    case .isReader: "is a reader, which cannot be written to"
    case .outOfMemory(let byteCount): "not enough memory for a buffer of \(counted(UInt64(byteCount), "byte"))"
    case .cancelled: "cancelled"
    }
  }
}

/// Performs an operation on a file, converting its error.
func converting<Result>(
  _ step: @autoclosure () throws(FileError) -> Result
) throws(ConversionError) -> Result {
  do throws(FileError) {
    return try step()
  } catch {
    throw ConversionError(error)
  }
}

/// Performs an operation on the format, converting its error to one about the file at `path`.
func converting<Result>(
  _ path: String, _ step: @autoclosure () throws(FormatError) -> Result
) throws(ConversionError) -> Result {
  do throws(FormatError) {
    return try step()
  } catch {
    throw ConversionError(path, .format(error))
  }
}

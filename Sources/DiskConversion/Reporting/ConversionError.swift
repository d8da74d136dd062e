public import ParallelsFormat
public import StreamIO

/// Why a conversion stopped: which file, and what about it.
public struct ConversionError: Error, Equatable, Sendable {
  /// What about the file.
  public enum Cause: Equatable, Sendable {
    /// A system call failed, the input can't be decompressed, or the output not compressed.
    case file(FileError)
    /// The header can't be understood, or the image to be written would be out of limits.
    case format(FormatError)
    /// The image as a whole breaks a rule.
    case header(HeaderProblem)
    /// A BAT entry breaks a rule.
    case entry(EntryProblem)
    /// The format extension is in the way of what was asked for, or can't be written.
    case formatExtension(ExtensionProblem)
    /// The image has no dirty bitmap of that name, or several; `ids` are those that it has.
    case noSuchBitmap(String, ids: [String])
    /// A dirty bitmap can't be believed, for the reason given.
    case untrustedBitmap(reason: String)
    /// The file has `byteCount` bytes where the disk has `needed`.
    case otherSize(byteCount: UInt64, needed: UInt64)
    /// There is a file of the output's name already, and replacing it was not asked for.
    case exists
    /// The output is a block device, and overwriting it was not asked for.
    case isBlockDevice
    /// Standard output was opened for appending (`>>`), so nothing can be put at an offset.
    case isAppendOnly
    /// Standard output is a file with bytes behind the offset where the output would begin.
    case hasContents
    /// Standard output and standard error are one file or pipe, where messages would be among the data.
    case takesMessages
    /// Input and output are one file.
    case isInputToo
    /// The raw input is a Parallels image.
    case isParallelsImage
    /// The Parallels input is compressed with gzip.
    case isCompressed
    /// The input is longer than the size that was asked for, in bytes.
    case longerThan(byteCount: UInt64)
    /// The file ended at `byteCount`, though it was longer when the conversion began.
    case endedEarly(byteCount: UInt64)
    /// Somebody wrote to the file between the two times it was read.
    case changed
    /// The device has `byteCount` bytes, the disk needs `needed`.
    case deviceTooSmall(byteCount: UInt64, needed: UInt64)
    /// The file is a pipe, where offsets are needed.
    case isStream
    /// The conversion was cancelled.
    case cancelled
  }

  /// The file as the user named it, or "stdin" or "stdout"; empty when the conversion was cancelled.
  public var path: String
  /// What about it.
  public var cause: Cause

  init(_ path: String, _ cause: Cause) {
    self.path = path
    self.cause = cause
  }

  init(_ error: FileError) { self = error.isInterruption ? .cancelled : ConversionError(error.path, .file(error)) }

  /// The conversion was cancelled, which is about no file.
  static let cancelled = ConversionError("", .cancelled)

  /// Whether the reader at the other end of the output pipe is gone.
  public var isBrokenPipe: Bool {
    guard case .file(let error) = cause else { return false }
    return error.isBrokenPipe
  }
}

extension ConversionError: CustomStringConvertible {
  /// One line: the file first, the reason last.
  public var description: String { cause == .cancelled ? cause.text : "'\(path)': \(cause.text)" }

  /// What the user can do about it, in one line, or nil.
  public var hint: String? {
    switch cause {
    case .header(.notClosed): "--allow-dirty converts it as it is; better close or repair it where it was in use"
    case .untrustedBitmap: "convert the whole disk into a new file instead"
    case .header(.tableTooShort), .entry: "--salvage converts what is there and puts zeros for the rest"
    case .header(.emptyFlagWithData): "--salvage reads the data in spite of the flag"
    case .exists: "--force replaces it"
    case .isBlockDevice: "--force overwrites the device"
    case .takesMessages: "send stderr elsewhere: 2> FILE instead of 2>&1"
    case .hasContents: "--force cuts the file off where the output begins"
    case .isParallelsImage: "--input-format raw converts it as data"
    case .isCompressed: "decompress it first: gzip -dc FILE | prlconv prl2raw - OUTPUT"
    case .file(let error) where error.isDirectory: "for a bundle (.hdd), give the .hds file inside it"
    default: nil
    }
  }
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
        : "has no dirty bitmap '\(name)', or more than one; it has \(ids.joined(separator: ", "))"
    case .untrustedBitmap(let reason): "its dirty bitmap can't be trusted: \(reason)"
    case .otherSize(let byteCount, let needed): "has \(byteCount) bytes, the disk has \(needed)"
    case .exists: "exists already"
    case .isBlockDevice: "is a block device"
    case .isAppendOnly: "is opened for appending (>>), but has to be written at offsets: use > or a name"
    case .hasContents: "has contents behind its current offset"
    case .takesMessages: "is where stderr goes, too: messages would be among the data"
    case .isInputToo: "is input and output at once"
    case .isParallelsImage: "is a Parallels image already"
    case .isCompressed: "is compressed with gzip, which only raw disks may be"
    case .longerThan(let byteCount): "is longer than the size asked for (\(byteCount) bytes)"
    case .endedEarly(let byteCount): "ends at byte \(byteCount) now: it was cut while it was read"
    case .changed: "was written to while it was read"
    case .deviceTooSmall(let byteCount, let needed): "has \(byteCount) bytes, the disk needs \(needed)"
    case .isStream: "is a pipe, but has to be read at offsets: give a file or a device"
    case .cancelled: "cancelled"
    }
  }
}

/// Takes a step on files; its error becomes the conversion's.
func converting<Result>(
  _ step: @autoclosure () throws(FileError) -> Result
) throws(ConversionError) -> Result {
  do throws(FileError) {
    return try step()
  } catch {
    throw ConversionError(error)
  }
}

/// Takes a step with the format; its error becomes the conversion's, about the file at `path`.
func converting<Result>(
  _ path: String, _ step: @autoclosure () throws(FormatError) -> Result
) throws(ConversionError) -> Result {
  do throws(FormatError) {
    return try step()
  } catch {
    throw ConversionError(path, .format(error))
  }
}

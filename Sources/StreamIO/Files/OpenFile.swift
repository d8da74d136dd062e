import Synchronization

/// An open file, device or pipe, with its name for messages.
///
/// Every offset counts from where the file begins for us: a redirected file (`< disk.hds`) begins at the offset that
/// the descriptor has. Any thread may read and write at offsets; a stream is read and written by one at a time.
package final class OpenFile: Sendable {
  /// What can be done with a file.
  package enum Kind: Sendable {
    /// Has a length and offsets; what was never written reads as zeros.
    case regular
    /// Has a length and offsets, and old contents everywhere.
    case blockDevice
    /// Bytes come and go in order only: pipe, socket, terminal, /dev/null.
    case stream
  }

  /// Identifies a file, whatever its names are.
  package struct Identity: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// A block device is the same whatever node names it, so its own number counts, not the node's.
    init(of status: stat) {
      let isDevice = status.st_mode & S_IFMT == S_IFBLK
      device = UInt64(isDevice ? status.st_rdev : status.st_dev)
      inode = isDevice ? 0 : UInt64(status.st_ino)
    }
  }

  /// The descriptor; open until `close`, or as long as this object exists.
  package let descriptor: CInt
  /// The path as the user gave it, or "stdin" or "stdout".
  package let name: String
  /// What can be done with it.
  package let kind: Kind
  /// Which file it is.
  package let identity: Identity
  /// Where the file begins for us, in bytes.
  package let baseOffset: UInt64
  private let isOpen = Atomic<Bool>(true)

  /// Takes over an open descriptor; an input, when it is to be read.
  init(adopting descriptor: CInt, name: String, baseOffset: UInt64 = 0, isInput: Bool = false) throws(FileError) {
    self.descriptor = descriptor
    self.name = name
    self.baseOffset = baseOffset
    let status: stat
    do {
      status = try fileStatus(of: descriptor, name: name)
    } catch {
      _ = closeDescriptor(descriptor)
      throw error
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = isInput && status.st_size == 0 && hasBytes(descriptor) ? .stream : .regular
    case S_IFBLK: kind = .blockDevice
    default: kind = .stream
    }
    identity = Identity(of: status)
    // 1 MiB instead of 64 KiB, where the system allows it: fewer wake-ups at both ends of the pipe.
    if kind == .stream { setPipeSize(descriptor, byteCount: 1 << 20) }
  }

  deinit {
    if isOpen.load(ordering: .acquiring), descriptor > 2 { _ = closeDescriptor(descriptor) }
  }

  /// Whether offsets can be read and written.
  package var isSeekable: Bool { kind != .stream }

  /// Whether it is a device: a disk, a terminal, `/dev/null`.
  package var isDevice: Bool {
    guard let type = try? fileStatus(of: descriptor, name: name).st_mode & S_IFMT else { return false }
    return type == S_IFBLK || type == S_IFCHR
  }

  /// Closes the file, which may report an error of an earlier write.
  package func close() throws(FileError) {
    guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
    let code = closeDescriptor(descriptor)
    guard code == 0 else { throw FileError(.close, name, code: code) }
  }

  /// Bytes from where the file begins for us to its end; nil for a stream.
  package func byteCount() throws(FileError) -> UInt64? {
    switch kind {
    case .stream: return nil
    case .regular:
      let status = try fileStatus(of: descriptor, name: name)
      return UInt64(status.st_size) - min(baseOffset, UInt64(status.st_size))
    case .blockDevice:
      let end = try retryingOnInterrupt { lseek(descriptor, 0, SEEK_END) }.get { FileError(.seek, name, code: $0) }
      return UInt64(end) - min(baseOffset, UInt64(end))
    }
  }

  /// What changes when somebody writes to the file: length and time of the last write, in seconds and nanoseconds.
  package func version() throws(FileError) -> [Int] {
    let status = try fileStatus(of: descriptor, name: name)
    let time = status.timeOfLastWrite
    return [Int(status.st_size), time.tv_sec, time.tv_nsec]
  }
}

extension OpenFile {
  /// Which file `path` names; nil when there is none.
  package static func identity(ofPath path: String) -> Identity? {
    var status = stat()
    return stat(path, &status) == 0 ? Identity(of: status) : nil
  }

  /// Which file an open descriptor has; nil when it is closed.
  package static func identity(ofDescriptor descriptor: CInt) -> Identity? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Identity(of: status) : nil
  }
}

/// `fstat`, with its failure as an error.
func fileStatus(of descriptor: CInt, name: String) throws(FileError) -> stat {
  var status = stat()
  _ = try retryingOnInterrupt { fstat(descriptor, &status) }.get { FileError(.status, name, code: $0) }
  return status
}

/// Whether a file of length 0 has bytes all the same, as in `/proc` and some user-space file systems.
///
/// Such files are read as streams.
private func hasBytes(_ descriptor: CInt) -> Bool {
  var byte: UInt8 = 0
  // If it can't be read, it counts as one with bytes: then the read that follows reports the error.
  guard case .success(0) = retryingOnInterrupt({ pread(descriptor, &byte, 1, 0) }) else { return true }
  return false
}

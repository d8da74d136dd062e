import Synchronization

/// An open file, device or pipe, with its name for messages.
///
/// Offsets count from `baseOffset`: a redirected file (`< disk.hds`) starts at the current offset of its descriptor.
/// Any number of threads may read and write at offsets, but only one at a time may read or write a stream.
package final class OpenFile: Sendable {
  /// What operations a file supports.
  package enum Kind: Sendable {
    /// Has a length and offsets; bytes never written read as zeros.
    case regular
    /// Has a length and offsets, and old contents everywhere.
    case blockDevice
    /// Has no offsets, only bytes in order: a pipe, a socket, a terminal or /dev/null.
    case stream
  }

  /// Identifies a file regardless of its name.
  package struct Identity: Equatable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    /// Several nodes can stand for one block device, so its own device number counts, not the node's.
    init(of status: stat) {
      let isDevice = status.st_mode & S_IFMT == S_IFBLK
      device = UInt64(isDevice ? status.st_rdev : status.st_dev)
      inode = isDevice ? 0 : UInt64(status.st_ino)
    }
  }

  /// The descriptor, which stays open until `close` is called or this object is destroyed.
  package let descriptor: CInt
  /// The path as the user gave it, or "stdin" or "stdout".
  package let name: String
  package let kind: Kind
  package let identity: Identity
  /// The offset in the underlying file that counts as byte 0.
  package let baseOffset: UInt64
  private let isOpen = Atomic<Bool>(true)

  /// Takes ownership of an open descriptor; `isInput` if it will be read.
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
    // 1 MiB instead of 64 KiB, where the system allows it: both ends of the pipe wake up less often.
    if kind == .stream { setPipeSize(descriptor, byteCount: 1 << 20) }
  }

  deinit {
    if isOpen.load(ordering: .acquiring), descriptor > 2 { _ = closeDescriptor(descriptor) }
  }

  /// Whether it can be read and written at any offset.
  package var isSeekable: Bool { kind != .stream }

  /// Whether it is a block or character device: a disk, a terminal, `/dev/null`.
  package var isDevice: Bool {
    guard let type = try? fileStatus(of: descriptor, name: name).st_mode & S_IFMT else { return false }
    return type == S_IFBLK || type == S_IFCHR
  }

  /// Closes the file, which may report the error of an earlier write.
  package func close() throws(FileError) {
    guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
    let code = closeDescriptor(descriptor)
    guard code == 0 else { throw FileError(.close, name, code: code) }
  }

  /// Reports what closing the file would, and leaves it open.
  package func checkClose() throws(FileError) { try StreamIO.checkClose(of: descriptor, name: name) }

  /// Bytes from `baseOffset` to the end of the file; nil for a stream.
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

  /// A value that changes when the file is written to: its length and the time of the last write (seconds,
  /// nanoseconds).
  package func version() throws(FileError) -> [Int] {
    let status = try fileStatus(of: descriptor, name: name)
    let time = status.timeOfLastWrite
    return [Int(status.st_size), time.tv_sec, time.tv_nsec]
  }
}

extension OpenFile {
  /// The identity of the file at `path`, or nil.
  package static func identity(ofPath path: String) -> Identity? {
    var status = stat()
    return stat(path, &status) == 0 ? Identity(of: status) : nil
  }

  /// The identity of the file that a descriptor refers to; nil if it is closed.
  package static func identity(ofDescriptor descriptor: CInt) -> Identity? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Identity(of: status) : nil
  }
}

func fileStatus(of descriptor: CInt, name: String) throws(FileError) -> stat {
  var status = stat()
  _ = try retryingOnInterrupt { fstat(descriptor, &status) }.get { FileError(.status, name, code: $0) }
  return status
}

/// Whether a file that reports length 0 has bytes anyway, as in `/proc` and some user-space file systems.
///
/// Such files are read as streams.
private func hasBytes(_ descriptor: CInt) -> Bool {
  var byte: UInt8 = 0
  // If reading fails, assume that it has bytes, so that the real read reports the error.
  guard case .success(0) = retryingOnInterrupt({ pread(descriptor, &byte, 1, 0) }) else { return true }
  return false
}

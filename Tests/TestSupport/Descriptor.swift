import Foundation

/// Pipes, and whole transfers on descriptors.
enum Descriptor {
  /// Both ends of a new pipe, which no command that is started keeps open.
  static func pipe() throws -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw TestSupportError("pipe: errno \(errno)") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  static func write(_ bytes: [UInt8], to descriptor: CInt, at offset: Int? = nil) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        let rest = UnsafeRawBufferPointer(rebasing: raw[done...])
        guard let offset else { return Foundation.write(descriptor, rest.baseAddress, rest.count) }
        return pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + done))
      }
      guard count > 0 || errno == EINTR else { throw TestSupportError("write: errno \(errno)") }
      done += max(0, count)
    }
  }

  /// Up to `byteCount` bytes; fewer at the end of the file.
  static func read(_ byteCount: Int, from descriptor: CInt, at offset: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    var done = 0
    while done < byteCount {
      let count = bytes.withUnsafeMutableBytes { raw in
        pread(descriptor, raw.baseAddress.map { $0 + done }, byteCount - done, off_t(offset + done))
      }
      guard count >= 0 else { throw TestSupportError("read: errno \(errno)") }
      guard count > 0 else { break }
      done += count
    }
    return Array(bytes[..<done])
  }
}

/// A file without a name, for what a command prints.
final class CaptureFile {
  let descriptor: CInt

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/prlconv-printed-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw TestSupportError("mkstemp: errno \(errno)") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
  }

  deinit { close(descriptor) }

  var contents: [UInt8] {
    // Not by seeking: the command has the same offset.
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return [] }
    return (try? Descriptor.read(Int(status.st_size), from: descriptor, at: 0)) ?? []
  }
}

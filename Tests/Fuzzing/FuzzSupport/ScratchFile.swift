import Glibc

/// A file for one input after the other, in the folder that `TMPDIR` names.
public enum ScratchFile {
  /// The folder: memory, if this is to be fast.
  public static let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"

  /// Where the file `name` lies.
  ///
  /// Each process has files of its own.
  public static func path(_ name: String) -> String { "\(folder)/fuzz-\(getpid())-\(name)" }

  /// Makes `path` a file of these bytes.
  public static func write(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    promise(descriptor >= 0, "\(path) can be made")
    writeAll(bytes, to: descriptor)
    close(descriptor)
  }

  /// All bytes of the file at `path`.
  public static func read(_ path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    promise(descriptor >= 0, "\(path) was made")
    defer { close(descriptor) }
    return readAll(from: descriptor)
  }
}

/// Whether two runs of bytes are the same: `==` is compiled for the fuzzer to follow, byte by byte, and slow.
public func isSame(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> Bool {
  first.withUnsafeBytes { first in
    second.withUnsafeBytes { second in
      guard first.count == second.count, let start = first.baseAddress, let other = second.baseAddress else {
        return first.count == second.count
      }
      return memcmp(start, other, first.count) == 0
    }
  }
}

/// Writes all bytes; stops when nobody wants them any more.
func writeAll(_ bytes: [UInt8], to descriptor: CInt) {
  bytes.withUnsafeBytes { buffer in
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// Reads to the end.
func readAll(from descriptor: CInt) -> [UInt8] {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &piece, piece.count)
    guard count > 0 else { return bytes }
    bytes += piece[..<count]
  }
}

import Foundation

/// A new folder that is removed, with all that is in it, when nobody needs it any more.
///
/// A suite keeps it in a property: then it lives as long as the test runs.
public final class TemporaryFolder: Sendable {
  /// The absolute path, without links in it.
  public let path: String

  /// Makes the folder.
  ///
  /// Without it no test can run, so a failure ends the process.
  public init() {
    var template = Array((NSTemporaryDirectory() + "/prlconv-tests-XXXXXX").utf8CString)
    guard let made = mkdtemp(&template), let resolved = realpath(made, nil) else {
      preconditionFailure("no temporary folder can be made: errno \(errno)")
    }
    defer { free(resolved) }
    path = String(cString: resolved)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The absolute path of `name` in the folder.
  public func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of all that is in the folder, in order.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? ["(unreadable)"]).sorted()
  }

  /// Whether there is something of this name.
  public func contains(_ name: String) -> Bool { names.contains(name) }

  /// Makes a file with these bytes.
  public func write(_ bytes: [UInt8], to name: String) throws {
    try SparseDisk(bytes).write(to: self(name))
  }

  /// All bytes of a file.
  public func bytes(of name: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: self(name)) else {
      throw TestSupportError("'\(self(name))' can't be read")
    }
    return [UInt8](data)
  }

  /// Length of a file, in bytes.
  public func byteCount(of name: String) throws -> Int { Int(try status(of: name).st_size) }

  /// Bytes that a file takes on the disk, holes left out.
  public func allocatedByteCount(of name: String) throws -> Int { Int(try status(of: name).st_blocks) * 512 }

  /// The number of a file, which stays when its name changes.
  public func inode(of name: String) throws -> UInt64 { UInt64(try status(of: name).st_ino) }

  private func status(of name: String) throws -> stat {
    var status = stat()
    guard stat(self(name), &status) == 0 else { throw TestSupportError("'\(self(name))': errno \(errno)") }
    return status
  }
}

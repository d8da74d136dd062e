import CZlib

/// The zlib that this process has loaded, which may be another one than it was built with.
package enum ZlibVersion {
  /// As zlib writes it, such as `1.2.13`.
  package static let text: String = {
    guard let text = zlibVersion() else { return "unknown" }
    return String(cString: text)
  }()
}

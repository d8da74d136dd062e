import CZlib

/// The version of the loaded zlib, which may differ from the one that the program was built with.
package enum ZlibVersion {
  /// The version as zlib gives it, such as `1.2.13`.
  package static let text: String = {
    guard let text = zlibVersion() else { return "unknown" }
    return String(cString: text)
  }()
}

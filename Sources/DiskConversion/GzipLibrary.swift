import StreamIO

/// What gzip is read and written with.
public enum GzipLibrary {
  /// For people who report what they run: `zlib 1.2.13`.
  public static var nameAndVersion: String { "zlib \(ZlibVersion.text)" }
}

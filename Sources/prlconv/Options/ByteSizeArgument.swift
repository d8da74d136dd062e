import ArgumentParser

/// Reads a size; the error of an invalid one lists the accepted forms.
func byteSize(_ text: String) throws -> UInt64 {
  guard let size = ByteSize(text) else {
    throw ValidationError(
      "'\(text)' is not a size: use bytes, or a whole number with k, K, M, G, T, KiB … TiB, or s (sectors)")
  }
  return size.byteCount
}

import ArgumentParser

/// Reads an option's size, or says which forms there are.
func byteSize(_ text: String) throws -> UInt64 {
  guard let size = ByteSize(text) else {
    throw ValidationError(
      "'\(text)' is no size: bytes, or a whole number with k, K, M, G, T, KiB … TiB, or s (sectors)")
  }
  return size.byteCount
}

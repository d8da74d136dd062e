import ParallelsFormat

extension [InspectedBitmap] {
  /// The one bitmap whose id is `name`, or begins with it, in any case; braces do not count.
  func only(named name: String, in path: String) throws(ConversionError) -> InspectedBitmap {
    let wanted = name.lowercased().filter { $0 != "{" && $0 != "}" }
    let ids = map { $0.bitmap?.id.description ?? "" }
    let matches = filter { found in
      guard let id = found.bitmap?.id.description else { return false }
      return !wanted.isEmpty && id.hasPrefix(wanted)
    }
    guard matches.count == 1 else { throw ConversionError(path, .noSuchBitmap(name, ids: ids.filter { $0 != "" })) }
    return matches[0]
  }
}

extension Header {
  /// Why no bitmap of an image with this header and extension can be believed; nil when they can.
  ///
  /// Software that does not know the extension leaves it behind, stale, but for `in_use` (specification, `in_use`).
  func bitmapMistrust(_ found: FoundExtension?) -> String? {
    if case .failure(let problem) = found { return problem.description }
    guard inUse == .closed else {
      return "the image was closed by software that does not know dirty bitmaps "
        + "(in_use is 0x\(String(inUse.rawValue, radix: 16)), not 0x312e3276)"
    }
    return nil
  }
}

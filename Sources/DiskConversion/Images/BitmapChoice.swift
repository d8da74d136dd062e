import ParallelsFormat

extension ImageFile {
  /// The dirty bitmap whose id is `name` or uniquely begins with it, ignoring case and braces.
  ///
  /// The bitmap breaks no rule; `bitmapMistrust` says whether it is still valid.
  ///
  /// - Throws: `noSuchBitmap`, or `untrustedBitmap` if the bitmap or the extension is damaged.
  func bitmap(named name: String) throws(ConversionError) -> DirtyBitmap {
    if case .failure(let problem) = formatExtension { throw untrusted(problem.description) }
    let wanted = name.lowercased().filter { $0 != "{" && $0 != "}" }
    let bitmaps = bitmaps(shared: sharedExtensionClusters())
    let found = bitmaps.filter { $0.bitmap != nil }
    let matches = found.filter { !wanted.isEmpty && $0.bitmap?.id.description.hasPrefix(wanted) == true }
    guard matches.count == 1, let bitmap = matches[0].bitmap else {
      if found.isEmpty, let problem = bitmaps.first?.problem { throw untrusted(problem.description) }
      throw ConversionError(file.name, .noSuchBitmap(name, ids: found.compactMap { $0.bitmap?.id.description }))
    }
    if let problem = matches[0].problem { throw untrusted(problem.description) }
    return bitmap
  }

  /// Why the image's bitmaps are stale; nil if they are still valid.
  ///
  /// Software that does not know the extension leaves it in place, stale; only `in_use` shows that (specification,
  /// `in_use`).
  var bitmapMistrust: String? {
    guard header.inUse != .closed else { return nil }
    return "the image was not closed by software that supports dirty bitmaps "
      + "(in_use is 0x\(String(header.inUse.rawValue, radix: 16)), not 0x312e3276)"
  }

  /// The error for a bitmap that can't be trusted.
  func untrusted(_ reason: String) -> ConversionError { ConversionError(file.name, .untrustedBitmap(reason: reason)) }
}

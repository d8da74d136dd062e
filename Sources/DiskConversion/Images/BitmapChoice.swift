import ParallelsFormat

extension ImageFile {
  /// The one dirty bitmap whose id is `name`, or begins with it, in any case; braces do not count.
  ///
  /// It breaks no rule; `bitmapMistrust` says whether it still holds.
  ///
  /// - Throws: `noSuchBitmap`, or `untrustedBitmap` when what is there is damaged.
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

  /// Why no bitmap of the image holds any more; nil when they do.
  ///
  /// Software that does not know the extension leaves it behind, stale, but for `in_use` (specification, `in_use`).
  var bitmapMistrust: String? {
    guard header.inUse != .closed else { return nil }
    return "the image was not closed by software that knows dirty bitmaps "
      + "(in_use is 0x\(String(header.inUse.rawValue, radix: 16)), not 0x312e3276)"
  }

  /// The error of a bitmap that cannot be believed.
  func untrusted(_ reason: String) -> ConversionError { ConversionError(file.name, .untrustedBitmap(reason: reason)) }
}

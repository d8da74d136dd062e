import ParallelsFormat
import StreamIO

extension InspectedImage {
  /// The one dirty bitmap whose id is `name`, or begins with it, in any case; braces do not count.
  ///
  /// It breaks no rule; whether it still holds, `bitmapMistrust` says.
  func bitmap(named name: String) throws(ConversionError) -> DirtyBitmap {
    if case .failure(let problem) = formatExtension {
      throw ConversionError(file.name, .untrustedBitmap(reason: problem.description))
    }
    let wanted = name.lowercased().filter { $0 != "{" && $0 != "}" }
    let found = bitmaps.filter { $0.bitmap != nil }
    let matches = found.filter { !wanted.isEmpty && $0.bitmap?.id.description.hasPrefix(wanted) == true }
    guard matches.count == 1, let bitmap = matches[0].bitmap else {
      if found.isEmpty, let problem = bitmaps.first?.problem {
        throw ConversionError(file.name, .untrustedBitmap(reason: problem.description))
      }
      let ids = found.compactMap { $0.bitmap?.id.description }
      throw ConversionError(file.name, .noSuchBitmap(name, ids: ids))
    }
    if let problem = matches[0].problem {
      throw ConversionError(file.name, .untrustedBitmap(reason: problem.description))
    }
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
}

import DiskConversion
import FuzzSupport
import ParallelsFormat

/// What prl2prl promises of an image that converts: the same disk and the same bitmaps, in a sound image.
struct RewritingPromises {
  private static let path = ScratchFile.path("new.hds")
  private static let rawPath = ScratchFile.path("new.img")

  let image: FuzzedImage
  let expected: ExpectedDisk
  let input: Endpoint

  func check() {
    for clusterByteCount: UInt64? in [nil, 4096] {
      var options = ParallelsToParallels.Options()
      options.clusterByteCount = clusterByteCount
      options.keepsAllocated = image.options.contains(.writesZeros)
      options.output.force = true
      options.resources.threadCount = image.options.contains(.hasTwoThreads) ? 2 : 1
      options.resources.temporaryDirectory = ScratchFile.folder
      if !isRewritten(options) {
        options.dropsBitmaps = true
        promise(isRewritten(options), "without its extension, an image that converts can be rewritten")
      }
      checkOutput()
    }
  }

  /// False if the extension forbids it, or does not fit.
  private func isRewritten(_ options: ParallelsToParallels.Options) -> Bool {
    do throws(ConversionError) {
      _ = try ParallelsToParallels.convert(
        input, to: .path(Self.path), options: options, control: ConversionControl())
      return true
    } catch {
      guard case .formatExtension = error.cause, !options.dropsBitmaps else {
        promise(false, "only an extension keeps an image from being rewritten: \(error)")
        return false
      }
      return false
    }
  }

  private func checkOutput() {
    let result = promised("a new image can be checked") {
      try ImageCheck.run(.path(Self.path), control: ConversionControl()) { _ in }
    }
    promise(result.corruptionCount == 0 && result.outlook == .converts, "a new image is sound: \(result)")
    var options = ParallelsToRaw.Options()
    options.output.force = true
    promised("a new image converts") {
      _ = try ParallelsToRaw.convert(
        .path(Self.path), to: .path(Self.rawPath), options: options, control: ConversionControl())
    }
    promise(isSame(ScratchFile.read(Self.rawPath)[...], expected.bytes[...]), "a new image has the same disk")
  }
}

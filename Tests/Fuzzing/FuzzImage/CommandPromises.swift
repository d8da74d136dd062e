import DiskConversion
import FuzzSupport
import ParallelsFormat
import StreamIO

/// What info, check, map, compare and prl2raw promise of any file, and that they agree about it.
struct CommandPromises {
  /// Most bytes of a disk that is compared whole, or goes through a pipe.
  private static let wholeByteLimit: UInt64 = 2 << 20
  /// Most bytes of a disk that is converted at all: what any file system takes.
  private static let byteLimit: UInt64 = 1 << 40
  private static let imagePath = ScratchFile.path("disk.hds")
  private static let rawPath = ScratchFile.path("disk.img")

  private let image: FuzzedImage
  private let header: Header
  private let expected: ExpectedDisk?

  /// Makes the file; for one that is not an image, only checks that it is refused.
  init?(_ image: FuzzedImage) {
    ScratchFile.write(image.bytes, to: Self.imagePath)
    guard let header = image.header else {
      let isRefused = (try? ImageInfo.read(.path(Self.imagePath), control: ConversionControl())) == nil
      promise(isRefused, "a file that is not an image is refused")
      return nil
    }
    self.image = image
    self.header = header
    expected = ExpectedDisk(image)
  }

  func check() {
    checkInfo()
    let outlook = promised("an image can be checked") {
      try ImageCheck.run(.path(Self.imagePath), control: ConversionControl()) { problem in
        promise(!problem.message.isEmpty, "\(problem)")
      }
    }.outlook
    if expected == nil { promise(outlook == .refuses, "an image without its table is refused") }
    checkMap(outlook)
    guard header.virtualByteCount <= Self.byteLimit, expected?.dataByteCount ?? 0 <= Self.wholeByteLimit else { return }
    checkConversions(.path(Self.imagePath), outlook)
    if let expected, outlook == .converts, isWhole {
      BitmapPromises(image, expected: expected, path: Self.imagePath)?.checkRefresh()
      RewritingPromises(image: image, expected: expected, input: .path(Self.imagePath)).check()
    }
    // Through a pipe, each cluster is waited for, in the file or not.
    guard image.options.contains(.usesPipes), expected?.entryByteCount ?? 0 <= Self.wholeByteLimit else { return }
    for salvages in [false, true] {
      ScratchPipe.feeding(image.bytes) { checkConversion(.path($0), outlook, salvages: salvages) }
      guard isWhole else { continue }
      ScratchPipe.feeding(image.bytes) { checkConversionToPipe(.path($0), outlook, salvages: salvages) }
    }
  }

  private var isWhole: Bool { header.virtualByteCount <= Self.wholeByteLimit }

  private func checkInfo() {
    let info = try? ImageInfo.read(.path(Self.imagePath), control: ConversionControl())
    promise(info != nil, "info reports each image")
    promise((info?.allocatedClusterCount != nil) == (expected != nil), "info counts the clusters of a whole table")
    guard let info, let expected else { return }
    BitmapPromises(image, expected: expected, path: Self.imagePath)?.check(info)
  }

  private func checkMap(_ outlook: ImageCheck.Outlook) {
    var end: UInt64 = 0
    do {
      var map = try DiskMap(of: .path(Self.imagePath), control: ConversionControl())
      while let extent = try map.next() {
        promise(extent.guestOffset == end && extent.byteCount > 0, "extents follow each other: \(extent)")
        let cluster = Int(clamping: extent.guestOffset / header.clusterByteCount)
        let hostOffset = expected.flatMap { cluster < $0.offsets.count ? $0.offsets[cluster] : nil }
        promise(extent.hostOffset == hostOffset.map { UInt64($0) }, "an extent lies where the table says: \(extent)")
        promise(extent.contents == (hostOffset == nil ? .absent : .data), "an image without losses has no zeros")
        end += extent.byteCount
      }
      promise(end == header.virtualByteCount, "extents cover the disk")
    } catch {
      promise(outlook != .converts, "an image that converts has a map: \(error)")
    }
  }

  private func checkConversions(_ input: Endpoint, _ outlook: ImageCheck.Outlook) {
    checkConversion(input, outlook, salvages: false)
    if image.options.contains(.usesGzip), outlook == .converts, isWhole { checkGzip(input) }
    checkConversion(input, outlook, salvages: true)
  }

  /// To a file.
  private func checkConversion(_ input: Endpoint, _ outlook: ImageCheck.Outlook, salvages: Bool) {
    let summary = convert(input, to: Self.rawPath, salvages: salvages)
    judge(summary, outlook, salvages: salvages)
    guard summary != nil, let expected else { return }
    guard isWhole else { return compareClusters(with: expected) }
    promise(isSame(ScratchFile.read(Self.rawPath)[...], expected.bytes[...]), "the disk has its bytes")
  }

  /// To a pipe.
  private func checkConversionToPipe(_ input: Endpoint, _ outlook: ImageCheck.Outlook, salvages: Bool) {
    let (summary, bytes) = ScratchPipe.capturing { convert(input, to: $0, salvages: salvages) }
    judge(summary, outlook, salvages: salvages)
    guard summary != nil, let expected else { return }
    promise(isSame(bytes[...], expected.bytes[...]), "the disk has its bytes, through pipes")
  }

  private func checkGzip(_ input: Endpoint) {
    let path = ScratchFile.path("disk.img.gz")
    promise(convert(input, to: path, salvages: false, gzipLevel: 1) != nil, "a sound image converts to gzip")
    // Nothing at all, and what looks like another format, is refused.
    guard let expected, !expected.bytes.isEmpty, ForeignFormat(start: Array(expected.bytes.prefix(512))) == nil else {
      return
    }
    let comparison = promised("a sound image can be compared") {
      try DiskComparison.compare(
        input, .path(path), options: DiskComparison.Options(), control: ConversionControl())
    }
    promise(comparison.firstDifference == nil, "gzip has the bytes of the disk: \(comparison)")
  }

  private func convert(
    _ input: Endpoint, to output: String, salvages: Bool, gzipLevel: Int? = nil
  ) -> ConversionSummary? {
    var options = ParallelsToRaw.Options()
    options.policy.salvages = salvages
    options.gzipLevel = gzipLevel
    options.sparseByteCount = image.options.contains(.writesZeros) && isWhole ? 0 : 4096
    options.output.force = true
    options.resources.threadCount = image.options.contains(.hasTwoThreads) ? 2 : 1
    options.resources.temporaryDirectory = ScratchFile.folder
    do throws(ConversionError) {
      return try ParallelsToRaw.convert(input, to: .path(output), options: options, control: ConversionControl())
    } catch {
      promise(!error.description.isEmpty, "an error has a reason")
      if case .file(let failure) = error.cause, case .system = failure.reason {
        promise(false, "no system call fails: \(error)")
      }
      return nil
    }
  }

  /// Whether what came of a conversion is what the check said.
  private func judge(_ summary: ConversionSummary?, _ outlook: ImageCheck.Outlook, salvages: Bool) {
    let converts =
      switch outlook {
      case .converts: true
      case .convertsWhenAllowed, .salvages: salvages
      case .refuses: false
      }
    promise((summary != nil) == converts, "a conversion does what the check says: \(outlook), salvage \(salvages)")
    guard let summary else { return }
    if case .salvages = outlook {
      promise(summary.lossCount > 0, "a loss is reported")
    } else {
      promise(summary.lossCount == 0, "nothing is lost")
    }
  }

  /// Compares the clusters that are in the image: the rest of the disk may be very large.
  private func compareClusters(with expected: ExpectedDisk) {
    let raw = promised("the disk can be read") { try OpenFile(reading: Self.rawPath) }
    promise((try? raw.byteCount()) == header.virtualByteCount, "the disk has its size")
    for index in expected.offsets.indices where expected.offsets[index] != nil {
      let data = expected.data(ofCluster: index)
      var found = [UInt8](repeating: 0xEE, count: data.count)
      let start = UInt64(index) * header.clusterByteCount
      let count = promised("the disk can be read") {
        try found.withUnsafeMutableBytes { try raw.read(into: $0, at: start) }
      }
      promise(count == found.count && isSame(found[...], data), "cluster \(index) has its bytes")
    }
  }
}

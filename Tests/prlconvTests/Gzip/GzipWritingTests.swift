import TestSupport
import Testing

@Suite("A compressed disk is one member that every reader takes")
struct GzipWritingTests {
  let folder = TemporaryFolder()

  /// Makes `image.hds` and the disk in it, `disk.img`.
  private func makeImage(clusterByteCount size: Int = 256 << 10, order: GzipImage.Order = .inOrder) throws {
    let image = GzipImage(clusterByteCount: size, clusterCount: size > 1 << 20 ? 6 : 11, order: order)
    try folder.write(image.image, to: "image.hds")
    try folder.write(image.disk, to: "disk.img")
  }

  private func compress(_ options: String, over ends: Ends = .fileToFile) throws {
    let outcome = try folder.convert(.prl2raw, options, from: "image.hds", to: "disk.gz", over: ends)
    expectSilentSuccess(outcome, "\(options) \(ends)")
  }

  @Test("Every level can be read", arguments: Exhaustive.cases(1...9))
  func levels(level: Int) throws {
    try makeImage()
    try compress("-z -\(level)")
    try folder.expectReadersAgree(with: "disk.img")
  }

  @Test("The disk can be read over any ends", arguments: Exhaustive.ends, Exhaustive.cases(GzipImage.Order.allCases))
  func ends(ends: Ends, order: GzipImage.Order) throws {
    try makeImage(order: order)
    try compress("-z", over: ends)
    try folder.expectReadersAgree(with: "disk.img")
  }

  @Test(
    "Any cluster size can be read",
    arguments: Exhaustive.cases([512, 4096, 63 * 512, 64 << 10, 252 << 10, 1 << 20, 3 << 19, 4 << 20]),
    Exhaustive.cases(GzipImage.Order.allCases))
  func clusterSizes(clusterByteCount size: Int, order: GzipImage.Order) throws {
    try makeImage(clusterByteCount: size, order: order)
    try compress("-1", over: size % 3 == 0 ? .fileToFile : .pipeToPipe)
    try folder.expectReadersAgree(with: "disk.img")
  }

  @Test("A disk of any shape can be read", arguments: Exhaustive.shapes)
  func shapes(shape: DiskShape) throws {
    var disk = shape.disk(clusterByteCount: 64 << 10)
    disk.resize(to: (disk.byteCount + 511) / 512 * 512)
    try folder.write(disk, to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, "--cluster-size 64K", from: "disk.img", to: "image.hds"))
    try compress("-z")
    try folder.expectReadersAgree(with: "disk.img")
  }

  @Test("The last extent may be a part of one", arguments: Exhaustive.cases([1, 2047, 2048, 2049, 4095, 6000]))
  func lastExtent(sectorCount: Int) throws {
    try folder.write(Filling.cluster(1, byteCount: sectorCount * 512), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk.img", to: "image.hds"))
    for ends in Exhaustive.ends {
      try compress("-f -z", over: ends)
      try folder.expectReadersAgree(with: "disk.img", "\(ends)")
    }
  }

  @Test("Every option of gzip compresses", arguments: ["-z", "--gzip", "-1", "-9", "-4 --gzip"])
  func options(option: String) throws {
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, option, from: "image.hds", to: "compressed.img"))
    try Shell.prepare("mv compressed.img disk.gz", in: folder)
    try folder.expectReadersAgree(with: "disk.img")
  }

  @Test("A name that ends in .gz compresses at level 6")
  func gzName() throws {
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: "disk.gz"))
    expectSilentSuccess(try folder.convert(.prl2raw, "-6", from: "image.hds", to: "six"))
    #expect(try folder.difference("disk.gz", "six") == nil)
    expectSilentSuccess(try folder.convert(.prl2raw, "-3", from: "image.hds", to: "three.gz"))
    expectSilentSuccess(try folder.convert(.prl2raw, "-3", from: "image.hds", to: "three"))
    #expect(try folder.difference("three.gz", "three") == nil)
  }

  @Test("Any other name does not compress", arguments: ["out.img", "out.gz.img", "outgz"])
  func otherNames(name: String) throws {
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: name))
    #expect(try folder.difference("disk.img", name) == nil)
  }

  @Test("A name that ends in .gz compresses, in any case", arguments: ["disk.gz", "disk.GZ", "disk.Gz"])
  func names(name: String) throws {
    try makeImage()
    expectSilentSuccess(try folder.convert(.prl2raw, from: "image.hds", to: name))
    expectSilentSuccess(try Shell.run("gzip -dc < \(name) | cmp - disk.img", in: folder))
  }

  @Test("An image is never compressed, whatever its name ends in", arguments: ["out.hds.gz", "out.GZ"])
  func compressedImageName(name: String) throws {
    try makeImage()
    #expect(try folder.convert(.raw2prl, from: "disk.img", to: name).ending == .status(64))
    #expect(!folder.contains(name))
    expectSilentSuccess(try folder.convert(.raw2prl, "-f", from: "disk.img", to: name))
  }

  @Test("The header has neither a time nor a name", arguments: Exhaustive.ends)
  func header(ends: Ends) throws {
    try makeImage()
    try compress("-z", over: ends)
    #expect(try folder.bytes(of: "disk.gz").prefix(8) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  @Test("The trailer has checksum and length", .enabled(if: Tools.python, "needs python3"), arguments: Exhaustive.ends)
  func trailer(ends: Ends) throws {
    try makeImage()
    try compress("-z", over: ends)
    let sums = try Shell.prepare(
      "python3 -c 'import zlib; d = open(\"disk.img\", \"rb\").read(); print(zlib.crc32(d), len(d))'", in: folder)
    let expected = sums.printed.split(whereSeparator: \.isWhitespace).compactMap { UInt32($0) }
    var trailer: [UInt8] = []
    for number in expected { trailer.append(littleEndian: number) }
    #expect(try folder.bytes(of: "disk.gz").suffix(8) == trailer[...])
  }
}

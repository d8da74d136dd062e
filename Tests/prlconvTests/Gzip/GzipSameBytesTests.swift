import TestSupport
import Testing

@Suite("The compressed bytes depend on the disk and on nothing else")
struct GzipSameBytesTests {
  let folder = TemporaryFolder()

  private func compress(_ options: String, from image: String, to output: String, over ends: Ends = .fileToFile) throws
  {
    let outcome = try folder.convert(.prl2raw, "-f -z \(options)", from: image, to: output, over: ends)
    expectSilentSuccess(outcome, "\(options) \(ends)")
  }

  private static let clusterSizes = [512, 4096, 63 * 512, 64 << 10, 252 << 10, 1 << 20, 3 << 19, 4 << 20]

  private func makeImage(clusterByteCount size: Int, order: GzipImage.Order, name: String) throws {
    // Several extents, of which one in the middle has zeros after data.
    let count = size < 1 << 20 ? (5 << 19) / size + 3 : size == 4 << 20 ? 6 : 9
    try folder.write(GzipImage(clusterByteCount: size, clusterCount: count, order: order).image, to: name)
  }

  @Test("Any threads and any ends give the same", arguments: Exhaustive.cases(clusterSizes))
  func threadsAndEnds(clusterByteCount size: Int) throws {
    try makeImage(clusterByteCount: size, order: .inOrder, name: "image.hds")
    try compress("-1 -T 1", from: "image.hds", to: "expected.gz")
    for threads in [2, 3, 5] {
      try compress("-1 -T \(threads)", from: "image.hds", to: "out.gz")
      #expect(try folder.difference("expected.gz", "out.gz") == nil, "\(threads) threads")
    }
    for (ends, threads) in zip([Ends.fileToPipe, .pipeToFile, .pipeToPipe, .redirected], [1, 2, 3, 5]) {
      try compress("-1 -T \(threads)", from: "image.hds", to: "out.gz", over: ends)
      #expect(try folder.difference("expected.gz", "out.gz") == nil, "\(ends), \(threads) threads")
    }
  }

  @Test("Any order of the clusters gives the same", arguments: Exhaustive.cases(clusterSizes))
  func clusterOrder(clusterByteCount size: Int) throws {
    try makeImage(clusterByteCount: size, order: .inOrder, name: "image.hds")
    try compress("-1", from: "image.hds", to: "expected.gz")
    try makeImage(clusterByteCount: size, order: .shuffled, name: "shuffled.hds")
    for ends in Exhaustive.ends {
      try compress("-1", from: "shuffled.hds", to: "out.gz", over: ends)
      #expect(try folder.difference("expected.gz", "out.gz") == nil, "\(ends)")
    }
  }

  @Test("Stored zeros give the same as holes", arguments: Exhaustive.cases(clusterSizes))
  func storedZeros(clusterByteCount size: Int) throws {
    var disk = SparseDisk(byteCount: 12 << 20)
    disk.put(Filling.cluster(1, byteCount: 700_000), at: 1_500_000)
    disk.put([1], at: 5 << 20)
    try folder.write(disk, to: "disk.img")
    for (options, name) in [("", "holes"), ("--allocated", "stored")] {
      let made = try folder.convert(.raw2prl, "\(options) --cluster-size \(size)", from: "disk.img", to: "\(name).hds")
      expectSilentSuccess(made)
      try compress("", from: "\(name).hds", to: "\(name).gz")
    }
    #expect(try folder.difference("holes.gz", "stored.gz") == nil)
  }

  @Test("Any cluster size and layout give the same")
  func layouts() throws {
    try folder.write(GzipDisk.mixed(), to: "disk.img")
    for size in Exhaustive.cases(Self.clusterSizes) {
      for layout in ["ext", "legacy"] {
        let options = "-f --layout \(layout) --cluster-size \(size)"
        expectSilentSuccess(try folder.convert(.raw2prl, options, from: "disk.img", to: "image.hds"))
        try compress("", from: "image.hds", to: "\(size)\(layout).gz")
        #expect(try folder.difference("512ext.gz", "\(size)\(layout).gz") == nil, "\(options)")
      }
    }
  }

  @Test("Another run gives the same", arguments: Exhaustive.cases([1, 6, 9]))
  func anotherRun(level: Int) throws {
    try makeImage(clusterByteCount: 64 << 10, order: .inOrder, name: "image.hds")
    try compress("-\(level)", from: "image.hds", to: "first.gz")
    try Shell.prepare("touch -d 2001-01-01 image.hds; mv image.hds other", in: folder)
    try compress("-\(level)", from: "other", to: "second.gz")
    #expect(try folder.difference("first.gz", "second.gz") == nil)
  }
}

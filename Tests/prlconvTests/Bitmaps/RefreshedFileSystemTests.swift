import TestSupport
import Testing

@Suite(
  "A file system that is refreshed",
  .enabled(if: Tools.ext4 && Shell.isInstalled("debugfs"), "needs mke2fs, e2fsck and debugfs"))
struct RefreshedFileSystemTests {
  let folder = TemporaryFolder()

  /// `old.img`, and `expected.img` in which files came, went and changed.
  private func makeDisks() throws {
    try Shell.prepare(
      """
      mkdir -p files/deep
      for number in $(seq 40); do head -c $((number * 9321)) /dev/urandom > files/deep/file$number; done
      mke2fs -q -t ext4 -d files old.img 40M
      cp old.img expected.img
      head -c 3M /dev/urandom > new
      head -c 100K /dev/zero > zeros
      {
        for number in 3 14 40; do echo rm deep/file$number; done
        echo mkdir other
        echo write new other/new
        echo write zeros deep/zeros
        echo set_inode_field deep/file5 mode 0100600
      } > changes
      debugfs -w -f changes expected.img
      e2fsck -fn expected.img
      ! cmp -s old.img expected.img
      """, in: folder)
  }

  /// The blocks of a disk that changed since the other.
  private func changedBlocks(granularity: Int) throws -> DirtyBlocks {
    let (old, new) = (try folder.bytes(of: "old.img"), try folder.bytes(of: "expected.img"))
    var blocks = DirtyBlocks(diskByteCount: new.count, granularity: granularity)
    for block in blocks.bits.indices {
      let range = block * granularity..<min((block + 1) * granularity, new.count)
      blocks.bits[block] = old[range] != new[range]
    }
    return blocks
  }

  /// Converts `expected.img` into `image.hds`, and puts the bitmap of what changed in it.
  private func makeImage(_ options: String, clusterByteCount size: Int, granularity: Int) throws -> DirtyBlocks {
    let blocks = try changedBlocks(granularity: granularity)
    expectSilentSuccess(try folder.convert(.raw2prl, options, from: "expected.img", to: "image.hds"))
    // A file of its own for the part with the bitmap, which begins where the image ends.
    let end = try folder.byteCount(of: "image.hds")
    var tail = HandMadeImage(clusterByteCount: size, places: [])
    tail.contents = SparseDisk(byteCount: end)
    try tail.appendBitmaps([blocks])
    try folder.write(Array(tail.contents.bytes[end...]), to: "tail")
    var place: [UInt8] = []
    place.append(littleEndian: tail.extensionOffset)
    try folder.write(place, to: "place")
    try Shell.prepare("cat tail >> image.hds; dd if=place of=image.hds bs=8 seek=7 conv=notrunc", in: folder)
    return blocks
  }

  @Test(
    "Yesterday's copy becomes today's disk",
    arguments: Exhaustive.cases([("", 1 << 20), ("--layout legacy --cluster-size 63K", 63 << 10)], brief: 1),
    Exhaustive.cases([4096, 64 << 10, 1 << 20]))
  func yesterday(image: (options: String, clusterByteCount: Int), granularity: Int) throws {
    try makeDisks()
    let blocks = try makeImage(image.options, clusterByteCount: image.clusterByteCount, granularity: granularity)
    #expect(try folder.runs(of: "image.hds", bitmap: HandMadeBitmap.name()) == blocks.runs)
    expectSilentSuccess(try folder.refresh())
    try folder.expectRefreshed()
    let checked = try Shell.run("e2fsck -fn copy.img", in: folder)
    #expect(checked.isSuccess, "\(checked.printed)")
  }
}

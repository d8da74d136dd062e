import TestSupport
import Testing

@Suite("A file system with files in it, there and back", .enabled(if: Tools.ext4, "needs mke2fs and e2fsck"))
struct RealFileSystemTests {
  let folder = TemporaryFolder()

  private func makeDisk() throws {
    try Shell.prepare(
      """
      mkdir -p files/deep/er
      for number in $(seq 60); do head -c $((number * 4321)) /dev/urandom > files/deep/file$number; done
      echo hello > files/deep/er/hello.txt
      truncate -s 3M files/deep/sparse
      mke2fs -q -t ext4 -d files disk.img 64M
      """, in: folder)
  }

  @Test("It comes back and is clean", arguments: Exhaustive.ends, Exhaustive.cases(["ext", "legacy"], brief: 1))
  func roundTrip(ends: Ends, layout: String) throws {
    try makeDisk()
    expectSilentSuccess(
      try folder.convert(.raw2prl, "--layout \(layout)", from: "disk.img", to: "there.hds", over: ends))
    expectSilentSuccess(try folder.convert(.prl2raw, from: "there.hds", to: "back.img", over: ends))
    #expect(try folder.difference("disk.img", "back.img") == nil)
    let checked = try Shell.run("e2fsck -fn back.img", in: folder)
    #expect(checked.isSuccess, "\(checked.printed)")
  }

  @Test("Holes are holes again")
  func holes() throws {
    try makeDisk()
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk.img", to: "there.hds"))
    expectSilentSuccess(try folder.convert(.prl2raw, from: "there.hds", to: "back.img"))
    #expect(try folder.allocatedByteCount(of: "back.img") <= folder.allocatedByteCount(of: "disk.img"))
  }

  @Test("qemu sees the same disk", .enabled(if: Tools.qemuImg, "needs qemu-img"))
  func qemuReads() throws {
    try makeDisk()
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk.img", to: "there.hds", over: .pipeToPipe))
    let compared = try Shell.run("qemu-img compare -q -f parallels -F raw there.hds disk.img", in: folder)
    #expect(compared.isSuccess, "\(compared)")
  }

  @Test("An image from qemu is read right", .enabled(if: Tools.qemuImg, "needs qemu-img"), arguments: Exhaustive.ends)
  func qemuWrote(ends: Ends) throws {
    try makeDisk()
    try Shell.prepare("qemu-img convert -f raw -O parallels disk.img there.hds", in: folder)
    expectSilentSuccess(try folder.convert(.prl2raw, from: "there.hds", to: "back.img", over: ends))
    #expect(try folder.difference("disk.img", "back.img") == nil)
  }
}

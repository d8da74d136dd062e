import TestSupport
import Testing

@Suite("A refresh writes into the file that is there")
struct RefreshedFileTests {
  let folder = TemporaryFolder()

  private func makeFiles() throws {
    try folder.write(AgedCopy.random("refreshed files", 1))
    try Shell.prepare("cp old.img copy.img", in: folder)
  }

  @Test("Inode and mode stay")
  func inodeAndMode() throws {
    try makeFiles()
    try Shell.prepare("chmod 640 copy.img", in: folder)
    let before = try folder.inode(of: "copy.img")
    expectSilentSuccess(try folder.refresh())
    #expect(try folder.inode(of: "copy.img") == before)
    #expect(try Shell.run("ls -l copy.img", in: folder).printed.hasPrefix("-rw-r-----"))
    try folder.expectRefreshed()
  }

  @Test(
    "The owner stays", .enabled(if: Shell.works("touch f && chown 1234:1234 f"), "needs the right to give files away"))
  func owner() throws {
    try makeFiles()
    try Shell.prepare("chown 1234:4321 copy.img", in: folder)
    expectSilentSuccess(try folder.refresh("-f"))
    let listed = try Shell.run("ls -ln copy.img", in: folder).printed.split(separator: " ")
    #expect(listed[2...3] == ["1234", "4321"], "\(listed)")
    try folder.expectRefreshed()
  }

  @Test("A symbolic link is followed")
  func symbolicLink() throws {
    try makeFiles()
    try Shell.prepare("mkdir there; mv copy.img there/copy; ln -s there/copy copy.img", in: folder)
    let inode = try folder.inode(of: "there/copy")
    expectSilentSuccess(try folder.refresh("-f"))
    #expect(try Shell.run("test -L copy.img && ls -A there", in: folder).printed == "copy\n")
    #expect(try folder.inode(of: "there/copy") == inode)
    try folder.expectRefreshed("there/copy")
  }

  @Test("Hard links stay together")
  func hardLinks() throws {
    try makeFiles()
    try Shell.prepare("ln copy.img other.img", in: folder)
    expectSilentSuccess(try folder.refresh())
    #expect(try folder.inode(of: "copy.img") == folder.inode(of: "other.img"))
    try folder.expectRefreshed("other.img")
  }

  @Test("Nothing else is left")
  func leftovers() throws {
    try makeFiles()
    expectSilentSuccess(try folder.refresh("--sync"))
    #expect(folder.names == ["copy.img", "expected.img", "image.hds", "old.img"])
  }
}

import TestSupport
import Testing

@Suite("A bundle as Parallels Desktop leaves it, with a real file system", .enabled(if: Tools.ext4, "needs mke2fs"))
struct RealBundleTests {
  let folder = TemporaryFolder()

  /// An ext4 disk in `old.img`, the same with a later change in `new.img`, and both states in `machine.pvm/disk.hdd`.
  private func makeBundle() throws {
    try Shell.prepare(
      """
      mkdir -p files machine.pvm/disk.hdd
      for number in $(seq 20); do head -c $((number * 54321)) /dev/urandom > files/file$number; done
      mke2fs -q -t ext4 -d files old.img 64M
      cp old.img new.img; head -c 3000000 /dev/urandom > later; debugfs -w -R 'write later later' new.img 2> messages
      python3 - <<'EOF'
      old, new = open('old.img', 'rb').read(), open('new.img', 'rb').read()
      changed = bytearray(len(new))
      for start in range(0, len(new), 1 << 20):
          if old[start:start + (1 << 20)] != new[start:start + (1 << 20)]:
              changed[start:start + (1 << 20)] = new[start:start + (1 << 20)]
      open('changed.img', 'wb').write(changed)
      EOF
      for state in old changed; do "$PRLCONV" raw2prl --layout legacy $state.img machine.pvm/disk.hdd/$state.hds; done
      : > machine.pvm/disk.hdd/disk.hdd
      """, in: folder)
    let images = [("{98146cec-5d2b-4b8f-8f0e-0d4e4c1f6a11}", "old"), ("{\(ModelBundle.currentID)}", "changed")]
    let sectors = (64 << 20) / 512
    let list = images.map { id, file in
      "<Image>\n<GUID>\(id)</GUID>\n<Type>Compressed</Type>\n<File>\(file).hds</File>\n</Image>"
    }.joined(separator: "\n")
    try folder.write(
      Array(
        """
        <?xml version='1.0' encoding='UTF-8'?>
        <Parallels_disk_image Version="1.0">
            <Disk_Parameters>
                <Disk_size>\(sectors)</Disk_size>
                <Cylinders>\(sectors / 512)</Cylinders>
                <PhysicalSectorSize>4096</PhysicalSectorSize>
                <LogicSectorSize>512</LogicSectorSize>
                <Heads>16</Heads>
                <Sectors>32</Sectors>
                <Padding>0</Padding>
                <Encryption>
                    <Engine>{00000000-0000-0000-0000-000000000000}</Engine>
                    <Data></Data>
                </Encryption>
            </Disk_Parameters>
            <StorageData>
                <Storage>
                    <Start>0</Start>
                    <End>\(sectors)</End>
                    <Blocksize>2048</Blocksize>
                    \(list)
                </Storage>
            </StorageData>
            <Snapshots>
                <Shot>
                    <GUID>\(images[0].0)</GUID>
                    <ParentGUID>{\(ModelBundle.nullID)}</ParentGUID>
                </Shot>
                <Shot>
                    <GUID>\(images[1].0)</GUID>
                    <ParentGUID>\(images[0].0)</ParentGUID>
                </Shot>
            </Snapshots>
        </Parallels_disk_image>

        """.utf8), to: "machine.pvm/disk.hdd/DiskDescriptor.xml")
  }

  @Test("Both states are clean file systems", arguments: [("", "new"), ("--snapshot 98146cec", "old")])
  func states(option: String, expected: String) throws {
    try makeBundle()
    expectSilentSuccess(try Shell.run("\"$PRLCONV\" prl2raw \(option) machine.pvm out.img", in: folder))
    #expect(try folder.difference("out.img", "\(expected).img") == nil)
    let checked = try Shell.run("e2fsck -fn out.img", in: folder)
    #expect(checked.isSuccess, "\(checked.printed)")
  }

  static let library = Shell.works("/usr/bin/env python3 -c 'import pyphdi'")

  @Test("libphdi reads the same disk of a bundle with one image", .enabled(if: library, "needs libphdi-python"))
  func secondOpinion() throws {
    try makeBundle()
    let outcome = try Shell.run(
      #"""
      mkdir one.hdd && cp machine.pvm/disk.hdd/old.hds one.hdd && cd one.hdd || exit
      python3 - <<'EOF'
      import re
      text = open('../machine.pvm/disk.hdd/DiskDescriptor.xml').read()
      text = re.sub(r'<Image>\s*<GUID>{5fb.*?</Image>', '', text, flags=re.S)
      text = re.sub(r'<Shot>\s*<GUID>{5fb.*?</Shot>', '', text, flags=re.S)
      open('DiskDescriptor.xml', 'w').write(text)
      import pyphdi
      handle = pyphdi.handle()
      handle.open('DiskDescriptor.xml')
      handle.open_extent_data_files()
      open('../theirs.img', 'wb').write(handle.read_buffer(handle.get_media_size()))
      EOF
      cd ..; "$PRLCONV" prl2raw -q one.hdd ours.img && cmp ours.img theirs.img
      """#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }
}

import TestSupport
import Testing

@Suite(
  "Outputs that share the blocks of their inputs",
  .enabled(if: !SharingFileSystem.mountable.isEmpty, "needs the right to mount, and mkfs.xfs or mkfs.btrfs"))
struct SharedBlockTests {
  let folder = TemporaryFolder()

  /// Fails unless a file has no hole.
  static let solid = """
    solid() { python3 -c 'import os,sys
    for name in sys.argv[1:]:
        file = os.open(name, os.O_RDONLY); size = os.fstat(file).st_size
        assert os.lseek(file, 0, os.SEEK_HOLE) == size, name' "$@"; }
    """

  /// A raw disk with holes in clusters, space that is only reserved, zeros and an odd end.
  private func makeDisk(_ number: Int) throws -> Int {
    var random = SeededRandom("disk whose blocks are shared", number)
    let byteCount = Int.random(in: 3 << 20...9 << 20, using: &random)
    var disk = SparseDisk(byteCount: byteCount)
    for _ in 0..<Int.random(in: 2...12, using: &random) {
      let start = Int.random(in: 0..<byteCount, using: &random)
      let count = min(byteCount - start, [100, 4096, 70_000, 1_500_000].randomElement(using: &random) ?? 1)
      if Bool.random(using: &random) {
        disk.put(Filling.cluster(start, byteCount: count), at: start)
      } else {
        disk.putZeros(start..<start + count)
      }
    }
    try folder.write(disk, to: "disk.img")
    return byteCount
  }

  @Test(
    "The bytes are those of a copy, whatever the disk is like", arguments: SharingFileSystem.mountable,
    Exhaustive.cases(Array(0..<8), brief: [3]))
  func sameBytes(system: SharingFileSystem, number: Int) throws {
    let byteCount = try makeDisk(number)
    let sizes = Exhaustive.cases(["1M", "3M", "64K", "4K", "512", "63s"], brief: 2)
    let outcome = try folder.run(
      on: system,
      """
      \(Self.solid)
      cp --sparse=always --reflink=never ../disk.img disk.img
      fallocate -n -o $((\(number) % 3 * 777777)) -l 3000000 disk.img
      for size in \(sizes.joined(separator: " ")); do
        for layout in ext legacy; do
          for mode in never always auto; do
            options="-q --reflink $mode --layout $layout"
            "$PRLCONV" raw2prl -f $options --cluster-size $size disk.img $mode.hds
            "$PRLCONV" prl2prl -f $options --cluster-size 64K never.hds $mode.p2p
            "$PRLCONV" prl2prl -f $options --allocated --cluster-size 128K never.hds $mode.kept
            "$PRLCONV" raw2prl -f $options --size \(byteCount + 5_000_000) --cluster-size $size disk.img $mode.long
            "$PRLCONV" raw2prl -f $options --allocated --cluster-size $size disk.img $mode.full
            "$PRLCONV" prl2raw -f -q --reflink $mode never.hds $mode.img
            for kind in hds p2p kept long full img; do cmp never.$kind $mode.$kind; done
            solid $mode.hds $mode.p2p $mode.kept $mode.full
            "$PRLCONV" check $mode.hds > ../report
          done
        done
      done
      for mode in never always auto; do
        "$PRLCONV" raw2prl -q -f --reflink $mode --plain disk.img $mode.hdd 2> ../warnings
        cmp never.hdd/*.hds $mode.hdd/*.hds
        "$PRLCONV" prl2raw -q -f --reflink $mode $mode.hdd $mode.img
        cmp never.img $mode.img
      done
      """)
    expectSilentSuccess(outcome)
  }

  @Test("Images out of order and chains share the blocks of each file", arguments: SharingFileSystem.mountable)
  func chain(system: SharingFileSystem) throws {
    let (base, top): ([Int?], [Int?]) = ([3, 0, nil, 1, 2], [nil, 0, 1, nil, nil])
    let ids = ["98146cec-5d2b-4b8f-8f0e-0d4e4c1f6a11", ModelBundle.currentID]
    try folder.write(HandMadeImage(clusterByteCount: 64 << 10, places: base).file, to: "base.hds")
    var upper = HandMadeImage(HandMadeImage.legacyMagic, clusterByteCount: 64 << 10, places: top)
    upper.contents.put(Filling.cluster(9, byteCount: 64 << 10), at: upper.byteOffset(ofEntry: upper.entries[1]))
    try folder.write(upper.file, to: "top.hds")
    var disk = HandMadeImage.disk(clusterByteCount: 64 << 10, places: base)
    disk.put(Filling.cluster(9, byteCount: 64 << 10), at: 64 << 10)
    disk.put(Filling.cluster(2, byteCount: 64 << 10), at: 128 << 10)
    try folder.write(disk, to: "disk.img")
    let images = zip(ids, ["base.hds", "top.hds"]).map {
      "<Image><GUID>{\($0)}</GUID><Type>Compressed</Type><File>\($1)</File></Image>"
    }
    let shots = zip(ids, [ModelBundle.nullID, ids[0]]).map {
      "<Shot><GUID>{\($0)}</GUID><ParentGUID>{\($1)}</ParentGUID></Shot>"
    }
    let descriptor = """
      <Parallels_disk_image><Disk_Parameters><Disk_size>640</Disk_size></Disk_Parameters><StorageData><Storage>
      <Start>0</Start><End>640</End><Blocksize>128</Blocksize>\(images.joined())</Storage></StorageData>
      <Snapshots>\(shots.joined())</Snapshots></Parallels_disk_image>
      """
    try folder.write(Array(descriptor.utf8), to: "DiskDescriptor.xml")
    let outcome = try folder.run(
      on: system,
      """
      mkdir in.hdd; cp --reflink=never ../base.hds ../top.hds ../DiskDescriptor.xml in.hdd; sync
      "$PRLCONV" prl2raw -q --reflink always --stats json in.hdd out.img 2> ../stats
      cmp ../disk.img out.img
      "$PRLCONV" prl2prl -q --reflink always --stats json in.hdd out.hds 2>> ../stats
      "$PRLCONV" prl2prl -q --reflink never in.hdd copy.hds; cmp out.hds copy.hds
      "$PRLCONV" compare -q -s ../disk.img out.hds
      """)
    expectSilentSuccess(outcome)
    let stats = try String(decoding: folder.bytes(of: "stats"), as: UTF8.self).filter { $0 != " " }
    #expect(stats.split(separator: "\n").count { $0.contains("\"bytes-shared\":\(5 * 64 << 10),") } == 2, "\(stats)")
  }

  @Test("A later change of one file does not show in the other", arguments: SharingFileSystem.mountable)
  func independent(system: SharingFileSystem) throws {
    _ = try makeDisk(0)
    let outcome = try folder.run(
      on: system,
      """
      cp ../disk.img a; cp ../disk.img b; sync
      "$PRLCONV" raw2prl -q --reflink always a a.hds; "$PRLCONV" prl2raw -q --reflink always a.hds a.img
      cp --reflink=never a.hds before
      tr '\\0' 'x' < b | dd of=a conv=notrunc status=none
      cmp a.hds before; cmp a.img b 2> /dev/null || test $(stat -c %s a.img) -gt $(stat -c %s b)
      printf changed | dd of=a.hds bs=1 seek=1048577 conv=notrunc status=none
      cmp -n $(stat -c %s b) a.img b
      """)
    expectSilentSuccess(outcome)
  }

  @Test(
    "An input at an offset of its file is shared where the blocks allow it", arguments: SharingFileSystem.mountable,
    [4096, 512])
  func redirected(system: SharingFileSystem, offset: Int) throws {
    _ = try makeDisk(1)
    let outcome = try folder.run(
      on: system,
      """
      { head -c \(offset) /dev/urandom; cat ../disk.img; } > file; sync
      for mode in never auto always; do
        { head -c \(offset) > /dev/null; "$PRLCONV" raw2prl -q --reflink $mode - $mode.hds; } < <(cat file) || true
        exec 3< file; dd bs=\(offset) count=1 status=none <&3 > /dev/null
        "$PRLCONV" raw2prl -q -f --reflink $mode - $mode.hds <&3
        cmp never.hds $mode.hds
      done
      """)
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test(
    "A refusal to share leads to a copy, and a failure is an error",
    .enabled(if: Tools.strace, "needs strace"), arguments: SharingFileSystem.mountable,
    Exhaustive.cases(
      ["EOPNOTSUPP", "EXDEV", "EINVAL", "ENOTTY", "EPERM", "EIO", "ENOSPC", "EDQUOT", "ENOMEM"],
      brief: ["EOPNOTSUPP", "EINVAL", "EIO"]))
  func refusals(system: SharingFileSystem, code: String) throws {
    _ = try makeDisk(2)
    let isFatal = ["EIO", "ENOSPC", "EDQUOT", "ENOMEM"].contains(code)
    let outcome = try folder.run(
      on: system,
      """
      \(Self.solid)
      cp --sparse=always --reflink=never ../disk.img disk.img; sync
      "$PRLCONV" raw2prl -q --reflink never disk.img copy.hds
      "$PRLCONV" prl2raw -q --reflink never copy.hds copy.img
      status=0
      for when in 1+ 2+ 3 4+ 5+ 6+; do
        for mode in auto always; do
          inject="strace -f -qq -o /dev/null -e trace=ioctl -e inject=ioctl:error=\(code):when=$when"
          $inject "$PRLCONV" raw2prl -q --reflink $mode disk.img out.hds 2>> ../messages && cmp out.hds copy.hds && solid out.hds || status=1
          $inject "$PRLCONV" prl2raw -q --reflink $mode copy.hds out.img 2>> ../messages && cmp out.img copy.img || status=1
          test $mode = auto && test $status = 1 && echo failed-auto
          status=0
          test -z "$(ls -A | grep prlconv)"
          rm -f out.hds out.img
        done
      done
      """)
    #expect(outcome.isSuccess, "\(outcome)")
    #expect(outcome.printed.contains("failed-auto") == isFatal, "\(outcome.printed)")
    let messages = try String(decoding: folder.bytes(of: "messages"), as: UTF8.self)
    #expect(messages.contains("share blocks"), "\(messages)")
  }

  @Test("With --sparse-size or --reflink never, nothing is shared", arguments: SharingFileSystem.mountable)
  func never(system: SharingFileSystem) throws {
    _ = try makeDisk(3)
    let outcome = try folder.run(
      on: system,
      """
      cp ../disk.img disk.img; sync
      for options in "raw2prl --reflink never disk.img a.hds" "prl2raw -S 4K a.hds a.img" \\
        "prl2raw --reflink never -f a.hds a.img" "prl2prl --reflink never a.hds b.hds"; do
        "$PRLCONV" $options -q --stats json 2>&1 | tr -d ' ' | grep -q '"bytes-shared":0,'
      done
      """)
    #expect(outcome.isSuccess, "\(outcome)")
  }
}

@Suite("Sharing that is impossible")
struct RefusedSharingTests {
  let folder = TemporaryFolder()

  @Test(
    "--reflink always gives the reason and leaves no output",
    arguments: [
      "raw2prl disk.img - | cat", "prl2raw disk.hds - | cat", "prl2raw -z disk.hds out.gz",
      "prl2raw - out < <(cat disk.hds)",
      "raw2prl - out < <(cat disk.img)", "raw2prl <(gzip -c disk.img) out", "prl2prl - out < <(cat disk.hds)",
    ])
  func always(arguments: String) throws {
    try folder.write(Filling.cluster(1, byteCount: 2 << 20), to: "disk.img")
    try Shell.prepare(#""$PRLCONV" raw2prl disk.img disk.hds"#, in: folder)
    let command = arguments.replacing("raw2prl ", with: "raw2prl --reflink always ")
      .replacing("prl2raw ", with: "prl2raw --reflink always ").replacing("prl2prl ", with: "prl2prl --reflink always ")
    let outcome = try Shell.run("\"$PRLCONV\" \(command)", in: folder)
    #expect(outcome.ending == .status(1) && outcome.standardError.contains("cannot share blocks"), "\(outcome)")
    #expect(outcome.standardError.contains("hint: --reflink auto"), "\(outcome)")
    #expect(Set(folder.names) == ["disk.img", "disk.hds"])
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Memory and space are taken only as far as they are needed")
struct MemoryLimitTests {
  let folder = TemporaryFolder()

  /// Runs a script with a Python program that prints the peak of the commands that it runs, in KiB.
  private func peakKibibytes(_ arguments: String) throws -> Int {
    let program = """
      import os, resource, subprocess, sys
      status = subprocess.run([os.environ["PRLCONV"], *sys.argv[1:]], stdout=subprocess.DEVNULL).returncode
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if status == 0 else -1)
      """
    let outcome = try Shell.run("python3 -c '\(program)' \(arguments)", in: folder)
    return try #require(Int(outcome.printed.trimmingCharacters(in: .whitespacesAndNewlines)), "\(outcome)")
  }

  /// 16 threads are the default of any machine with that many processors or more.
  @Test(
    "With 16 threads, every command stays below 64 MiB",
    arguments: [
      "raw2prl -T 16 disk -", "prl2raw -T 16 image -", "prl2raw -z -T 16 image -", "compare -T 16 disk image",
      "measure -T 16 disk", "info image", "check image", "map image",
    ])
  func peak(arguments: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 90), to: "disk")
    try Shell.prepare(#""$PRLCONV" raw2prl -q disk image"#, in: folder)
    let peak = try peakKibibytes(arguments)
    #expect(0..<(64 << 10) ~= peak, "\(peak) KiB")
  }

  @Test("No more is reserved than is written", .enabled(if: Tools.strace, "needs strace"), arguments: Ends.toFile)
  func reservations(ends: Ends) throws {
    try folder.write(SparseDisk(numberedMegabytes: 6), to: "in")
    try Shell.prepare(
      """
      strace -f -qq -o log -e trace=fallocate bash -c '\(ends.script(.raw2prl, "-q", from: "in", to: "out"))'
      """, in: folder)
    let log = String(decoding: try folder.bytes(of: "log"), as: UTF8.self)
    let reserved = log.matches(of: #/fallocate\(\d+, 0, (\d+), (\d+)\)/#).compactMap { match in
      Int(match.output.1).flatMap { start in Int(match.output.2).map { start + $0 } }
    }
    #expect(try reserved.max() ?? 0 <= folder.byteCount(of: "out"), "\(log)")
  }

  @Test("On tmpfs nothing is reserved", .enabled(if: Tools.strace && Tools.smallFileSystem, "needs strace and mounts"))
  func memoryFileSystem() throws {
    try folder.write(SparseDisk(numberedMegabytes: 6), to: "in")
    let outcome = try Shell.run(
      """
      mkdir m; unshare -m sh -c 'mount -t tmpfs -o size=32m none m && strace -f -qq -o log -e trace=fallocate \
        "$PRLCONV" raw2prl in m/out && strace -f -qq -o log2 -e trace=fallocate "$PRLCONV" prl2raw m/out m/back'
      cat log log2
      """, in: folder)
    #expect(outcome.isSuccess && !outcome.printed.contains("fallocate"), "\(outcome) \(outcome.printed)")
  }

  @Test(
    "A reservation that fails gives back what it got", .enabled(if: Tools.smallFileSystem && Tools.ext4, "needs mounts")
  )
  func failedReservation() throws {
    try folder.write(SparseDisk(numberedMegabytes: 6), to: "in")
    // The image fits, but not much more.
    let outcome = try Shell.run(
      """
      truncate -s 16M fs && mke2fs -q -t ext4 -O ^has_journal -m 0 fs && mkdir m && unshare -m sh -c '
        mount -o loop fs m && head -c $(($(stat -f -c %a m) * $(stat -f -c %s m) - 7 * 1024 * 1024)) /dev/zero > m/other &&
        "$PRLCONV" raw2prl -q in m/out && "$PRLCONV" compare -q in m/out; status=$?; umount m; exit $status'
      """, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
  }

  @Test("What follows an image on a device is not leaked", .enabled(if: Tools.loopDevices, "needs loop devices"))
  func checkedDevice() throws {
    try folder.write(HandMadeImage(places: [1, 0]).file, to: "image")
    let outcome = try Shell.run(
      #"""
      truncate -s 16M disk; dd if=image of=disk conv=notrunc status=none; device=$(losetup -f --show disk) || exit 99
      "$PRLCONV" check $device; status=$?; losetup -d $device; exit $status
      """#, in: folder)
    #expect(outcome.ending == .status(0), "\(outcome) \(outcome.printed)")
  }

  /// A device whose space is allocated when it is written: zeros must not take any.
  @Test("Zeros take no space on a thin device", .enabled(if: Tools.loopDevices, "needs loop devices"))
  func thinDevice() throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "in")
    let outcome = try Shell.run(
      #"""
      "$PRLCONV" raw2prl -q --size 200M in image; truncate -s 200M disk; device=$(losetup -f --show disk) || exit 99
      "$PRLCONV" prl2raw -q -f image $device; status=$?; sync $device; losetup -d $device
      "$PRLCONV" compare -q image disk && du -k disk | cut -f1; exit $status
      """#, in: folder)
    #expect(outcome.isSuccess, "\(outcome)")
    #expect(
      Int(outcome.printed.trimmingCharacters(in: .newlines)).map { $0 < 8 << 10 } == true, "\(outcome.printed) KiB")
  }

  @Test("A version that cannot be written is not success", arguments: ["--version", "--help", "raw2prl --help"])
  func fullOutput(arguments: String) throws {
    expectError(
      try Shell.run("\"$PRLCONV\" \(arguments) > /dev/full", in: folder), saying: ["'stdout'", "No space left"])
  }
}

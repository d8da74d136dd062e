import TestSupport
import Testing

@Suite("A device that stdout is redirected to", .enabled(if: Tools.loopDevices, "needs loop devices"))
struct RedirectedDeviceTests {
  let folder = TemporaryFolder()

  private func convert(_ option: String, mounting: Bool) throws -> Outcome {
    try folder.write(HandMadeImage(places: [1, 0]).file, to: "image")
    return try Shell.run(
      #"""
      truncate -s 16M disk; \#(mounting ? "mke2fs -q disk" : ":")
      device=$(losetup -f --show disk) || exit 99
      mkdir mounted; \#(mounting ? "mount $device mounted" : ":")
      "$PRLCONV" prl2raw \#(option) image > $device; status=$?
      \#(mounting ? "umount mounted" : ":"); losetup -d $device; exit $status
      """#, in: folder)
  }

  @Test("It is not overwritten without --force")
  func withoutForce() throws {
    expectError(try convert("", mounting: false), saying: ["'stdout'", "block device"])
  }

  @Test("It is overwritten with --force")
  func withForce() throws {
    #expect(try convert("-f", mounting: false).isSuccess)
    try Shell.prepare(#""$PRLCONV" compare image disk"#, in: folder)
  }

  @Test("A mounted one is refused even with --force")
  func mounted() throws {
    expectError(try convert("-f", mounting: true), saying: ["'stdout'", "busy"])
  }
}

import TestSupport
import Testing

@Suite(
  "A block device that is refreshed, which may be larger than the disk",
  .enabled(if: Tools.loopDevices, "needs the right to make loop devices"))
struct RefreshedDeviceTests {
  let folder = TemporaryFolder()

  /// Refreshes a device of `byteCount` bytes, all of them marked, and leaves what is on it then in `copy.img`.
  private func refresh(_ aged: AgedCopy, byteCount: Int, options: String = "") throws -> Outcome {
    try folder.write(aged)
    try folder.write([UInt8](repeating: AgedCopy.marker, count: byteCount), to: "copy.img")
    return try Shell.run(
      """
      device=$(losetup -f --show copy.img) || exit 99
      trap 'losetup -d $device' EXIT
      "$PRLCONV" prl2raw \(options) --bitmap \(HandMadeBitmap.name()) image.hds $device
      status=$?
      sync
      exit $status
      """, in: folder)
  }

  @Test("Only marked bytes are written", arguments: Exhaustive.cases(0..<5), Exhaustive.cases([0, 512, 3 << 20]))
  func markedBytes(index: Int, extra: Int) throws {
    let aged = try AgedCopy.random("refreshed devices", index)
    let byteCount = aged.disk.count + extra
    expectSilentSuccess(try refresh(aged, byteCount: byteCount, options: index % 2 == 0 ? "" : "-f --sync"))
    let rest = [UInt8](repeating: AgedCopy.marker, count: extra)
    try folder.write(aged.expected + rest, to: "expected.img")
    try folder.expectRefreshed()
  }

  @Test("A smaller device is refused")
  func tooSmall() throws {
    let aged = try AgedCopy.random("refreshed devices", 1)
    let byteCount = aged.disk.count - 512
    expectError(try refresh(aged, byteCount: byteCount), saying: ["\(byteCount)", "\(aged.disk.count)"])
    try folder.write([UInt8](repeating: AgedCopy.marker, count: byteCount), to: "expected.img")
    try folder.expectRefreshed()
  }
}

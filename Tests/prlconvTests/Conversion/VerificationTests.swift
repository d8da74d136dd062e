import TestSupport
import Testing

@Suite("Outputs that are read back with --verify")
struct VerificationTests {
  let folder = TemporaryFolder()

  /// Commands that convert `disk.img` or `disk.hds` to `out…`.
  private static let commands = [
    "raw2prl disk.img out.hds", "raw2prl disk.img out.hdd", "raw2prl --plain disk.img out.hdd",
    "raw2prl --allocated disk.img out.hds", "raw2prl disk.raw.gz out.hds", "prl2raw disk.hds out.img",
    "prl2raw disk.hds out.img.gz", "prl2raw -S 0 disk.hds out.img", "prl2prl --cluster-size 64K disk.hds out.hds",
    "prl2prl disk.hds out.hdd",
  ]

  private func makeDisks() throws {
    // Bytes in which every bit counts, also in compressed form.
    var generator = SeededRandom("verification")
    let data = Filling.random(4 << 20, using: &generator)
    try folder.write(data + [UInt8](repeating: 0, count: 1 << 20), to: "disk.img")
    try Shell.prepare(
      #""$PRLCONV" raw2prl disk.img disk.hds && "$PRLCONV" prl2raw -z -1 disk.hds disk.raw.gz"#, in: folder)
  }

  private func run(_ command: String, environment: [String: String] = [:]) throws -> Outcome {
    try Shell.run(
      #""$PRLCONV" \#(command.replacing(" ", with: " -q --reflink never --verify ", maxReplacements: 1))"#, in: folder,
      environment: environment)
  }

  @Test("What was written rightly gets its name", arguments: commands)
  func right(command: String) throws {
    try makeDisks()
    #expect(try run(command).isSuccess)
    #expect(folder.names.contains { $0.hasPrefix("out") } && folder.leftovers.isEmpty)
  }

  @Test(
    "A bit that the device stores wrongly is an error, and no output is left", .enabled(if: FaultShim.path != nil),
    arguments: commands)
  func wrong(command: String) throws {
    try makeDisks()
    var environment = FaultShim.environment(.wrongBit, of: "pwrite", at: 2)
    environment["FAULT_LOG"] = folder("log")
    let outcome = try run(command, environment: environment)
    try Shell.prepare("grep -q pwrite log", in: folder)
    // A wrong bit of the table or of gzip is found before the bytes are compared.
    expectError(outcome, saying: ["'out"])
    #expect(!folder.names.contains { $0.hasPrefix("out") } && folder.leftovers.isEmpty, "\(folder.names)")
  }

  @Test("Without --verify, a wrong bit is not noticed", .enabled(if: FaultShim.path != nil))
  func unnoticed() throws {
    try makeDisks()
    var environment = FaultShim.environment(.wrongBit, of: "pwrite", at: 2)
    environment["FAULT_LOG"] = folder("log")
    let outcome = try Shell.run(
      #""$PRLCONV" prl2raw --reflink never disk.hds out.img"#, in: folder, environment: environment)
    #expect(outcome.isSuccess)
    #expect(try folder.difference("disk.img", "out.img") != nil)
  }

  @Test(
    "A pipe is wrong usage, with the reason",
    arguments: [
      ("cat disk.img | \"$PRLCONV\" raw2prl --verify - out.hds", "only once"),
      ("\"$PRLCONV\" prl2raw --verify disk.hds | cat > pipe; exit ${PIPESTATUS[0]}", "cannot be read"),
    ])
  func pipes(script: String, reason: String) throws {
    try makeDisks()
    expectError(try Shell.run(script, in: folder), status: 64, saying: ["cannot be verified", reason])
    #expect(!folder.contains("out.hds"))
  }

  @Test("A redirected file is read back")
  func redirected() throws {
    try makeDisks()
    try Shell.prepare(#""$PRLCONV" prl2raw -q --verify < disk.hds > out.img"#, in: folder)
    #expect(try folder.difference("disk.img", "out.img") == nil)
  }

  @Test("A device is read back before success is reported", .enabled(if: Tools.loopDevices && FaultShim.path != nil))
  func device() throws {
    try makeDisks()
    var environment = FaultShim.environment(.wrongBit, of: "pwrite", at: 2)
    environment["FAULT_LOG"] = folder("log")
    let script = #"""
      truncate -s 16M file; device=$(losetup -f --show file) || exit 99
      "$PRLCONV" prl2raw -f --verify disk.hds $device; status=$?
      losetup -d $device; exit $status
      """#
    #expect(try Shell.run(script, in: folder).isSuccess)
    expectError(try Shell.run(script, in: folder, environment: environment), saying: ["differs from the input"])
  }

  @Test("gzip on a device is read as far as it was written", .enabled(if: Tools.loopDevices, "needs loop devices"))
  func compressedDevice() throws {
    try makeDisks()
    try Shell.prepare(
      #"""
      head -c 16M /dev/urandom > file; device=$(losetup -f --show file) || exit 99
      "$PRLCONV" prl2raw -q -z -f --verify disk.hds $device; status=$?
      losetup -d $device; exit $status
      """#, in: folder)
  }

  @Test("A refreshed copy that is not one of the image is reported as such")
  func otherCopy() throws {
    try makeDisks()
    try Shell.prepare(
      #"""
      "$PRLCONV" raw2prl -q --new-bitmap 5f0d1a7e-8c7b-4c4a-9f0e-3f5d5b1f2a11 disk.img marked.hds
      cp disk.img copy.img; "$PRLCONV" prl2raw -q --verify --bitmap 5f0d marked.hds copy.img
      printf x | dd of=copy.img bs=1 seek=3000000 conv=notrunc status=none
      """#, in: folder)
    let outcome = try Shell.run(
      #""$PRLCONV" prl2raw -q --verify --bitmap 5f0d marked.hds copy.img"#, in: folder)
    expectError(outcome, saying: ["still differs from the image at byte 3000000"])
    #expect(outcome.messages.last?.contains("convert the whole disk") == true)
  }

  @Test("Losses that --salvage accepts are no difference")
  func salvaged() throws {
    try makeDisks()
    try Shell.prepare("truncate -s -1M disk.hds", in: folder)
    let outcome = try run("prl2raw --salvage disk.hds out.img")
    #expect(outcome.ending == .status(2) && outcome.messages.count { $0.contains("lost:") } == 1, "\(outcome)")
    #expect(folder.contains("out.img"))
  }
}

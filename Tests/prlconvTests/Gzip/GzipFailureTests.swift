import Foundation
import TestSupport
import Testing

@Suite("Compressed output that cannot be written, or whose image breaks on the way")
struct GzipFailureTests {
  let folder = TemporaryFolder()

  /// An image of 3 MiB that can't be compressed.
  private func makeImage() throws {
    var generator = SeededRandom("disk that does not fit")
    try folder.write(Filling.random(3 << 20, using: &generator), to: "disk.img")
    expectSilentSuccess(try folder.convert(.raw2prl, from: "disk.img", to: "image.hds"))
    try Shell.prepare("rm disk.img", in: folder)
  }

  @Test("A reader that goes away ends it like any filter", arguments: [1, 70_000])
  func goneReader(byteCount: Int) throws {
    try makeImage()
    let outcome = try Shell.run(
      #"{ "$PRLCONV" prl2raw -z image.hds; echo $? > status; } | head -c \#(byteCount) > out"#, in: folder)
    #expect(try String(decoding: folder.bytes(of: "status"), as: UTF8.self) == "\(128 + SIGPIPE)\n")
    #expect(outcome.standardError.isEmpty, "\(outcome)")
    #expect(folder.leftovers.isEmpty)
  }

  @Test("A reader that goes away ends a long run of zeros")
  func goneReaderOfZeros() throws {
    try Shell.prepare(#""$PRLCONV" raw2prl -s 200T --cluster-size 1G - image.hds"#, in: folder)
    let outcome = try Shell.run(
      #"{ "$PRLCONV" prl2raw -z image.hds; echo $? > status; } | head -c 100000 > out"#, in: folder)
    #expect(try String(decoding: folder.bytes(of: "status"), as: UTF8.self) == "\(128 + SIGPIPE)\n")
    #expect(outcome.standardError.isEmpty, "\(outcome)")
  }

  @Test(
    "A full disk leaves no output", .enabled(if: Tools.smallFileSystem, "needs the right to mount"),
    arguments: Ends.toFile)
  func fullDisk(ends: Ends) throws {
    try makeImage()
    try Shell.prepare("mkdir small", in: folder)
    let outcome = try Shell.run(
      """
      unshare -m bash -o pipefail -c '
        mount -t tmpfs -o size=1m none small || exit 99
        \(ends.script(.prl2raw, "", from: "image.hds", to: "small/disk.gz"))
        status=$?
        ls -A small
        exit $status'
      """, in: folder)
    expectError(outcome, saying: ["'small/disk.gz'", "No space left"])
    #expect(outcome.printed == "", "\(outcome.printed)")
  }

  @Test("A full device is an error", arguments: ["image.hds", "- < image.hds"])
  func fullDevice(input: String) throws {
    try makeImage()
    let outcome = try Shell.run(#""$PRLCONV" prl2raw -z \#(input) > /dev/full"#, in: folder)
    expectError(outcome, saying: ["'stdout'", "No space left"])
  }

  @Test("An image that is cut leaves no output", arguments: Ends.toFile, Exhaustive.cases(GzipImage.Order.allCases))
  func cutImage(ends: Ends, order: GzipImage.Order) throws {
    var image = GzipImage(clusterByteCount: 64 << 10, clusterCount: 40, order: order).image
    image.resize(to: image.byteCount - (65 << 10))
    try folder.write(image, to: "image.hds")
    expectError(try folder.convert(.prl2raw, from: "image.hds", to: "disk.gz", over: ends), saying: ["BAT entry"])
    #expect(folder.names == ["image.hds"])
  }

  @Test("An existing output is left alone", arguments: Ends.toFile)
  func existingOutput(ends: Ends) throws {
    try folder.write(GzipImage(clusterByteCount: 4096, clusterCount: 9, order: .inOrder).image, to: "image.hds")
    try folder.write([1, 2, 3], to: "disk.gz")
    expectError(try folder.convert(.prl2raw, from: "image.hds", to: "disk.gz", over: ends), saying: ["exists"])
    #expect(try folder.bytes(of: "disk.gz") == [1, 2, 3])
    #expect(folder.names == ["disk.gz", "image.hds"])
  }

  @Test("A replaced file is not longer than what was written")
  func replaced() throws {
    try folder.write(GzipImage(clusterByteCount: 4096, clusterCount: 9, order: .inOrder).image, to: "image.hds")
    try Shell.prepare("head -c 9M /dev/urandom > out; head -c 9M /dev/urandom > replaced", in: folder)
    expectSilentSuccess(try folder.convert(.prl2raw, "-z", from: "image.hds", to: "expected"))
    expectSilentSuccess(try folder.convert(.prl2raw, "-f -z", from: "image.hds", to: "replaced"))
    #expect(try folder.difference("expected", "replaced") == nil)
    let outcome = try Shell.run(#""$PRLCONV" prl2raw -f -z < image.hds 1<> out"#, in: folder)
    expectSilentSuccess(outcome)
    #expect(try folder.difference("expected", "out") == nil)
  }
}

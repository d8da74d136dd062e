import TestSupport
import Testing

@Suite("Bundles that are flattened")
struct RewrittenBundleTests {
  let folder = TemporaryFolder()

  @Test(
    "A chain becomes one image with the same disk, in every state",
    arguments: Exhaustive.cases(Array(0..<60), brief: Array(0..<6)))
  func states(number: Int) throws {
    var random = SeededRandom("flattened bundles", number)
    let bundle = ModelBundle(using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    try Shell.prepare("cp -r disk.hdd before", in: folder)
    for (index, snapshot) in bundle.snapshots.enumerated() {
      try folder.write(SparseDisk(bundle.disk(index)), to: "expected")
      let state = "--snapshot \(snapshot.id)"
      let outcome = try Shell.run(
        """
        set -e
        "$PRLCONV" prl2prl -q -f \(state) disk.hdd flat.hds
        "$PRLCONV" compare -q -s --input-format raw expected flat.hds
        "$PRLCONV" check flat.hds > /dev/null
        "$PRLCONV" prl2prl -q \(state) disk.hdd - | cmp - flat.hds
        "$PRLCONV" prl2prl -q -f --allocated \(state) disk.hdd kept.hds
        "$PRLCONV" compare -q -s --input-format raw expected kept.hds
        "$PRLCONV" prl2prl -q -f \(state) \(Bool.random(using: &random) ? "--plain" : "") disk.hdd flat.hdd 2> warnings
        "$PRLCONV" compare -q --input-format raw expected flat.hdd
        "$PRLCONV" check flat.hdd > /dev/null
        """, in: folder)
      #expect(outcome.isSuccess, "state \(index) of \(bundle.snapshots): \(outcome)")
    }
    #expect(try Shell.run("diff -r disk.hdd before", in: folder).isSuccess)
    #expect(folder.leftovers.isEmpty)
  }

  @Test("The cluster size is that of the topmost image, and the layout too unless the output is a bundle")
  func form() throws {
    var random = SeededRandom("form of a flattened bundle")
    let bundle = ModelBundle(parents: [nil, 0], mayBeRaw: false, using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    let top = bundle.images[0][bundle.current].name
    let outcome = try Shell.run(
      """
      "$PRLCONV" prl2prl -q disk.hdd flat.hds; "$PRLCONV" prl2prl -q disk.hdd flat.hdd 2> warnings
      cmp -n 32 <(dd bs=16 count=1 status=none if=flat.hds; dd bs=4 skip=7 count=1 status=none if=flat.hds) \
        <(dd bs=16 count=1 status=none if='disk.hdd/\(top)'; dd bs=4 skip=7 count=1 status=none if='disk.hdd/\(top)')
      head -c 16 flat.hdd/*.hds
      """, in: folder)
    #expect(outcome.printed == HandMadeImage.legacyMagic, "\(outcome)")
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Bundles made by chance, in every state of their snapshots")
struct RandomBundleTests {
  let folder = TemporaryFolder()

  @Test(
    "Every state is that of the model, to a file and to a pipe",
    arguments: Exhaustive.cases(Array(0..<300), brief: Array(0..<10)))
  func states(number: Int) throws {
    var random = SeededRandom("bundles", number)
    let bundle = ModelBundle(using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    for (index, snapshot) in bundle.snapshots.enumerated() {
      try folder.write(SparseDisk(bundle.disk(index)), to: "expected")
      let state = "--snapshot '\(Bool.random(using: &random) ? snapshot.id : "{\(snapshot.id.uppercased())}")'"
      let toFile = try Shell.run(#""$PRLCONV" prl2raw -q -f \#(state) disk.hdd out"#, in: folder)
      #expect(toFile.isSuccess, "\(toFile)")
      #expect(try folder.difference("expected", "out") == nil, "to a file: \(index) of \(bundle.snapshots)")
      let toPipe = try Shell.run(#""$PRLCONV" prl2raw -q \#(state) disk.hdd - | cmp - expected"#, in: folder)
      #expect(toPipe.isSuccess, "\(toPipe)")
      // The first bytes of a random raw disk can be those of gzip.
      let compared = try Shell.run(#""$PRLCONV" compare --input-format raw \#(state) expected disk.hdd"#, in: folder)
      #expect(compared.isSuccess, "\(compared) \(compared.printed)")
    }
  }

  @Test(
    "The current state comes without being named, whatever part of the bundle is",
    arguments: ["disk.hdd", "disk.hdd/", "disk.hdd/DiskDescriptor.xml", "disk.hdd/disk.hdd", "link", "machine.pvm"])
  func current(name: String) throws {
    var random = SeededRandom("current state")
    let bundle = ModelBundle(using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    try Shell.prepare("ln -s disk.hdd link; mkdir machine.pvm; cp -r disk.hdd machine.pvm", in: folder)
    try folder.write(SparseDisk(bundle.disk(bundle.current)), to: "expected")
    #expect(try Shell.run(#""$PRLCONV" prl2raw -q \#(name) out"#, in: folder).isSuccess)
    #expect(try folder.difference("expected", "out") == nil)
    let gzip = try Shell.run(#""$PRLCONV" prl2raw -q -z \#(name) - | gzip -dc | cmp - expected"#, in: folder)
    #expect(gzip.isSuccess, "\(gzip)")
  }

  @Test("The map leads to the bytes of the disk, in the files of the images", arguments: 0..<5)
  func map(number: Int) throws {
    var random = SeededRandom("mapped bundles", number)
    let bundle = ModelBundle(using: &random)
    try bundle.write(to: "disk.hdd", in: folder, using: &random)
    let outcome = try Shell.run(#""$PRLCONV" map --output json disk.hdd"#, in: folder)
    let runs = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.standardOutput)) as? [[String: Any]], "\(outcome)")
    let disk = bundle.disk(bundle.current)
    var end = 0
    for run in runs {
      let (start, length) = try (#require(run["start"] as? Int), #require(run["length"] as? Int))
      #expect(start == end)
      end = start + length
      let bytes = Array(disk[start..<end])
      guard let offset = run["offset"] as? Int, let name = run["filename"] as? String else {
        #expect(bytes.allSatisfy { $0 == 0 } && run["filename"] is NSNull)
        continue
      }
      #expect(try Array(folder.bytes(of: "disk.hdd/\(name)")[offset..<offset + length]) == bytes)
    }
    #expect(end == disk.count)
  }
}

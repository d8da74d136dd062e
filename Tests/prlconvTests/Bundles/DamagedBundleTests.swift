import Foundation
import TestSupport
import Testing

@Suite("What one damaged image does to a whole disk")
struct DamagedBundleTests {
  let folder = TemporaryFolder()

  static let cluster = 4096
  static let ids = [
    "11111111-0000-0000-0000-000000000000", "22222222-0000-0000-0000-000000000000", ModelBundle.currentID,
  ]

  /// Three images of four clusters, the root first; `places` says which clusters each has.
  private func makeBundle(_ places: [[Int?]], change: (Int, inout HandMadeImage) -> Void = { _, _ in }) throws {
    try Shell.prepare("mkdir disk.hdd", in: folder)
    var images = ""
    var shots = ""
    for (number, list) in places.enumerated() {
      var image = HandMadeImage(clusterByteCount: Self.cluster, places: list)
      change(number, &image)
      try folder.write(image.file, to: "disk.hdd/\(number).hds")
      images += "<Image><GUID>{\(Self.ids[number])}</GUID><Type>Compressed</Type><File>\(number).hds</File></Image>"
      let parent = number == 0 ? ModelBundle.nullID : Self.ids[number - 1]
      shots += "<Shot><GUID>{\(Self.ids[number])}</GUID><ParentGUID>{\(parent)}</ParentGUID></Shot>"
    }
    let sectors = 4 * Self.cluster / 512
    try folder.write(
      Array(
        """
        <Parallels_disk_image Version="1.0"><Disk_Parameters><Disk_size>\(sectors)</Disk_size></Disk_Parameters>
        <StorageData><Storage><Start>0</Start><End>\(sectors)</End>\(images)</Storage></StorageData>
        <Snapshots>\(shots)</Snapshots></Parallels_disk_image>
        """.utf8), to: "disk.hdd/DiskDescriptor.xml")
  }

  /// The root has clusters 0, 1 and 2, the middle 1, the top 2.
  static let places: [[Int?]] = [[0, 1, 2, nil], [nil, 0, nil, nil], [nil, nil, 0, nil]]

  @Test("A lost cluster that shows is refused, and salvaged as zeros", arguments: [0])
  func visible(cluster: Int) throws {
    try makeBundle(Self.places) { if $0 == 0 { $1.entries[cluster] = 9999 } }
    let outcome = try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder)
    expectError(outcome, saying: ["disk.hdd/0.hds", "BAT entry \(cluster)"])
    #expect(!folder.contains("out"))
    let salvaged = try Shell.run(#""$PRLCONV" prl2raw --salvage disk.hdd out"#, in: folder)
    #expect(
      salvaged.ending == .status(2) && salvaged.messages.count { $0.hasPrefix("prlconv: lost: ") } == 1, "\(salvaged)")
    let disk = try folder.bytes(of: "out")
    #expect(disk[..<Self.cluster].allSatisfy { $0 == 0 })
    #expect(Array(disk[Self.cluster..<2 * Self.cluster]) == Filling.cluster(1, byteCount: Self.cluster))
  }

  @Test("A lost cluster that later snapshots hide is a warning", arguments: [1, 2])
  func hidden(cluster: Int) throws {
    try makeBundle(Self.places)
    try Shell.prepare(#""$PRLCONV" prl2raw disk.hdd expected; rm -r disk.hdd"#, in: folder)
    try makeBundle(Self.places) { if $0 == 0 { $1.entries[cluster] = 9999 } }
    let outcome = try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder)
    #expect(outcome.isSuccess && outcome.messages.count == 1, "\(outcome)")
    #expect(outcome.messages.first?.contains("hidden by a later snapshot") == true)
    #expect(try folder.difference("expected", "out") == nil)
    // In the older state it shows.
    let older = try Shell.run(#""$PRLCONV" prl2raw --snapshot 11111111 disk.hdd older"#, in: folder)
    expectError(older, saying: ["BAT entry \(cluster)"])
  }

  @Test("A lost cluster of the top is zeros, and nothing older shows through")
  func lostTop() throws {
    try makeBundle(Self.places) { if $0 == 2 { $1.entries[2] = 9999 } }
    #expect(try Shell.run(#""$PRLCONV" prl2raw --salvage disk.hdd out"#, in: folder).ending == .status(2))
    #expect(try folder.bytes(of: "out")[(2 * Self.cluster)..<(3 * Self.cluster)].allSatisfy { $0 == 0 })
  }

  @Test("The top may be open, with a warning, but no other", arguments: 0...2)
  func open(number: Int) throws {
    try makeBundle(Self.places) { if $0 == number { $1.inUse = HandMadeImage.open } }
    let outcome = try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder)
    guard number == 2 else { return expectError(outcome, saying: ["\(number).hds", "not closed"]) }
    #expect(
      outcome.isSuccess && outcome.messages.count == 1 && outcome.standardError.contains("not closed"), "\(outcome)")
  }

  @Test("check names the file of each problem, and judges what shows")
  func checked() throws {
    try makeBundle(Self.places) { if $0 == 0 { $1.entries[1] = 9999 } }
    let outcome = try Shell.run(#""$PRLCONV" check --output json disk.hdd"#, in: folder)
    let report = try JSONReport(outcome)
    #expect(outcome.ending == .status(2) && report.number("corruptions") == 1)
    #expect(try report.list("problems").map { $0["filename"] as? String } == ["0.hds", "0.hds"])
    #expect(try report.kinds() == ["entry-past-end", "leaked-clusters"])
    #expect(try report.inner("salvage")["outlook"] as? String == "not-needed")
    let text = try Shell.run(#""$PRLCONV" check disk.hdd"#, in: folder).printed
    #expect(text.contains("corruption: '0.hds': BAT entry 1"), "\(text)")
  }

  @Test(
    "check reports what is wrong with the bundle itself",
    arguments: [
      ("s|<Shot>.*</Shot>||", "snapshot-"), ("s|Version=\"1.0\"|Version=\"3\"|", "descriptor-version"),
      ("s|<File>1.hds|<File>/x/y.hds|", "descriptor-file"), ("s|22222222|33333333|", "snapshot-"),
    ])
  func checkedDescriptor(edit: String, kind: String) throws {
    try makeBundle(Self.places)
    try Shell.prepare("sed -i '\(edit)' disk.hdd/DiskDescriptor.xml", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" check --output json disk.hdd"#, in: folder)
    #expect(outcome.ending == .status(2), "\(outcome) \(outcome.printed)")
    #expect(try JSONReport(outcome).kinds().contains { $0.hasPrefix(kind) }, "\(outcome.printed)")
  }

  @Test("A sound bundle has no problems")
  func sound() throws {
    try makeBundle(Self.places)
    let outcome = try Shell.run(#""$PRLCONV" check disk.hdd"#, in: folder)
    #expect(outcome.isSuccess && outcome.printed.contains("no errors found"), "\(outcome.printed)")
  }

  @Test("info shows the tree and the images")
  func info() throws {
    try makeBundle(Self.places)
    let report = try JSONReport(Shell.run(#""$PRLCONV" info --output json disk.hdd"#, in: folder))
    #expect(report.number("virtual-size") == 4 * Self.cluster && report.number("cluster-size") == Self.cluster)
    let specific = try #require(report.inner("format-specific")["data"] as? [String: Any])
    #expect(specific["current"] as? String == ModelBundle.currentID)
    let snapshots = try #require(specific["snapshots"] as? [[String: Any]])
    #expect(snapshots.map { $0["id"] as? String } == Self.ids)
    #expect(snapshots.map { $0["current"] as? Bool } == [false, false, true])
    #expect(snapshots[0]["parent"] is NSNull && snapshots[1]["parent"] as? String == Self.ids[0])
    let storages = try #require(specific["storages"] as? [[String: Any]])
    let images = try #require(storages.first?["images"] as? [[String: Any]])
    #expect(images.map { $0["allocated-clusters"] as? Int } == [3, 1, 1])
    let text = try Shell.run(#""$PRLCONV" info disk.hdd"#, in: folder).printed
    #expect(text.contains("      \(ModelBundle.currentID) (current)\n"), "\(text)")
  }

  @Test("Of two entries for one cluster, the one that shows is refused although the other is hidden")
  func sharedWithHidden() throws {
    try makeBundle(Self.places) { if $0 == 0 { $1.entries[1] = $1.entries[0] } }
    expectError(try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder), saying: ["BAT entry 1", "as does"])
  }

  @Test("An image of a shorter disk than its parent's is refused")
  func shrunk() throws {
    try makeBundle(Self.places) { if $0 == 1 { $1.sectorCount = UInt64(2 * Self.cluster / 512) } }
    expectError(try Shell.run(#""$PRLCONV" prl2raw disk.hdd out"#, in: folder), saying: ["shorter disk"])
    let report = try JSONReport(Shell.run(#""$PRLCONV" check --output json disk.hdd"#, in: folder))
    #expect(try report.kinds().contains("snapshot-shorter-than-parent"))
  }

  @Test("Only the current state may be open")
  func openOlderState() throws {
    try makeBundle(Self.places) { if $0 == 0 { $1.inUse = HandMadeImage.open } }
    expectError(
      try Shell.run(#""$PRLCONV" prl2raw --snapshot 11111111 disk.hdd out"#, in: folder), saying: ["not closed"])
  }

  @Test("check reports what a conversion would warn of")
  func warnings() throws {
    try makeBundle(Self.places)
    try Shell.prepare("cd disk.hdd; mv DiskDescriptor.xml DiskDescriptor.xml.Backup; touch other.hds", in: folder)
    let outcome = try Shell.run(#""$PRLCONV" check --output json disk.hdd"#, in: folder)
    #expect(outcome.ending == .status(0))
    #expect(try JSONReport(outcome).kinds() == ["descriptor-backup", "bundle-unlisted-file"], "\(outcome.printed)")
  }

  @Test("check does not call a bundle sound that a conversion refuses")
  func sharedFile() throws {
    try makeBundle(Self.places)
    try Shell.prepare("sed -i 's|1.hds|0.hds|' disk.hdd/DiskDescriptor.xml", in: folder)
    #expect(try Shell.run(#""$PRLCONV" check disk.hdd"#, in: folder).ending == .status(2))
  }

  @Test("An image by itself is refused if its descriptor says that its bytes are not those of the disk")
  func encrypted() throws {
    try makeBundle([Self.places[0]])
    try Shell.prepare(
      "sed -i 's|</Disk_size>|</Disk_size><Padding>1</Padding>|' disk.hdd/DiskDescriptor.xml", in: folder)
    for input in ["disk.hdd", "disk.hdd/0.hds"] {
      expectError(try Shell.run("\"$PRLCONV\" prl2raw \(input) out", in: folder), saying: ["padded"])
    }
    #expect(try Shell.run(#""$PRLCONV" prl2raw --alone disk.hdd/0.hds out"#, in: folder).isSuccess)
  }

  @Test("An image that is called plain and is as long as its disk is an image all the same")
  func plainByName() throws {
    // One cluster of header and three of four clusters: as long as the disk.
    try makeBundle([[0, 1, 2, nil]])
    try Shell.prepare(
      #""$PRLCONV" prl2raw --alone disk.hdd/0.hds expected; sed -i 's|Compressed|Plain|' disk.hdd/DiskDescriptor.xml"#,
      in: folder)
    #expect(try Shell.run(#""$PRLCONV" prl2raw -q disk.hdd out"#, in: folder).isSuccess)
    #expect(try folder.byteCount(of: "disk.hdd/0.hds") == 4 * Self.cluster)
    #expect(try folder.difference("expected", "out") == nil)
  }
}

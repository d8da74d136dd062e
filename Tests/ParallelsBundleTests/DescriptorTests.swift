import Testing

@testable import ParallelsBundle

@Suite("A descriptor, as it is read and refused")
struct DescriptorTests {
  static let id = "11111111-2222-3333-4444-555555555555"
  static let image = "<Image><GUID>{\(BundleID.current)}</GUID><Type>Compressed</Type><File>a.hds</File></Image>"
  static let shot = "<Shot><GUID>{\(BundleID.current)}</GUID><ParentGUID>{\(BundleID.null)}</ParentGUID></Shot>"

  static func text(
    root: String = "Parallels_disk_image Version=\"1.0\"", parameters: String = "<Disk_size>100</Disk_size>",
    storages: String = "<Storage><Start>0</Start><End>100</End>\(image)</Storage>", snapshots: String = shot,
    rest: String = ""
  ) -> String {
    let name = root.prefix { $0 != " " }
    return "<\(root)><Disk_Parameters>\(parameters)</Disk_Parameters><StorageData>\(storages)</StorageData>"
      + "<Snapshots>\(snapshots)</Snapshots>\(rest)</\(name)>"
  }

  private func problem(_ bytes: [UInt8]) -> BundleProblem.Kind? {
    do throws(BundleProblem) {
      let descriptor = try DiskDescriptor(parsing: bytes)
      let tree = SnapshotTree(descriptor)
      _ = try tree.chain(of: tree.current())
      return nil
    } catch {
      return error.kind
    }
  }

  private func problem(_ text: String) -> BundleProblem.Kind? { problem(Array(text.utf8)) }

  @Test("A descriptor with nothing but what it needs is read")
  func least() throws {
    let descriptor = try DiskDescriptor(parsing: Array(Self.text().utf8))
    #expect(descriptor.byteCount == 51200 && descriptor.top == nil)
    #expect(descriptor.storages.map(\.range) == [0..<51200])
    #expect(descriptor.storages[0].images == [.init(id: .current, isPlain: false, file: "a.hds")])
    #expect(descriptor.snapshots == [.init(id: .current, parent: nil)])
  }

  @Test(
    "Other encodings, and the root of Virtuozzo",
    arguments: [
      "\u{FEFF}" + text(), "<?xml version='1.0' encoding='UTF-8'?>\n" + text(), text(root: "Virtuozzo_disk_image"),
      text(parameters: "<Disk_size>\n 100 </Disk_size><Padding>0</Padding><LogicSectorSize>512</LogicSectorSize>"),
      text(
        parameters:
          "<Disk_size>100</Disk_size><Encryption><Engine>{\(BundleID.null)}</Engine><Data></Data></Encryption>"),
      text(snapshots: ""), text(rest: "<!-- <!DOCTYPE x> --><Unknown>&lt;&amp;&#65;</Unknown>"),
    ])
  func accepted(text: String) { #expect(problem(text) == nil) }

  @Test("UTF-16 is read")
  func wide() {
    let wide = Array(("\u{FEFF}" + Self.text()).utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(problem(wide) == nil)
  }

  @Test(
    "What would give another disk than the guest's is refused by name",
    arguments: [
      ("", .xml), ("<a", .xml), ("no XML", .xml), ("<a></b>", .xml),
      ("<!DOCTYPE x [<!ENTITY y 'z'>]>" + text(), .xml),
      ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" + text(), .xml),
      (text(root: "Other"), .version), (text(root: "Parallels_disk_image Version=\"2.0\""), .version),
      (text(parameters: ""), .field), (text(parameters: "<Disk_size>0x64</Disk_size>"), .field),
      (text(parameters: "<Disk_size>-1</Disk_size>"), .field), (text(parameters: "<Disk_size></Disk_size>"), .field),
      (text(parameters: "<Disk_size>36028797018963968</Disk_size>"), .field),
      (text(parameters: "<Disk_size>99999999999999999999999</Disk_size>"), .field),
      (text(parameters: "<Disk_size>100</Disk_size><Padding>1</Padding>"), .padding),
      (text(parameters: "<Disk_size>100</Disk_size><LogicSectorSize>4096</LogicSectorSize>"), .sectorSize),
      (text(parameters: "<Disk_size>100</Disk_size><Encryption><Engine>{\(id)}</Engine></Encryption>"), .encrypted),
      (text(parameters: "<Disk_size>100</Disk_size><Encryption><Data>x</Data></Encryption>"), .encrypted),
      (text(parameters: "<Disk_size>100</Disk_size><Encryption><KeyId>x</KeyId></Encryption>"), .encrypted),
      (text(rest: "<Volume><Parent>../other</Parent></Volume>"), .parentVolume),
      (text(storages: ""), .storage), (text(storages: "<Storage><Start>0</Start><End>0</End></Storage>"), .storage),
      (text(storages: "<Storage><Start>0</Start><End>99</End>\(image)</Storage>"), .storage),
      (text(storages: "<Storage><Start>0</Start><End>101</End>\(image)</Storage>"), .storage),
      (text(storages: "<Storage><Start>1</Start><End>100</End>\(image)</Storage>"), .storage),
      (
        text(
          storages:
            "<Storage><Start>0</Start><End>50</End>\(image)</Storage><Storage><Start>49</Start><End>100</End></Storage>"
        ),
        .storage
      ),
      (
        text(
          storages:
            "<Storage><Start>0</Start><End>50</End>\(image)</Storage><Storage><Start>51</Start><End>100</End></Storage>"
        ),
        .storage
      ),
      (text(storages: "<Storage><Start>0</Start><End>100</End>\(image)\(image)</Storage>"), .duplicate),
      (text(storages: text().replacing("Compressed", with: "Physical")), .storage),
      (text(snapshots: shot + shot), .duplicate),
      (text(snapshots: "<Shot Operation=\"Delete\"><GUID>{\(id)}</GUID></Shot>"), .unfinished),
      (text(snapshots: "<Shot><GUID>{\(id)}</GUID><TemporaryZero/></Shot>"), .unfinished),
      (text(snapshots: "<Shot><GUID>{x}</GUID></Shot>"), .field),
      (
        text(snapshots: "<Shot><GUID>{\(BundleID.current)}</GUID><ParentGUID>{\(id)}</ParentGUID></Shot>"),
        .unknownParent
      ),
      (
        text(
          snapshots: "<Shot><GUID>{\(BundleID.current)}</GUID><ParentGUID>{\(BundleID.current)}</ParentGUID></Shot>"),
        .chain
      ),
      (text(snapshots: "<TopGUID>{\(id)}</TopGUID>" + shot), .unknownState),
    ] as [(String, BundleProblem.Kind)])
  func refused(text: String, kind: BundleProblem.Kind) { #expect(problem(text) == kind) }

  @Test("An image of another type is refused")
  func imageType() { #expect(problem(Self.text().replacing("Compressed", with: "Physical")) == .imageType) }

  @Test("A descriptor of hostile size ends soon", arguments: ["deep", "long", "many", "text", "names"])
  func hostile(kind: String) {
    let bytes: [UInt8] =
      switch kind {
      case "deep": Array(String(repeating: "<a>", count: 100_000).utf8)
      case "long": [UInt8](repeating: UInt8(ascii: " "), count: 40 << 20)
      case "many": Array("<a>\(String(repeating: "<b/>", count: 200_000))</a>".utf8)
      case "text": Array("<a>\(String(repeating: "x", count: 500_000))</a>".utf8)
      default: Array("<\(String(repeating: "x", count: 500_000))/>".utf8)
      }
    #expect([.xml, .version].contains(problem(bytes)))
  }

  @Test(
    "Bytes that are not text are refused", arguments: [[0xFF, 0xFE, 0x00], [0x3C, 0x61, 0x3E, 0xC3, 0x28], [0x00]])
  func broken(bytes: [UInt8]) { #expect(problem(bytes) == .xml) }

  @Test("Too many images")
  func tooMany() {
    let images = (0...128).map { Self.image.replacing("5fbaabe3", with: String(10_000_000 + $0)) }.joined()
    let text = Self.text(storages: "<Storage><Start>0</Start><End>100</End>\(images)</Storage>")
    #expect(problem(text) == .chain)
  }
}

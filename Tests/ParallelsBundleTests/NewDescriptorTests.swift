import TestSupport
import Testing

@testable import ParallelsBundle

@Suite("The descriptor of a new bundle")
struct NewDescriptorTests {
  private func descriptor(
    sectorCount: UInt64 = 1 << 17, geometry: NewDescriptor.Geometry = .standard, name: String = "disk",
    isPlain: Bool = false
  ) throws -> NewDescriptor {
    NewDescriptor(
      sectorCount: sectorCount, geometry: geometry, clusterSectorCount: 2048,
      uid: try #require(BundleID("{12345678-9ABC-4DEF-8123-456789abcdef}")), name: name, isPlain: isPlain,
      fileName: "\(name).hdd.0.{5fbaabe3-6958-40ff-92a7-860e329aab41}.hds")
  }

  /// The elements of Parallels Desktop's own descriptors, in their order.
  private static let lines = """
    <?xml version='1.0' encoding='UTF-8'?>
    <Parallels_disk_image Version="1.0">
        <Disk_Parameters>
            <Disk_size>131072</Disk_size>
            <Cylinders>256</Cylinders>
            <PhysicalSectorSize>4096</PhysicalSectorSize>
            <LogicSectorSize>512</LogicSectorSize>
            <Heads>16</Heads>
            <Sectors>32</Sectors>
            <Padding>0</Padding>
            <Encryption>
                <Engine>{00000000-0000-0000-0000-000000000000}</Engine>
                <Data></Data>
                <Salt></Salt>
            </Encryption>
            <UID>{12345678-9abc-4def-8123-456789abcdef}</UID>
            <Name>disk</Name>
            <Miscellaneous>
                <CompatLevel>level2</CompatLevel>
                <SuspendState>0</SuspendState>
                <ChangeState>0</ChangeState>
                <DupBlocksCnt>0</DupBlocksCnt>
                <CorruptBlocksCnt>0</CorruptBlocksCnt>
                <UnrefBlocksCnt>0</UnrefBlocksCnt>
                <OutOfDiskBlocksCnt>0</OutOfDiskBlocksCnt>
                <BatOverlapBlocksCnt>0</BatOverlapBlocksCnt>
                <BlocksCnt>0</BlocksCnt>
                <TruncatedBlocksCnt>0</TruncatedBlocksCnt>
                <ReferencedBlocksCnt>0</ReferencedBlocksCnt>
                <Bootable>1</Bootable>
                <ShutdownState>0</ShutdownState>
            </Miscellaneous>
        </Disk_Parameters>
        <StorageData>
            <Storage>
                <Start>0</Start>
                <End>131072</End>
                <Blocksize>2048</Blocksize>
                <Image>
                    <GUID>{5fbaabe3-6958-40ff-92a7-860e329aab41}</GUID>
                    <Type>Compressed</Type>
                    <File>disk.hdd.0.{5fbaabe3-6958-40ff-92a7-860e329aab41}.hds</File>
                </Image>
            </Storage>
        </StorageData>
        <Snapshots>
            <Shot>
                <GUID>{5fbaabe3-6958-40ff-92a7-860e329aab41}</GUID>
                <ParentGUID>{00000000-0000-0000-0000-000000000000}</ParentGUID>
            </Shot>
        </Snapshots>
    </Parallels_disk_image>

    """

  @Test("It has the elements that Parallels Desktop writes, in the same order and form")
  func text() throws {
    #expect(try descriptor().text == Self.lines)
  }

  @Test("Of a plain image, only the type differs")
  func plain() throws {
    #expect(try descriptor(isPlain: true).text == Self.lines.replacing("Compressed", with: "Plain"))
  }

  @Test("Cylinders follow from size and geometry", arguments: [(16, 63, 130), (255, 63, 8), (1, 1, 131_072)])
  func geometry(heads: UInt64, sectors: UInt64, cylinders: UInt64) throws {
    let geometry = try #require(NewDescriptor.Geometry(heads: heads, sectors: sectors))
    let text = try descriptor(geometry: geometry).text
    #expect(text.contains("<Cylinders>\(cylinders)</Cylinders>"))
    #expect(text.contains("<Heads>\(heads)</Heads>\n        <Sectors>\(sectors)</Sectors>"))
  }

  @Test("A geometry that no firmware knows is refused", arguments: [(0, 32), (256, 32), (16, 0), (16, 64)])
  func wrongGeometry(heads: UInt64, sectors: UInt64) {
    #expect(NewDescriptor.Geometry(heads: heads, sectors: sectors) == nil)
  }

  @Test("Names come back as they were", arguments: ["a&b", "<x>", "a]]>b", "\"'", "Größe 1", "&amp;", "-"])
  func names(name: String) throws {
    let new = try descriptor(name: name)
    let read = try DiskDescriptor(parsing: Array(new.text.utf8))
    #expect(read.storages.map(\.images).map { $0.map(\.file) } == [[new.fileName]])
    #expect(read.byteCount == 64 << 20)
    #expect(read.storages.map(\.range) == [0..<64 << 20])
    #expect(read.snapshots == [.init(id: .current, parent: nil)])
    #expect(read.top == nil)
    #expect(!new.text.contains("<\(name)"))
  }

  @Test("A random UID has the form of version 4, and is another each time")
  func randomUID() {
    let uids = (0..<200).map { _ in BundleID.random().description }
    #expect(Set(uids).count == uids.count)
    for uid in uids {
      #expect(BundleID(uid)?.description == uid)
      let bytes = Array(uid.utf8)
      #expect(bytes[14] == UInt8(ascii: "4") && "89ab".utf8.contains(bytes[19]), "\(uid)")
    }
  }
}

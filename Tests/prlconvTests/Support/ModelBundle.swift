import Foundation
import TestSupport

/// A bundle made by chance, and what each state of its disk must be, byte by byte.
struct ModelBundle {
  struct Snapshot {
    var id: String
    var parent: Int?
  }

  /// What one image holds, by bytes of its storage; nil where it is absent.
  struct Image {
    var bytes: [UInt8?]
    var isRaw = false
    var file: SparseDisk
    var name: String
  }

  static let currentID = "5fbaabe3-6958-40ff-92a7-860e329aab41"
  static let nullID = "00000000-0000-0000-0000-000000000000"

  var snapshots: [Snapshot]
  var current: Int
  /// Sizes of the storages, in bytes.
  var storageByteCounts: [Int]
  /// For each storage, an image for each snapshot.
  var images: [[Image]]
  var namesTop = false

  /// A tree of up to six snapshots, with a second root now and then, over up to three storages.
  init(using random: inout SeededRandom) {
    let parents = (0..<Int.random(in: 1...6, using: &random)).map { number -> Int? in
      let isRoot = number == 0 || Int.random(in: 0..<8, using: &random) == 0
      return isRoot ? nil : Int.random(in: 0..<number, using: &random)
    }
    self.init(parents: parents, storageCount: Int.random(in: 1...3, using: &random), using: &random)
  }

  /// Snapshots with these parents, by number.
  init(parents: [Int?], storageCount: Int = 1, mayBeRaw: Bool = true, using random: inout SeededRandom) {
    snapshots = parents.map { Snapshot(id: UUID.random(using: &random), parent: $0) }
    let leaves = snapshots.indices.filter { !parents.contains($0) }
    current = leaves.randomElement(using: &random) ?? 0
    namesTop = Int.random(in: 0..<4, using: &random) == 0
    if !namesTop { snapshots[current].id = Self.currentID }
    storageByteCounts = (0..<storageCount).map { _ in 512 * Int.random(in: 1...60, using: &random) }
    images = []
    for (number, byteCount) in storageByteCounts.enumerated() {
      var list: [Image] = []
      for (index, snapshot) in snapshots.enumerated() {
        let name = "part\(number).{\(snapshot.id)}.hds"
        let isRaw = mayBeRaw && snapshot.parent == nil && Int.random(in: 0..<4, using: &random) == 0
        // A disk only grows from one snapshot to the next.
        let least = snapshot.parent.map { list[$0].bytes.count } ?? 512
        let isWhole = isRaw || index == current || Bool.random(using: &random)
        let size = isWhole ? byteCount : 512 * Int.random(in: least / 512...byteCount / 512, using: &random)
        list.append(
          isRaw ? Image(raw: size, name: name, using: &random) : Image(expandable: size, name: name, using: &random))
      }
      images.append(list)
    }
  }

  /// The bytes of the disk in the state of a snapshot.
  func disk(_ state: Int) -> [UInt8] {
    storageByteCounts.indices.flatMap { storage -> [UInt8] in
      var bytes = [UInt8?](repeating: nil, count: storageByteCounts[storage])
      var next: Int? = state
      while let snapshot = next {
        for (offset, byte) in images[storage][snapshot].bytes.enumerated() where offset < bytes.count {
          bytes[offset] = bytes[offset] ?? byte
        }
        next = snapshots[snapshot].parent
      }
      return bytes.map { $0 ?? 0 }
    }
  }

  /// The descriptor, its lists in any order.
  func descriptor(using random: inout SeededRandom) -> String {
    var start = 0
    var storages: [String] = []
    for (number, byteCount) in storageByteCounts.enumerated() {
      let list = images[number].indices.shuffled(using: &random).map { index in
        let image = images[number][index]
        return "<Image><GUID>{\(cased(snapshots[index].id, using: &random))}</GUID>"
          + "<Type>\(image.isRaw ? "Plain" : "Compressed")</Type><File>\(image.name)</File></Image>"
      }
      storages.append(
        "<Storage><Start>\(start / 512)</Start><End>\((start + byteCount) / 512)</End>\(list.joined(separator: "\n"))</Storage>"
      )
      start += byteCount
    }
    let shots = snapshots.shuffled(using: &random).map { snapshot in
      let parent = snapshot.parent.map { snapshots[$0].id } ?? Self.nullID
      return "<Shot><GUID>{\(snapshot.id)}</GUID><ParentGUID>{\(cased(parent, using: &random))}</ParentGUID></Shot>"
    }
    let top = namesTop ? "<TopGUID>{\(snapshots[current].id)}</TopGUID>" : ""
    return """
      <?xml version='1.0' encoding='UTF-8'?>
      <Parallels_disk_image Version="1.0">
          <Disk_Parameters><Disk_size> \(start / 512) </Disk_size><Padding>0</Padding></Disk_Parameters>
          <StorageData>\(storages.shuffled(using: &random).joined(separator: "\n"))</StorageData>
          <Snapshots>\(top)\(shots.joined())</Snapshots>
      </Parallels_disk_image>

      """
  }

  private func cased(_ id: String, using random: inout SeededRandom) -> String {
    Bool.random(using: &random) ? id.uppercased() : id
  }

  /// Writes the bundle into a new folder called `name`.
  func write(to name: String, in folder: TemporaryFolder, using random: inout SeededRandom) throws {
    try Shell.prepare("mkdir '\(name)'; : > '\(name)/\(name)'", in: folder)
    try folder.write(Array(descriptor(using: &random).utf8), to: "\(name)/DiskDescriptor.xml")
    for image in images.joined() { try folder.write(image.file, to: "\(name)/\(image.name)") }
  }
}

extension ModelBundle.Image {
  /// A raw image of this length.
  init(raw byteCount: Int, name: String, using random: inout SeededRandom) {
    let bytes = (0..<byteCount).map { _ in UInt8.random(in: 1...255, using: &random) }
    self.init(bytes: bytes, isRaw: true, file: SparseDisk(bytes), name: name)
  }

  /// An image of any layout and cluster size, with clusters in any order, some of them all zeros.
  init(expandable byteCount: Int, name: String, using random: inout SeededRandom) {
    let magic = Bool.random(using: &random) ? HandMadeImage.extendedMagic : HandMadeImage.legacyMagic
    let size = 512 * [1, 2, 3, 8][Int.random(in: 0..<4, using: &random)]
    let sectors = byteCount / 512
    let clusterCount = (sectors * 512 + size - 1) / size
    var places: [Int?] = (0..<clusterCount).map { $0 }.shuffled(using: &random)
    for index in places.indices where Bool.random(using: &random) { places[index] = nil }
    var image = HandMadeImage(
      magic, clusterByteCount: size, places: places, sectorCount: sectors)
    var bytes = [UInt8?](repeating: nil, count: sectors * 512)
    for (cluster, place) in places.enumerated() where place != nil {
      let isZero = Int.random(in: 0..<4, using: &random) == 0
      let content = (0..<size).map { _ in isZero ? 0 : UInt8.random(in: 1...255, using: &random) }
      image.contents.put(content, at: image.byteOffset(ofEntry: image.entries[cluster]))
      for (offset, byte) in content.enumerated() where cluster * size + offset < bytes.count {
        bytes[cluster * size + offset] = byte
      }
    }
    self.init(bytes: bytes, file: image.file, name: name)
  }
}

extension UUID {
  fileprivate static func random(using random: inout SeededRandom) -> String {
    let digits = (0..<32).map { _ in String(Int.random(in: 0..<16, using: &random), radix: 16) }.joined()
    var groups: [Substring] = []
    var rest = digits[...]
    for length in [8, 4, 4, 4, 12] {
      groups.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return groups.joined(separator: "-")
  }
}

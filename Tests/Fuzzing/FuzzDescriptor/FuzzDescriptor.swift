import FuzzSupport
import ParallelsBundle

/// What libFuzzer calls with every input, which is a descriptor; returns −1 for one that is not worth keeping.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let descriptor = try? DiskDescriptor(parsing: Array(UnsafeBufferPointer(start: bytes, count: count))) else {
    return count < 4096 ? 0 : -1
  }
  var end: UInt64 = 0
  for storage in descriptor.storages {
    promise(storage.range.lowerBound == end && storage.byteCount > 0, "storages follow each other: \(descriptor)")
    promise(Set(storage.images.map(\.id)).count == storage.images.count, "an image has one snapshot: \(descriptor)")
    end = storage.range.upperBound
  }
  promise(end == descriptor.byteCount && end <= UInt64(Int64.max), "storages cover the disk: \(descriptor)")
  checkSnapshots(of: descriptor)
  return 0
}

private func checkSnapshots(of descriptor: DiskDescriptor) {
  let tree = SnapshotTree(descriptor)
  let ids = Set(descriptor.snapshots.map(\.id))
  promise(ids.count == descriptor.snapshots.count, "a snapshot is listed once: \(descriptor)")
  for snapshot in descriptor.snapshots {
    promise((try? tree.state(named: snapshot.id.description)) == snapshot.id, "a state has its name: \(descriptor)")
    guard let chain = try? tree.chain(of: snapshot.id) else { continue }
    promise(chain.first == snapshot.id && chain.allSatisfy(ids.contains), "a chain is of snapshots: \(descriptor)")
    promise(Set(chain).count == chain.count && chain.count <= 128, "a chain ends: \(descriptor)")
  }
  if let current = try? tree.current() { promise(ids.contains(current), "the current state exists: \(descriptor)") }
}

import Testing

@testable import ParallelsBundle

@Suite("The snapshots of a disk")
struct SnapshotTreeTests {
  private func id(_ number: Int) throws -> BundleID {
    try #require(BundleID("0000000\(number)-0000-0000-0000-00000000000\(number)"))
  }

  /// Snapshots by number and parent; 0 is the one that is called current.
  private func tree(_ list: [(Int, parent: Int?)], top: Int? = nil) throws -> SnapshotTree {
    func name(_ number: Int) throws -> BundleID { number == 0 ? .current : try id(number) }
    let snapshots = try list.map { try DiskDescriptor.Snapshot(id: name($0.0), parent: $0.parent.map(name)) }
    return SnapshotTree(
      DiskDescriptor(byteCount: 512, storages: [], snapshots: snapshots, top: try top.map(name)))
  }

  @Test("TopGUID comes first, then the default GUID, then the only leaf")
  func current() throws {
    #expect(try tree([(1, nil), (2, 1), (0, 1)], top: 2).current() == id(2))
    #expect(try tree([(1, nil), (2, 1), (0, 1)]).current() == .current)
    let guessed = try tree([(2, 1), (1, nil)])
    #expect(try guessed.current() == id(2) && guessed.isCurrentGuessed)
  }

  @Test("Several leaves are listed")
  func leaves() throws {
    let tree = try tree([(1, nil), (2, 1), (3, 1)])
    let error = #expect(throws: BundleProblem.self) { try tree.current() }
    #expect(error?.kind == .noCurrentState)
    for leaf in [try id(2), try id(3)] { #expect(error?.description.contains(leaf.description) == true) }
  }

  @Test("A chain goes up to a root")
  func chain() throws {
    let tree = try tree([(3, 2), (2, 1), (1, nil), (4, nil)])
    #expect(try tree.chain(of: id(3)) == [id(3), id(2), id(1)])
    #expect(try tree.chain(of: id(4)) == [id(4)])
  }

  @Test("A circle is an error")
  func circle() throws {
    let tree = try tree([(1, 2), (2, 3), (3, 1)])
    #expect(throws: BundleProblem.self) { try tree.chain(of: id(1)) }
  }

  @Test("A state is named by its GUID or at least 8 characters of it")
  func names() throws {
    let tree = try tree([(1, nil), (2, 1), (0, 2)])
    #expect(try tree.state(named: "current") == .current)
    #expect(try tree.state(named: "{00000001-0000-0000-0000-000000000001}") == id(1))
    #expect(try tree.state(named: "00000002") == id(2))
    #expect(try tree.state(named: "5FBAABE3") == .current)
    for name in ["0000000", "", "00000003", "{}"] {
      let error = #expect(throws: BundleProblem.self) { try tree.state(named: name) }
      #expect(error?.description.contains("00000002-0000-0000-0000-000000000002") == true)
    }
  }
}

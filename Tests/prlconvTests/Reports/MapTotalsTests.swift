import Foundation
import TestSupport
import Testing

@Suite("The totals of map")
struct MapTotalsTests {
  let folder = TemporaryFolder()

  @Test("They are the sums of what map lists")
  func sums() throws {
    try folder.write(HandMadeImage(places: [1, nil, 0, nil, nil, 2]).file, to: "image.hds")
    let list = try json("map --output json image.hds", as: [[String: Any]].self)
    let totals = try json("map --totals --output json image.hds", as: [String: Any].self)
    for (isData, key) in [(true, "data"), (false, "zero")] {
      let runs = list.filter { $0["data"] as? Bool == isData }
      #expect(totals[key] as? Int == runs.compactMap { $0["length"] as? Int }.reduce(0, +))
      #expect(totals["\(key)-ranges"] as? Int == runs.count)
    }
    let text = try Shell.run(#""$PRLCONV" map --totals image.hds"#, in: folder).printed
    #expect(text.hasPrefix("data: 3 KiB (3072 bytes) in 3 ranges\nzero: 3 KiB"), "\(text)")
  }

  @Test("Those of a bitmap are its marked and its clean bytes")
  func bitmap() throws {
    let id = "5f0d1a7e-8c7b-4c4a-9f0e-3f5d5b1f2a11"
    try folder.write(SparseDisk(numberedMegabytes: 3), to: "disk.img")
    try Shell.prepare(#""$PRLCONV" raw2prl --new-bitmap \#(id) disk.img image.hds"#, in: folder)
    let totals = try json("map --totals --bitmap \(id) --output json image.hds", as: [String: Any].self)
    #expect(totals["dirty"] as? Int == 0 && totals["clean"] as? Int == 3 << 20)
  }

  private func json<Value>(_ command: String, as type: Value.Type) throws -> Value {
    let outcome = try Shell.run(#""$PRLCONV" \#(command)"#, in: folder)
    return try #require(JSONSerialization.jsonObject(with: Data(outcome.printed.utf8)) as? Value)
  }
}

import Foundation
import TestSupport
import Testing

@Suite("Commands that inspect several files")
struct SeveralFileTests {
  let folder = TemporaryFolder()

  private func makeImages() throws {
    var cut = HandMadeImage(places: [1, 0])
    cut.contents.resize(to: cut.contents.byteCount - 1000)
    var leaky = HandMadeImage(places: [1, 0])
    leaky.contents.resize(to: leaky.contents.byteCount + (3 << 20))
    try folder.write(HandMadeImage(places: [1, 0]).file, to: "sound.hds")
    try folder.write(cut.file, to: "cut.hds")
    try folder.write(leaky.file, to: "leaky.hds")
  }

  @Test(
    "The exit status is the worst",
    arguments: [
      ("sound.hds sound.hds", 0), ("leaky.hds sound.hds", 3), ("leaky.hds cut.hds sound.hds", 2),
      ("missing.hds cut.hds leaky.hds", 1),
    ] as [(String, Int32)])
  func status(files: String, status: Int32) throws {
    try makeImages()
    let outcome = try Shell.run(#""$PRLCONV" check \#(files)"#, in: folder)
    #expect(outcome.ending == .status(status), "\(outcome)")
    // An error about one file does not hide what is known of the others.
    #expect(
      outcome.printed.split(separator: "\n").count { $0.hasPrefix("image: ") } == files.split(separator: " ").count)
  }

  @Test("JSON is a list with several files only", arguments: ["info", "check"])
  func list(command: String) throws {
    try makeImages()
    let several = try Shell.run(#""$PRLCONV" \#(command) --output json sound.hds missing.hds leaky.hds"#, in: folder)
    let list = try #require(JSONSerialization.jsonObject(with: Data(several.printed.utf8)) as? [[String: Any]])
    #expect(list.map { $0["filename"] as? String } == ["sound.hds", "missing.hds", "leaky.hds"])
    #expect((list[1]["error"] as? String)?.contains("No such file") == true)
    #expect(several.ending == .status(1))
    let single = try Shell.run(#""$PRLCONV" \#(command) --output json sound.hds"#, in: folder)
    #expect(try JSONSerialization.jsonObject(with: Data(single.printed.utf8)) is [String: Any])
  }
}

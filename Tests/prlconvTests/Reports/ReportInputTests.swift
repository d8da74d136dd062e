import Foundation
import TestSupport
import Testing

@Suite("What info, check and map can be given, and that they leave it as it is")
struct ReportInputTests {
  static let commands = ["info", "check", "map"]

  let folder = TemporaryFolder()

  /// What a program that writes to the file would change; its times and its number besides its bytes.
  private func attributes(_ name: String) throws -> [FileAttributeKey: AnyHashable] {
    let all = try FileManager.default.attributesOfItem(atPath: folder(name))
    let kept: [FileAttributeKey] = [.modificationDate, .size, .systemFileNumber, .posixPermissions]
    return Dictionary(uniqueKeysWithValues: kept.map { ($0, all[$0] as? AnyHashable) }).compactMapValues { $0 }
  }

  @Test("The file is not changed", arguments: commands)
  func unchanged(command: String) throws {
    let damaged = DamagedImage.inPartReadable.map(\.file) + [DamagedImage.sound().file]
    for file in damaged {
      try folder.write(file, to: "image.hds")
      try Shell.prepare("cp image.hds before.hds; touch -d 2001-02-03T04:05:06 image.hds", in: folder)
      let before = try attributes("image.hds")
      try #require(before.count == 4)
      for format in ["human", "json"] { _ = try folder.report(command, "--output \(format)") }
      #expect(try folder.difference("image.hds", "before.hds") == nil)
      #expect(try attributes("image.hds") == before)
    }
    #expect(folder.names == ["before.hds", "image.hds"])
  }

  /// Root may write to any file, so it is looked at how the file is opened.
  @Test(
    "The file is opened for reading only", .enabled(if: Shell.isInstalled("strace"), "needs strace"),
    arguments: commands)
  func readOnly(command: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    try Shell.prepare("chmod 444 image.hds", in: folder)
    let traced = try Shell.run(
      #"strace -f -o calls -e trace=open,openat "$PRLCONV" \#(command) image.hds"#, in: folder)
    try #require(traced.isSuccess, "\(traced)")
    let calls = try String(decoding: folder.bytes(of: "calls"), as: UTF8.self).split(separator: "\n")
    let ours = calls.filter { $0.contains("image.hds") }
    #expect(!ours.isEmpty && ours.allSatisfy { $0.contains("O_RDONLY") }, "\(ours)")
  }

  @Test("A read-only file is enough", arguments: commands)
  func readOnlyFile(command: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    try Shell.prepare("chmod 444 image.hds", in: folder)
    expectSilentSuccess(try folder.report(command))
  }

  @Test("A file can be redirected", arguments: commands)
  func redirected(command: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    let outcome = try Shell.run(#""$PRLCONV" \#(command) - < image.hds"#, in: folder)
    expectSilentSuccess(outcome)
    #expect(!outcome.standardOutput.isEmpty)
  }

  @Test("A pipe is refused", arguments: commands)
  func pipe(command: String) throws {
    try folder.write(DamagedImage.sound().file, to: "image.hds")
    let outcome = try Shell.run(#"cat image.hds | "$PRLCONV" \#(command) -"#, in: folder)
    expectError(outcome, saying: ["'stdin': ", "is a pipe"])
    #expect(outcome.standardOutput.isEmpty)
  }

  @Test("A missing file is an error", arguments: commands)
  func missing(command: String) throws {
    expectError(try folder.report(command, of: "nothing"), saying: ["'nothing': ", "No such file"])
  }

  @Test("Any name is put into JSON", arguments: ["info", "check"])
  func names(command: String) throws {
    let name = "a \"name\" \\ with\nall\tof ünicode \u{1}.hds"
    try folder.write(DamagedImage.sound().file, to: name)
    let running = try RunningCommand([BuiltTool.path, command, "--output", "json", name], in: folder)
    let outcome = running.wait()
    expectSilentSuccess(outcome)
    #expect(try JSONReport(outcome).object["filename"] as? String == name)
  }

  @Test(
    "Anything else is wrong usage", arguments: commands,
    ["", "--output xml image.hds", "--unknown image.hds", "--output json"])
  func wrongUsage(command: String, arguments: String) throws {
    expectError(try Shell.run(#""$PRLCONV" \#(command) \#(arguments)"#, in: folder), status: 64)
  }

  @Test("map takes a single image")
  func severalMaps() throws {
    expectError(try Shell.run(#""$PRLCONV" map image.hds other.hds"#, in: folder), status: 64)
  }
}

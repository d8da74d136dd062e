import TestSupport
import Testing

@testable import DiskConversion

@Suite("An output that is part old, part new")
struct MixedOutputTests {
  private let folder = TemporaryFolder()
  private let notes = Notes()

  @Test("A process that ends without waiting reports it, once")
  func endsWithoutWaiting() throws {
    let control = try control()
    control.mix("copy")
    control.discardOutput()
    control.discardOutput()
    #expect(notes.events == [.mixedOutput(path: "copy")])
  }

  @Test("A refresh that is cancelled reports it, once")
  func cancelled() throws {
    let control = try control()
    control.cancel()
    #expect(throws: ConversionError.self) { try refresh(control) }
    control.discardOutput()
    #expect(notes.events == [.mixedOutput(path: folder("copy"))])
  }

  @Test("After a refresh there is nothing to report")
  func complete() throws {
    let control = try control()
    try refresh(control)
    control.discardOutput()
    #expect(notes.events.isEmpty)
  }

  @Test("A refresh that is refused has nothing to report")
  func refused() throws {
    let control = try control()
    #expect(throws: ConversionError.self) { try refresh(control, bitmap: "no such bitmap") }
    control.discardOutput()
    #expect(notes.events.isEmpty)
  }

  private func control() throws -> ConversionControl { try ConversionControl(report: notes.add) }

  private func refresh(_ control: ConversionControl, bitmap: String = HandMadeBitmap.name()) throws {
    var image = HandMadeImage(places: [0, 1])
    try image.appendBitmaps([DirtyBlocks(diskByteCount: 2048, granularity: 512, allDirty: true)])
    try image.file.write(to: folder("image"))
    try folder.write([UInt8](repeating: 1, count: 2048), to: "copy")
    _ = try BitmapRefresh.refresh(
      folder("copy"), from: .path(folder("image")), options: .init(bitmap: bitmap), control: control)
  }
}

import DiskConversion
import Foundation
import TestSupport
import Testing

@Suite("Operations in their asynchronous form")
struct AsyncFormTests {
  let folder = TemporaryFolder()

  @Test("They give what the blocking forms give")
  func results() async throws {
    try SparseDisk(numberedMegabytes: 6).write(to: folder("disk.img"))
    let (disk, image) = (Endpoint.path(folder("disk.img")), Endpoint.path(folder("disk.hds")))
    let summary = try await RawToParallels.convert(disk, to: image)
    #expect(summary.disk.allocatedClusterCount == 5)
    _ = try await ParallelsToParallels.convert(image, to: .path(folder("other.hds")))
    _ = try await ParallelsToRaw.convert(.path(folder("other.hds")), to: .path(folder("copy.img")))
    let comparison = try await DiskComparison.compare(disk, .path(folder("copy.img")))
    #expect(comparison.firstDifference == nil)
    #expect(try await ImageMeasure.measure(disk).requiredByteCount == summary.outputByteCount)
    #expect(try await ImageCheck.run(image) { _ in }.corruptionCount == 0)
  }

  @Test("Cancelling the task cancels the conversion, and leaves no output")
  func cancelled() async throws {
    let pipe = Foundation.Pipe()
    let output = Endpoint.path(folder("disk.hds"))
    let task = Task {
      try await RawToParallels.convert(.descriptor(pipe.fileHandleForReading.fileDescriptor), to: output)
    }
    try await Task.sleep(for: .milliseconds(100))
    task.cancel()
    await #expect(throws: ConversionError.self) { _ = try await task.value }
    #expect(folder.names.isEmpty)
    try pipe.fileHandleForWriting.close()
  }

  @Test("Updates of the progress end with the conversion")
  func progress() async throws {
    try SparseDisk(numberedMegabytes: 6).write(to: folder("disk.img"))
    let control = try ConversionControl()
    async let summary = RawToParallels.convert(
      .path(folder("disk.img")), to: .path(folder("disk.hds")), control: control)
    var last: ProgressUpdates.Update?
    for await update in control.progress.updates(every: .milliseconds(1)) { last = update }
    _ = try await summary
    #expect(last?.share == 1)
    #expect(control.progress.doneByteCount == 6 << 20)
  }
}

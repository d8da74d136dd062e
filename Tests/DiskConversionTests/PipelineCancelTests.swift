import Dispatch
import Synchronization
import Testing

@testable import DiskConversion
@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("A conversion that is cancelled", .timeLimit(.minutes(5)))
struct PipelineCancelTests {
  @Test("A disk without an end comes to one", arguments: 1...8)
  func endless(threadCount: Int) throws {
    let control = try ConversionControl()
    let disk = NumberedDisk(extents: .max) { stage, number in
      if stage == .place, number == 25 { control.cancel() }
    }
    let error = #expect(throws: ConversionError.self) {
      try carry(disk, threadCount: threadCount, control: control)
    }
    #expect(error?.cause == .cancelled)
    #expect(disk.activeCount == 0)
    #expect(disk.placed == Array(0..<disk.placed.count))
    #expect(disk.placed.count <= 25 + threadCount)
    #expect(disk.done(.store) == disk.placed)
  }

  @Test("Nothing is taken when it is cancelled before it begins", arguments: [1, 4])
  func cancelledBefore(threadCount: Int) throws {
    let control = try ConversionControl()
    control.cancel()
    let disk = NumberedDisk(extents: 10)
    let error = #expect(throws: ConversionError.self) {
      try carry(disk, threadCount: threadCount, control: control)
    }
    #expect(error?.cause == .cancelled)
    #expect(disk.done(.take).isEmpty)
  }

  @Test("A wait for a quiet pipe ends", arguments: [1, 2, 4])
  func quietPipe(threadCount: Int) throws {
    let control = try ConversionControl()
    let (source, pipe) = try pipeSource(control)
    let sink = NumberedDisk(extents: 0)
    // Once the extent that came is stored, nothing moves any more but by the cancellation.
    let cancelling = DispatchGroup()
    DispatchQueue(label: "tests.cancel").async(group: cancelling) {
      while sink.done(.store).isEmpty { sched_yield() }
      control.cancel()
    }
    let shape = PipelineShape(threadCount: threadCount, bufferByteCount: 512)
    let error = #expect(throws: ConversionError.self) {
      try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    }
    cancelling.wait()
    #expect(error?.cause == .cancelled)
    #expect(sink.placed == [0])
    withExtendedLifetime(pipe) {}
  }

  @Test("A wait for a quiet pipe ends when a step fails, too", arguments: [2, 4])
  func quietPipeAndFailure(threadCount: Int) throws {
    let control = try ConversionControl()
    let (source, pipe) = try pipeSource(control)
    let sink = NumberedDisk(extents: 0, failing: [0: .store])
    let shape = PipelineShape(threadCount: threadCount, bufferByteCount: 512)
    #expect(throws: NumberedDisk.error(.store, 0)) {
      try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    }
    withExtendedLifetime(pipe) {}
  }

  /// A pipe with one cluster of 512 bytes in it, which nobody closes, and what reads it.
  private func pipeSource(_ control: ConversionControl) throws -> (any ExtentSource, writeEnd: OpenFile) {
    var ends: [CInt] = [-1, -1]
    try #require(pipe(&ends) == 0)
    let readEnd = try OpenFile(adopting: ends[0], name: "pipe")
    let writeEnd = try OpenFile(adopting: ends[1], name: "pipe")
    try [UInt8](repeating: 1, count: 512).withUnsafeBytes { try writeEnd.writeNext($0, position: 0) }
    let source = SingleClusters(LookaheadStream(readEnd, interrupt: control.interrupt))
    return (source, writeEnd)
  }
}

/// A stream in pieces of 512 bytes, numbered as a `NumberedDisk` numbers its extents.
private final class SingleClusters: ExtentSource, @unchecked Sendable {  // SAFETY: all that changes: only in turn.
  private let stream: LookaheadStream
  private var position: UInt64 = 0

  init(_ stream: LookaheadStream) {
    self.stream = stream
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    do throws(FileError) {
      guard try stream.read(into: slot.buffer) == slot.buffer.count else { return false }
    } catch {
      throw ConversionError(error)
    }
    slot.extent = Extent(guestOffset: position, byteCount: UInt64(NumberedDisk.extentByteCount), isZero: false)
    position = slot.extent.guestEnd
    return true
  }
}

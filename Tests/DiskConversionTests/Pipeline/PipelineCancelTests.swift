import Dispatch
import TestSupport
import Testing

@testable import DiskConversion

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("A conversion that is cancelled", .timeLimit(.minutes(15)))
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
    let pipe = try Pipe()
    let source = try QuietPipeSource(pipe, control: control)
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

  @Test("A wait for a quiet pipe also ends when a step fails", arguments: [2, 4])
  func quietPipeAndFailure(threadCount: Int) throws {
    let control = try ConversionControl()
    let pipe = try Pipe()
    let source = try QuietPipeSource(pipe, control: control)
    let sink = NumberedDisk(extents: 0, failing: [0: .store])
    let shape = PipelineShape(threadCount: threadCount, bufferByteCount: 512)
    #expect(throws: NumberedDisk.error(.store, 0)) {
      try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    }
    withExtendedLifetime(pipe) {}
  }

  @Test("What was cancelled once stays cancelled", arguments: [1, 4])
  func cancelledForGood(threadCount: Int) throws {
    let control = try ConversionControl()
    let first = NumberedDisk(extents: 100) { stage, number in
      if stage == .place, number == 5 { control.cancel() }
    }
    #expect(throws: ConversionError.cancelled) { try carry(first, threadCount: threadCount, control: control) }
    let second = NumberedDisk(extents: 10)
    #expect(throws: ConversionError.cancelled) { try carry(second, threadCount: threadCount, control: control) }
    #expect(second.done(.take).isEmpty)
    #expect(control.cancellation.isEnding)
  }

  @Test("A cancellation outlasts a failure", arguments: [1, 2, 4])
  func cancelledAndFailed(threadCount: Int) throws {
    let control = try ConversionControl()
    let failing = NumberedDisk(extents: 20, failing: [10: .store]) { stage, number in
      if stage == .store, number == 10 { control.cancel() }
    }
    #expect(throws: NumberedDisk.error(.store, 10)) {
      try carry(failing, threadCount: threadCount, control: control)
    }
    let next = NumberedDisk(extents: 10)
    #expect(throws: ConversionError.cancelled) { try carry(next, threadCount: threadCount, control: control) }
    #expect(next.done(.take).isEmpty)
  }
}

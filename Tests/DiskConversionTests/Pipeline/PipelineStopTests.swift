import StreamIO
import TestSupport
import Testing

@testable import DiskConversion

@Suite("A sink that stops a pipeline", .timeLimit(.minutes(15)))
struct PipelineStopTests {
  @Test("Without an error, what comes before the end is stored and nothing after it is placed", arguments: 1...8)
  func stops(threadCount: Int) throws {
    for number in [0, 1, 20, 39] {
      let disk = NumberedDisk(extents: 40, stoppingAt: number, before: jitter(UInt64(number)))
      try carry(disk, threadCount: threadCount)
      #expect(disk.placed == Array(0...number))
      #expect(disk.done(.store) == Array(0..<number))
      #expect(disk.activeCount == 0)
      #expect(disk.damagedCount == 0)
    }
  }

  @Test("A disk without an end comes to one", arguments: 1...8)
  func endless(threadCount: Int) throws {
    let disk = NumberedDisk(extents: .max, stoppingAt: 25)
    try carry(disk, threadCount: threadCount)
    #expect(disk.placed == Array(0...25))
    #expect(disk.done(.take).count <= 25 + threadCount)
  }

  @Test("An error before the end is thrown, one after it is not", arguments: 1...8)
  func errors(threadCount: Int) throws {
    var random = SeededRandom("errors and the end", threadCount)
    for _ in 0..<100 {
      let last = Int.random(in: 0..<40, using: &random)
      let failing = Int.random(in: 0..<40, using: &random)
      let stage = try #require(Stage.allCases.randomElement(using: &random))
      let disk = NumberedDisk(
        extents: 40, failing: [failing: stage], stoppingAt: last, before: jitter(random.next()))
      // The extent at which the sink stops is placed, and not stored.
      let isMet = failing < last || (failing == last && stage != .store)
      let error = try failure { try carry(disk, threadCount: threadCount) }
      #expect(error == (isMet ? NumberedDisk.error(stage, failing) : nil), "\(stage) of \(failing), end at \(last)")
      #expect(disk.placed == Array(0..<disk.placed.count))
      #expect(disk.placed.count <= last + 1)
      #expect(disk.activeCount == 0)
      if !isMet { #expect(disk.done(.store) == Array(0..<last), "\(stage) of \(failing), end at \(last)") }
    }
  }

  @Test("A wait for a quiet pipe ends", arguments: [2, 4])
  func quietPipe(threadCount: Int) throws {
    let control = try ConversionControl()
    let pipe = try Pipe()
    let source = try QuietPipeSource(pipe, control: control)
    let sink = NumberedDisk(extents: 0, stoppingAt: 0)
    let shape = PipelineShape(threadCount: threadCount, bufferByteCount: 512)
    try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    #expect(sink.placed == [0])
    #expect(sink.done(.store).isEmpty)
    withExtendedLifetime(pipe) {}
  }

  @Test("The same control serves the next pipeline, which waits for its bytes", arguments: [1, 2, 4])
  func nextPipeline(threadCount: Int) throws {
    let control = try ConversionControl()
    for _ in 0..<10 {
      try carry(NumberedDisk(extents: 40, stoppingAt: 7), threadCount: threadCount, control: control)
      #expect(!control.cancellation.isEnding)
    }
    let all = NumberedDisk(extents: 40)
    try carry(all, threadCount: threadCount, control: control)
    #expect(all.done(.store) == Array(0..<40))
    let pipe = try Pipe()
    let source = try QuietPipeSource(pipe, control: control)
    // The end of the stream is that of the disk.
    try pipe.writeEnd.close()
    let sink = NumberedDisk(extents: 0)
    let shape = PipelineShape(threadCount: threadCount, bufferByteCount: 512)
    try Pipeline.run(from: source, into: sink, shape: shape, control: control)
    #expect(sink.placed == [0])
  }

  @Test("A control that was cancelled stays so, though the sink stopped", arguments: [1, 2, 4])
  func cancelled(threadCount: Int) throws {
    let control = try ConversionControl()
    let stopping = NumberedDisk(extents: 40, stoppingAt: 7) { stage, number in
      if stage == .place, number == 7 { control.cancel() }
    }
    _ = try failure { try carry(stopping, threadCount: threadCount, control: control) }
    let next = NumberedDisk(extents: 10)
    #expect(throws: ConversionError.cancelled) { try carry(next, threadCount: threadCount, control: control) }
    #expect(next.done(.take).isEmpty)
  }

  private func failure(_ body: () throws -> Void) throws -> ConversionError? {
    do {
      try body()
      return nil
    } catch let error as ConversionError {
      return error
    }
  }
}

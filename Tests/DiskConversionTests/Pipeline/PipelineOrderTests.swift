import Dispatch
import TestSupport
import Testing

@testable import DiskConversion

@Suite("Extents on their way through the pipeline", .timeLimit(.minutes(15)))
struct PipelineOrderTests {
  @Test("Every extent takes every step once, placed in the order of the disk", arguments: 1...8)
  func everyExtentOnce(threadCount: Int) throws {
    var random = SeededRandom("pipeline order", threadCount)
    for _ in 0..<20 {
      let disk = NumberedDisk(extents: 97, before: jitter(random.next()))
      try carry(disk, threadCount: threadCount)
      #expect(disk.placed == Array(0..<97))
      for stage in Stage.allCases { #expect(disk.done(stage) == Array(0..<97), "\(stage)") }
      #expect(disk.damagedCount == 0)
    }
  }

  @Test("What the sink does without is located, but never loaded", arguments: 1...8)
  func withoutBytes(threadCount: Int) throws {
    var random = SeededRandom("declined bytes", threadCount)
    for _ in 0..<20 {
      let declined = Set((0..<97).filter { _ in Bool.random(using: &random) })
      let disk = NumberedDisk(extents: 97, declining: declined, before: jitter(random.next()))
      try carry(disk, threadCount: threadCount)
      #expect(disk.done(.load) == (0..<97).filter { !declined.contains($0) })
      for stage in Stage.allCases where stage != .load { #expect(disk.done(stage) == Array(0..<97), "\(stage)") }
      // The pieces are those that were found, and the bytes of the others those that were loaded.
      #expect(disk.damagedCount == 0)
    }
  }

  @Test("Any number of extents, on fewer or more threads", arguments: 0...9, [1, 2, 3, 8])
  func fewExtents(extentCount: Int, threadCount: Int) throws {
    let disk = NumberedDisk(extents: extentCount)
    try carry(disk, threadCount: threadCount)
    #expect(disk.placed == Array(0..<extentCount))
    #expect(disk.done(.store) == Array(0..<extentCount))
  }

  @Test("No more extents are under way than there are threads", arguments: 1...8)
  func bounded(threadCount: Int) throws {
    let disk = NumberedDisk(extents: 200, before: jitter(UInt64(threadCount)))
    try carry(disk, threadCount: threadCount)
    #expect(1...threadCount ~= disk.mostAtOnce)
  }

  @Test("As many extents as threads are loaded at once", arguments: 2...8)
  func loadsAtOnce(threadCount: Int) throws {
    try carryMeeting(at: .load, threadCount: threadCount)
  }

  @Test("As many extents as threads are stored at once", arguments: 2...8)
  func storesAtOnce(threadCount: Int) throws {
    try carryMeeting(at: .store, threadCount: threadCount)
  }

  /// The first extents wait for each other in a step: without as many threads, nobody would come to its end.
  private func carryMeeting(at meeting: Stage, threadCount: Int) throws {
    let arrived = DispatchSemaphore(value: 0)
    let mayLeave = DispatchSemaphore(value: 0)
    let disk = NumberedDisk(extents: threadCount * 2) { stage, number in
      guard stage == meeting, number < threadCount else { return }
      arrived.signal()
      if number == 0 {
        for _ in 0..<threadCount { arrived.wait() }
        for _ in 0..<threadCount { mayLeave.signal() }
      }
      mayLeave.wait()
    }
    try carry(disk, threadCount: threadCount)
    #expect(disk.mostAtOnce == threadCount)
    #expect(disk.placed == Array(0..<threadCount * 2))
  }

  @Test("The work done is counted in bytes")
  func progress() throws {
    let control = try ConversionControl()
    try carry(NumberedDisk(extents: 50), threadCount: 3, control: control)
    #expect(control.progress.doneByteCount == UInt64(50 * NumberedDisk.extentByteCount))
  }
}

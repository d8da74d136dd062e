import Dispatch
import TestSupport
import Testing

@testable import DiskConversion

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Steps that fail in the pipeline", .timeLimit(.minutes(15)))
struct PipelineErrorTests {
  @Test(
    "A step that fails ends all: its error is thrown and no thread is left", arguments: Stage.allCases,
    Exhaustive.cases(1...8, brief: 3))
  func oneFails(stage: Stage, threadCount: Int) throws {
    for number in [0, 1, 20, 39] {
      let disk = NumberedDisk(extents: 40, failing: [number: stage], before: jitter(UInt64(number)))
      #expect(throws: NumberedDisk.error(stage, number)) { try carry(disk, threadCount: threadCount) }
      #expect(disk.activeCount == 0)
      expectSound(disk, failing: [number: stage])
    }
  }

  @Test(
    "Of several that fail, the first of the disk is thrown, on any number of threads",
    arguments: Exhaustive.cases(1...8, brief: 3))
  func severalFail(threadCount: Int) throws {
    var random = SeededRandom("failing steps", threadCount)
    for _ in 0..<100 {
      var failures: [Int: Stage] = [:]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        failures[Int.random(in: 0..<40, using: &random)] = Stage.allCases.randomElement(using: &random)
      }
      let first = try #require(failures.min { $0.key < $1.key })
      let disk = NumberedDisk(extents: 40, failing: failures, before: jitter(random.next()))
      #expect(throws: NumberedDisk.error(first.value, first.key), "\(failures)") {
        try carry(disk, threadCount: threadCount)
      }
      #expect(disk.activeCount == 0, "\(failures)")
      expectSound(disk, failing: failures)
    }
  }

  @Test("When a step fails for every extent, the first is thrown", arguments: Stage.allCases, [1, 2, 5])
  func allFail(stage: Stage, threadCount: Int) throws {
    let failures = Dictionary(uniqueKeysWithValues: (0..<30).map { ($0, stage) })
    let disk = NumberedDisk(extents: 30, failing: failures)
    #expect(throws: NumberedDisk.error(stage, 0)) { try carry(disk, threadCount: threadCount) }
    #expect(disk.placed == (stage == .store ? disk.done(.place) : []))
    #expect(disk.done(.store).isEmpty)
  }

  @Test("An error is thrown though one after it came first")
  func laterFailsFirst() throws {
    let laterFails = DispatchSemaphore(value: 0)
    let disk = NumberedDisk(extents: 10, failing: [3: .load, 4: .load]) { stage, number in
      guard stage == .load else { return }
      if number == 3 { laterFails.wait() }
      if number == 4 { laterFails.signal() }
    }
    #expect(throws: NumberedDisk.error(.load, 3)) { try carry(disk, threadCount: 4) }
  }

  @Test("After a failure, the same control serves the next pipeline", arguments: Stage.allCases, [1, 2, 5])
  func nextPipeline(stage: Stage, threadCount: Int) throws {
    let control = try ConversionControl()
    let failing = NumberedDisk(extents: 20, failing: [7: stage])
    #expect(throws: NumberedDisk.error(stage, 7)) { try carry(failing, threadCount: threadCount, control: control) }
    let next = NumberedDisk(extents: 20)
    try carry(next, threadCount: threadCount, control: control)
    #expect(next.done(.store) == Array(0..<20))
  }

  @Test("A step that gives up because another failed does not hide the error")
  func givesUpBeforeFailure() throws {
    // Extent 0 writes a long run of zeros and gives up when it sees the conversion end: as `StreamSink` does.
    let control = try ConversionControl()
    let disk = GivingUpDisk(control: control)
    let shape = PipelineShape(threadCount: 2, bufferByteCount: 16)
    #expect(throws: ConversionError("input", .endedEarly(byteCount: 1))) {
      try Pipeline.run(from: disk, into: disk, shape: shape, control: control)
    }
  }

  /// What holds after any failure: all before it is stored, nothing after it is placed.
  private func expectSound(_ disk: NumberedDisk, failing failures: [Int: Stage]) {
    let first = failures.keys.min() ?? 40
    let firstNotPlaced = failures.filter { $0.value != .store }.keys.min() ?? 40
    let placed = disk.placed
    #expect(placed == Array(0..<placed.count), "\(failures)")
    #expect(placed.count <= firstNotPlaced, "\(failures)")
    #expect(placed.count >= (failures[first] == .store ? first + 1 : first), "\(failures)")
    #expect(disk.done(.store).prefix(first) == Array(0..<first)[...], "\(failures)")
    #expect(Set(disk.done(.store)).count == disk.done(.store).count, "\(failures)")
    #expect(disk.damagedCount == 0)
  }
}

/// Two extents: the first is placed until the conversion ends, the second can't be loaded.
private final class GivingUpDisk: ExtentSource, ExtentSink {
  private let control: ConversionControl
  private let firstIsPlaced = DispatchSemaphore(value: 0)
  private let taken = InTurn<UInt64>(0)

  init(control: ConversionControl) {
    self.control = control
  }

  func take(into slot: Slot) -> Bool {
    guard taken.state < 2 else { return false }
    slot.extent = DiskExtent(taken.state..<taken.state + 1, .zeros)
    taken.state += 1
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    guard slot.extent.guestOffset == 1 else { return }
    firstIsPlaced.wait()
    throw ConversionError("input", .endedEarly(byteCount: 1))
  }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    guard slot.extent.guestOffset == 0 else { return .next }
    firstIsPlaced.signal()
    // A bound, so that a pipeline which does not say that it ends is found out instead of waited for.
    var turns = 0
    while !control.cancellation.isEnding, turns < 10_000_000 {
      sched_yield()
      turns += 1
    }
    guard control.cancellation.isEnding else { throw ConversionError("output", .changed) }
    throw .cancelled
  }
}

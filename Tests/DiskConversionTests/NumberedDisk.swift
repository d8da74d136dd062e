import Dispatch
import Synchronization

@testable import DiskConversion

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The steps that the pipeline takes with an extent.
enum Stage: CaseIterable {
  case take, load, prepare, place, store
}

/// Both ends of a pipeline: numbered extents, every step of which is noted, and fails where it is told to.
///
/// What is done in turn is noted without a lock, so that Thread Sanitizer sees when turns are not kept.
final class NumberedDisk: ExtentSource, ExtentSink, @unchecked Sendable {
  static let extentByteCount = 16

  /// Done before each step, on the thread of the step.
  private let before: @Sendable (Stage, Int) -> Void
  private let failures: [Int: Stage]
  private let extentCount: Int

  private var nextNumber = 0
  /// The extents placed, in order.
  private(set) var placed: [Int] = []

  private let queue = DispatchQueue(label: "tests.notes")
  private var notes: [Stage: [Int]] = [:]
  private let activeSteps = Atomic<Int>(0)
  private let extentsUnderWay = Atomic<Int>(0)
  private let mostUnderWay = Atomic<Int>(0)
  private let damagedExtents = Atomic<Int>(0)

  init(
    extents extentCount: Int, failing failures: [Int: Stage] = [:],
    before: @escaping @Sendable (Stage, Int) -> Void = { _, _ in }
  ) {
    self.extentCount = extentCount
    self.failures = failures
    self.before = before
  }

  /// The error of a step that fails.
  static func error(_ stage: Stage, _ number: Int) -> ConversionError {
    ConversionError("\(stage) of extent \(number)", .endedEarly(byteCount: UInt64(number)))
  }

  /// Steps that are being done now.
  var activeCount: Int { activeSteps.load(ordering: .acquiring) }
  /// The most extents that were between `take` and the end of `store` at once.
  var mostAtOnce: Int { mostUnderWay.load(ordering: .acquiring) }
  /// Extents that came to `store` with other bytes than those that were loaded.
  var damagedCount: Int { damagedExtents.load(ordering: .acquiring) }
  /// The extents that a step was done for, in the order of their numbers.
  func done(_ stage: Stage) -> [Int] { queue.sync { notes[stage, default: []] }.sorted() }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard nextNumber < extentCount else { return false }
    slot.extent = Extent(
      guestOffset: UInt64(nextNumber * Self.extentByteCount), byteCount: UInt64(Self.extentByteCount), isZero: false)
    nextNumber += 1
    try step(.take, slot)
    let count = extentsUnderWay.add(1, ordering: .acquiringAndReleasing).newValue
    mostUnderWay.max(count, ordering: .acquiringAndReleasing)
    return true
  }

  func load(_ slot: Slot) throws(ConversionError) {
    for index in slot.bytes.indices { slot.bytes[index] = content(of: slot) }
    try step(.load, slot)
  }

  func prepare(_ slot: Slot) throws(ConversionError) { try step(.prepare, slot) }

  func place(_ slot: Slot) throws(ConversionError) {
    try step(.place, slot)
    placed.append(number(of: slot))
  }

  func store(_ slot: Slot) throws(ConversionError) {
    if slot.bytes.contains(where: { $0 != content(of: slot) }) { damagedExtents.add(1, ordering: .relaxed) }
    try step(.store, slot)
    extentsUnderWay.subtract(1, ordering: .acquiringAndReleasing)
  }

  private func step(_ stage: Stage, _ slot: Slot) throws(ConversionError) {
    activeSteps.add(1, ordering: .acquiringAndReleasing)
    defer { activeSteps.subtract(1, ordering: .acquiringAndReleasing) }
    let number = number(of: slot)
    before(stage, number)
    if failures[number] == stage { throw Self.error(stage, number) }
    queue.sync { notes[stage, default: []].append(number) }
  }

  private func number(of slot: Slot) -> Int { Int(slot.extent.guestOffset) / Self.extentByteCount }
  private func content(of slot: Slot) -> UInt8 { UInt8(truncatingIfNeeded: number(of: slot) &* 7 &+ 1) }
}

/// Lets the other threads run, more or less often from step to step, so that the steps fall together differently.
func jitter(_ seed: UInt64) -> @Sendable (Stage, Int) -> Void {
  { stage, number in
    var turns = UInt64(number) &* 0x9E37_79B9 ^ UInt64(Stage.allCases.firstIndex(of: stage) ?? 0) &* 0x85EB_CA6B ^ seed
    turns = (turns ^ turns >> 15) % 7
    for _ in 0..<turns { sched_yield() }
  }
}

/// Carries all that `disk` has.
func carry(_ disk: NumberedDisk, threadCount: Int, control: ConversionControl? = nil) throws {
  let control = try control ?? ConversionControl()
  let shape = PipelineShape(threadCount: threadCount, bufferByteCount: NumberedDisk.extentByteCount)
  try Pipeline.run(from: disk, into: disk, shape: shape, control: control)
}

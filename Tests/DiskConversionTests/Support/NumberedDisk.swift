import StreamIO
import Synchronization

@testable import DiskConversion

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The steps that the pipeline takes with an extent.
enum Stage: CaseIterable {
  case take, locate, load, prepare, place, store
}

/// Both ends of a pipeline: numbered extents, every step of which is noted, and fails where it is asked to.
///
/// What is done in turn is noted without a lock, so that Thread Sanitizer sees when turns are not kept.
final class NumberedDisk: ExtentSource, ExtentSink {
  static let extentByteCount = 16

  private let extentCount: Int
  private let failures: [Int: Stage]
  /// The extent at which the sink stops.
  private let lastNumber: Int?
  /// The extents whose bytes the sink does without.
  private let declined: Set<Int>
  /// Done before each step, on the thread of the step.
  private let before: @Sendable (Stage, Int) -> Void

  private let nextNumber = InTurn(0)
  private let placedNumbers = InTurn<[Int]>([])
  private let notes = Locked<[Stage: [Int]]>([:], label: "tests.notes")
  private let activeSteps = Atomic<Int>(0)
  private let extentsUnderWay = Atomic<Int>(0)
  private let mostUnderWay = Atomic<Int>(0)
  private let damagedExtents = Atomic<Int>(0)

  init(
    extents extentCount: Int, failing failures: [Int: Stage] = [:], stoppingAt lastNumber: Int? = nil,
    declining declined: Set<Int> = [],
    before: @escaping @Sendable (Stage, Int) -> Void = { _, _ in }
  ) {
    self.extentCount = extentCount
    self.failures = failures
    self.lastNumber = lastNumber
    self.declined = declined
    self.before = before
  }

  /// The error of a step that fails.
  static func error(_ stage: Stage, _ number: Int) -> ConversionError {
    ConversionError("\(stage) of extent \(number)", .endedEarly(byteCount: UInt64(number)))
  }

  /// The extents placed, in order.
  var placed: [Int] { placedNumbers.state }
  /// Steps that are being done now.
  var activeCount: Int { activeSteps.load(ordering: .acquiring) }
  /// The most extents that were between `take` and the end of `store` at once.
  var mostAtOnce: Int { mostUnderWay.load(ordering: .acquiring) }
  /// Extents that came to `store` with other bytes or pieces than those that they were given.
  var damagedCount: Int { damagedExtents.load(ordering: .acquiring) }
  /// The extents that a step was done for, in the order of their numbers.
  func done(_ stage: Stage) -> [Int] { notes.with { $0[stage, default: []] }.sorted() }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard nextNumber.state < extentCount else { return false }
    slot.extent = Self.extent(nextNumber.state)
    nextNumber.state += 1
    try step(.take, slot)
    let count = extentsUnderWay.add(1, ordering: .acquiringAndReleasing).newValue
    mostUnderWay.max(count, ordering: .acquiringAndReleasing)
    return true
  }

  func locate(_ slot: Slot) throws(ConversionError) {
    slot.pieces = [slot.extent]
    try step(.locate, slot)
  }

  func needsBytes(of slot: Slot) -> Bool { !declined.contains(number(of: slot)) }

  func load(_ slot: Slot) throws(ConversionError) {
    for index in slot.bytes.indices { slot.bytes[index] = content(of: slot) }
    try step(.load, slot)
  }

  func prepare(_ slot: Slot) throws(ConversionError) { try step(.prepare, slot) }

  func place(_ slot: Slot) throws(ConversionError) -> Placement {
    try step(.place, slot)
    placedNumbers.state.append(number(of: slot))
    return number(of: slot) == lastNumber ? .stop : .next
  }

  func store(_ slot: Slot) throws(ConversionError) {
    if !isSound(slot) { damagedExtents.add(1, ordering: .relaxed) }
    try step(.store, slot)
    extentsUnderWay.subtract(1, ordering: .acquiringAndReleasing)
  }

  private func isSound(_ slot: Slot) -> Bool {
    guard slot.pieces == [slot.extent] else { return false }
    return !needsBytes(of: slot) || slot.bytes.allSatisfy { $0 == content(of: slot) }
  }

  private func step(_ stage: Stage, _ slot: Slot) throws(ConversionError) {
    activeSteps.add(1, ordering: .acquiringAndReleasing)
    defer { activeSteps.subtract(1, ordering: .acquiringAndReleasing) }
    let number = number(of: slot)
    before(stage, number)
    if failures[number] == stage { throw Self.error(stage, number) }
    notes.with { $0[stage, default: []].append(number) }
  }

  /// The extent with this number; its data lies at the same offset of a file.
  private static func extent(_ number: Int) -> DiskExtent {
    let start = UInt64(number * extentByteCount)
    return DiskExtent(start..<start + UInt64(extentByteCount), .data, at: start)
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

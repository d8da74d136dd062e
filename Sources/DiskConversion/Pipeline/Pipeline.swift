import Dispatch
import StreamIO
import Synchronization

/// Moves every extent from a source to a sink, on several threads, in order where order matters.
///
/// Each thread has one slot, in which it takes an extent all the way:
///
///     take (in turn) → locate → load → prepare (at once) → place (in turn) → store (at once)
///
/// Whichever thread is free takes the next extent. Extents are numbered as they are taken, and the turn to place passes
/// from each to the next, so their order is kept without sorting, queues or locks. The bytes stay in the cache of the
/// core that read them until they are written. Memory is bounded by design: one buffer for each thread.
///
/// Of several errors, the one of the first extent in order is thrown. A thread that fails still passes its turns on, so
/// that the others can finish; extents after the failed one are not placed. A sink that stops early ends the work in
/// the same way, without an error.
final class Pipeline: Sendable {
  private let source: any ExtentSource
  private let sink: any ExtentSink
  private let progress: ConversionProgress
  private let cancellation: Cancellation
  private let mayTake = DispatchSemaphore(value: 0)
  /// The number of the next extent; belongs to the thread whose turn it is to take.
  private let nextSequence = InTurn(0)
  /// The turn to place extent *k* comes through semaphore *k mod N*.
  ///
  /// N threads have at most N extents under way, so no two of them share one.
  private let mayPlace: [DispatchSemaphore]
  /// Set when no more extents are to be taken.
  private let isOver = Atomic<Bool>(false)
  /// The sequence number of the first extent so far that failed or made the sink stop.
  private let firstEnded = Atomic<Int>(.max)
  private let end = Locked(PipelineEnd(), label: "prlconv.pipeline.end")

  /// How long a conversion with fewer threads than requested must take before it is worth mentioning, in nanoseconds:
  /// short ones end before their threads have started.
  private static let remarkableTime: UInt64 = 500_000_000

  /// What must be left of a limit on address space for the calling thread, and after each further one has its buffer:
  /// small allocations of the runtime trap if they fail.
  static let leastByteCount = 4 << 20
  private static let spareByteCount = 16 << 20

  private init(
    from source: any ExtentSource, into sink: any ExtentSink, shape: PipelineShape, control: ConversionControl
  ) {
    self.source = source
    self.sink = sink
    progress = control.progress
    cancellation = control.cancellation
    mayPlace = (0..<shape.threadCount).map { _ in DispatchSemaphore(value: 0) }
    mayTake.signal()
    mayPlace[0].signal()
  }

  /// Moves all extents, or those up to where the sink stops; returns when all threads have finished.
  ///
  /// The calling thread works, too. It goes on alone if no others can be had.
  static func run(
    from source: any ExtentSource, into sink: any ExtentSink, shape: PipelineShape, control: ConversionControl
  ) throws(ConversionError) {
    let start = DispatchTime.now().uptimeNanoseconds
    let pipeline = Pipeline(from: source, into: sink, shape: shape, control: control)
    let slot = try Slot(byteCount: shape.bufferByteCount)
    guard hasSpareAddressSpace(leastByteCount) else { throw .outOfMemory(byteCount: leastByteCount) }
    let crew = Crew()
    // A worker that Dispatch could not start in time must not keep the pipeline and its files.
    Crew.start(shape.threadCount - 1) { [weak pipeline] in
      guard let pipeline, let memory = try? AlignedBuffer(byteCount: shape.bufferByteCount),
        hasSpareAddressSpace(spareByteCount), let number = crew.join()
      else { return }
      pipeline.carry(in: Slot(memory, thread: number))
      crew.leave()
    }
    pipeline.carry(in: slot)
    let threadCount = crew.close()
    control.cancellation.resume()
    if threadCount < shape.threadCount, DispatchTime.now().uptimeNanoseconds - start > remarkableTime {
      control.events.report(.plan("only \(threadCount) of \(shape.threadCount) threads could be started"))
    }
    if let error = pipeline.end.with({ $0.error }) { throw error }
  }

  /// Processes extents until none is left.
  private func carry(in slot: Slot) {
    while let sequence = take(into: slot) {
      attempt(sequence) { () throws(ConversionError) in
        try source.locate(slot)
        slot.isLoaded = sink.needsBytes(of: slot)
        if slot.isLoaded { try source.load(slot) }
        try sink.prepare(slot)
      }
      mayPlace[sequence % mayPlace.count].wait()
      attempt(sequence) { () throws(ConversionError) in
        guard case .stop = try sink.place(slot) else { return }
        finish(at: sequence, error: nil)
      }
      mayPlace[(sequence + 1) % mayPlace.count].signal()
      attempt(sequence) { () throws(ConversionError) in
        try sink.store(slot)
        progress.advance(by: slot.extent.byteCount)
      }
    }
  }

  /// Takes the next extent and returns its number; nil after the last one, or once the work has ended.
  private func take(into slot: Slot) -> Int? {
    mayTake.wait()
    defer { mayTake.signal() }
    guard !isOver.load(ordering: .acquiring) else { return nil }
    let sequence = nextSequence.state
    var taken = false
    attempt(sequence) { () throws(ConversionError) in
      try cancellation.check()
      taken = try source.take(into: slot)
    }
    guard taken else {
      isOver.store(true, ordering: .releasing)
      return nil
    }
    nextSequence.state += 1
    return sequence
  }

  /// Performs a step for an extent, unless the work ended with it or an earlier one.
  private func attempt(_ sequence: Int, _ step: () throws(ConversionError) -> Void) {
    guard firstEnded.load(ordering: .acquiring) > sequence else { return }
    do throws(ConversionError) {
      try step()
    } catch {
      finish(at: sequence, error: error)
    }
  }

  /// Keeps all extents after `sequence` from being placed.
  private func finish(at sequence: Int, error: ConversionError?) {
    end.with { $0.meet(error, at: sequence) }
    firstEnded.min(sequence, ordering: .acquiringAndReleasing)
    isOver.store(true, ordering: .releasing)
    // A thread may still be waiting for bytes that nothing needs now.
    cancellation.endWaits()
  }
}

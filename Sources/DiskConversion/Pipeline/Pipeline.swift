import Dispatch
import Synchronization

/// Moves every extent from a source to a sink, on several threads, in order where order matters.
///
/// Each thread has one slot, in which it takes an extent all the way:
///
///     take (in turn) → locate → load → prepare (at once) → place (in turn) → store (at once)
///
/// Thread *k mod N* processes extent *k*. The turn to take passes around the threads in a ring, and the turn to place
/// follows it in another, so the order of extents is kept without sorting, queues or locks. The bytes stay in the cache
/// of the core that read them until they are written. Memory is bounded by design: N buffers.
///
/// Of several errors, the one of the first extent in order is thrown. A thread that fails still passes its turns on, so
/// that the others can finish; extents after the failed one are not placed. A sink that stops early ends the work in
/// the same way, without an error.
final class Pipeline: Sendable {
  private let source: any ExtentSource
  private let sink: any ExtentSink
  private let progress: ConversionProgress
  private let cancellation: Cancellation
  private let lanes: [Lane]
  /// Set when no more extents are to be taken.
  private let isOver = Atomic<Bool>(false)
  /// The sequence number of the first extent so far that failed or made the sink stop.
  private let firstEnded = Atomic<Int>(.max)
  private let end = Locked(PipelineEnd(), label: "prlconv.pipeline.end")

  /// A thread's slot, and its turns.
  private struct Lane: Sendable {
    let slot: InTurn<Slot>
    let mayTake = DispatchSemaphore(value: 0)
    let mayPlace = DispatchSemaphore(value: 0)
  }

  private init(
    from source: any ExtentSource, into sink: any ExtentSink, shape: PipelineShape, control: ConversionControl
  ) {
    self.source = source
    self.sink = sink
    progress = control.progress
    cancellation = control.cancellation
    lanes = (0..<shape.threadCount).map { Lane(slot: InTurn(Slot(byteCount: shape.bufferByteCount, thread: $0))) }
  }

  /// Moves all extents, or those up to where the sink stops; returns when all threads have finished.
  static func run(
    from source: any ExtentSource, into sink: any ExtentSink, shape: PipelineShape, control: ConversionControl
  ) throws(ConversionError) {
    let pipeline = Pipeline(from: source, into: sink, shape: shape, control: control)
    let running = DispatchGroup()
    for thread in 1..<max(1, pipeline.lanes.count) {
      // A serial queue has its own thread, which may block; a concurrent one has only as many as there are cores.
      DispatchQueue(label: "prlconv.pipeline.\(thread)").async(group: running) { pipeline.carry(on: thread) }
    }
    pipeline.lanes[0].mayTake.signal()
    pipeline.lanes[0].mayPlace.signal()
    pipeline.carry(on: 0)
    running.wait()
    control.cancellation.resume()
    if let error = pipeline.end.with({ $0.error }) { throw error }
  }

  /// Processes every N-th extent on one thread.
  private func carry(on thread: Int) {
    let lane = lanes[thread]
    let next = lanes[(thread + 1) % lanes.count]
    let slot = lane.slot.state
    var sequence = thread
    while true {
      lane.mayTake.wait()
      let taken = take(sequence, into: slot)
      next.mayTake.signal()
      guard taken else { return }

      attempt(sequence) { () throws(ConversionError) in
        try source.locate(slot)
        if sink.needsBytes(of: slot) { try source.load(slot) }
        try sink.prepare(slot)
      }
      lane.mayPlace.wait()
      attempt(sequence) { () throws(ConversionError) in
        guard case .stop = try sink.place(slot) else { return }
        finish(at: sequence, error: nil)
      }
      next.mayPlace.signal()
      attempt(sequence) { () throws(ConversionError) in
        try sink.store(slot)
        progress.advance(by: slot.extent.byteCount)
      }
      sequence += lanes.count
    }
  }

  /// Takes the next extent; false after the last one, or once the work has ended.
  private func take(_ sequence: Int, into slot: Slot) -> Bool {
    guard !isOver.load(ordering: .acquiring) else { return false }
    var taken = false
    attempt(sequence) { () throws(ConversionError) in
      try cancellation.check()
      taken = try source.take(into: slot)
    }
    if !taken { isOver.store(true, ordering: .releasing) }
    return taken
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

/// The number of threads in a pipeline, and the buffer size of each.
struct PipelineShape: Equatable, Sendable {
  var threadCount: Int
  var bufferByteCount: Int

  /// Twice the threads, for extents that take very different times: while some wait for their turn to place, others
  /// keep the cores busy.
  ///
  /// A single thread stays single.
  var forUnevenWork: PipelineShape {
    PipelineShape(threadCount: threadCount == 1 ? 1 : 2 * threadCount, bufferByteCount: bufferByteCount)
  }
}

/// What ended a pipeline early: the first extent in order that failed or made the sink stop.
///
/// "Cancelled" gives way to any other cause, because threads also get it when another one ends the work.
private struct PipelineEnd {
  private var first: (sequence: Int, error: ConversionError?)?

  /// The error to be thrown; nil when the sink stopped.
  var error: ConversionError? { first?.error }

  mutating func meet(_ error: ConversionError?, at sequence: Int) {
    if let first {
      let (old, new) = (first.error?.cause == .cancelled, error?.cause == .cancelled)
      guard old == new ? sequence < first.sequence : old else { return }
    }
    first = (sequence, error)
  }
}

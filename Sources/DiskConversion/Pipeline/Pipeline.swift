import Dispatch
import StreamIO
import Synchronization

/// Carries every extent from a source to a sink, on several threads, in order where order matters.
///
/// Each thread has one slot and takes an extent all the way in it:
///
///     take (in turn) → load → prepare (at once) → place (in turn) → store (at once)
///
/// Extent *k* is carried by thread *k mod N*. The turn to take goes around the threads in a ring, and the turn to
/// place follows it in another, so the order of the disk is kept without sorting, queues or locks. The bytes stay in
/// the cache of the core that read them until they are written. Memory is bounded by construction: N buffers.
///
/// The first error in disk order is the one thrown. A thread that fails still passes its turns on, so the others
/// come to their end; extents behind the failed one are not placed.
final class Pipeline: Sendable {
  private let source: any ExtentSource
  private let sink: any ExtentSink
  private let control: ConversionControl
  private let slots: [Slot]
  /// Set when nothing more is to be taken.
  private let isOver = Atomic<Bool>(false)
  /// The place in the order of the first extent that failed so far.
  private let firstFailed = Atomic<Int>(.max)
  private let failure = Failure()

  private init(
    from source: any ExtentSource, into sink: any ExtentSink, shape: PipelineShape, control: ConversionControl
  ) {
    self.source = source
    self.sink = sink
    self.control = control
    slots = (0..<shape.threadCount).map { Slot(byteCount: shape.bufferByteCount, thread: $0) }
  }

  /// Carries everything; returns when the last extent is stored and no thread is left.
  static func run(
    from source: any ExtentSource, into sink: any ExtentSink, shape: PipelineShape, control: ConversionControl
  ) throws(ConversionError) {
    let pipeline = Pipeline(from: source, into: sink, shape: shape, control: control)
    let running = DispatchGroup()
    for thread in 1..<max(1, pipeline.slots.count) {
      // A serial queue has a thread of its own, which may block; a concurrent one has only as many as there are cores.
      DispatchQueue(label: "prlconv.pipeline.\(thread)").async(group: running) { pipeline.carry(on: thread) }
    }
    pipeline.slots[0].mayTake.signal()
    pipeline.slots[0].mayPlace.signal()
    pipeline.carry(on: 0)
    running.wait()
    if let error = pipeline.failure.error { throw error }
  }

  /// One thread's part: every N-th extent.
  private func carry(on thread: Int) {
    let slot = slots[thread]
    let next = slots[(thread + 1) % slots.count]
    var sequence = thread
    while true {
      slot.mayTake.wait()
      let taken = take(sequence, into: slot)
      next.mayTake.signal()
      guard taken else { return }

      attempt(sequence) { () throws(ConversionError) in
        try source.load(slot)
        try sink.prepare(slot)
      }
      slot.mayPlace.wait()
      attempt(sequence) { () throws(ConversionError) in try sink.place(slot) }
      next.mayPlace.signal()
      attempt(sequence) { () throws(ConversionError) in
        try sink.store(slot)
        control.advance(by: slot.extent.byteCount)
      }
      sequence += slots.count
    }
  }

  /// Takes the next extent; false when there is none, or when it is not wanted any more.
  private func take(_ sequence: Int, into slot: Slot) -> Bool {
    guard !isOver.load(ordering: .acquiring) else { return false }
    var taken = false
    attempt(sequence) { () throws(ConversionError) in
      guard !control.isEnding else { throw ConversionError("conversion", .cancelled) }
      taken = try source.take(into: slot)
    }
    if !taken { isOver.store(true, ordering: .releasing) }
    return taken
  }

  /// Does a step for an extent, unless it or one before it failed.
  private func attempt(_ sequence: Int, _ step: () throws(ConversionError) -> Void) {
    guard firstFailed.load(ordering: .acquiring) > sequence else { return }
    do throws(ConversionError) {
      try step()
    } catch {
      failure.record(error, at: sequence)
      firstFailed.min(sequence, ordering: .acquiringAndReleasing)
      isOver.store(true, ordering: .releasing)
      // A thread may be waiting for bytes that nobody wants any more.
      control.interrupt.raise()
    }
  }
}

/// How many threads a pipeline has, and how large the buffer of each is.
struct PipelineShape: Equatable, Sendable {
  var threadCount: Int
  var bufferByteCount: Int

  /// Twice the threads, for extents that take very different time: while some wait for their turn to place, others keep
  /// the cores busy.
  ///
  /// One thread stays one.
  var forUnevenWork: PipelineShape {
    PipelineShape(threadCount: threadCount == 1 ? 1 : 2 * threadCount, bufferByteCount: bufferByteCount)
  }
}

/// The error to be thrown: that of the first extent in order which has one.
///
/// "Cancelled" comes last: threads also give up with it because another one failed.
private final class Failure: @unchecked Sendable {  // SAFETY: `first` is touched on `queue` only.
  private let queue = DispatchQueue(label: "prlconv.failure")
  private var first: (sequence: Int, error: ConversionError)?

  var error: ConversionError? { queue.sync { first?.error } }

  func record(_ error: ConversionError, at sequence: Int) {
    queue.sync {
      if let first {
        let (old, new) = (first.error.cause == .cancelled, error.cause == .cancelled)
        guard old == new ? sequence < first.sequence : old else { return }
      }
      first = (sequence, error)
    }
  }
}

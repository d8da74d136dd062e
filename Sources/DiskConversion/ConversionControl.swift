import Dispatch
import StreamIO
import Synchronization

/// The handle on a conversion that runs: how far it is, what it has to say, and the way to stop it.
///
/// All of it may be used from any thread.
public final class ConversionControl: Sendable {
  /// Something to tell the user while the conversion goes on.
  public enum Event: Equatable, Sendable {
    /// Which plan was taken, and why.
    case plan(String)
    /// Something about `path` that is not right, but does no harm to the copy.
    case warning(path: String, String)
    /// Something of the disk that is lost: `--salvage` goes on without it.
    case loss(path: String, String)
    /// The output at `path`, which was there before, is part old, part new now: the work ended early.
    case mixedOutput(path: String)
  }

  /// Ends waits when the conversion is over before its time.
  let interrupt: Interrupt
  private let report: @Sendable (Event) -> Void
  private let lossCount = Atomic<Int>(0)
  private let done = Atomic<UInt64>(0)
  /// 0 stands for unknown.
  private let total = Atomic<UInt64>(0)
  private let followsInput = Atomic<Bool>(false)
  private let readCount = Atomic<UInt64>(0)
  private let writtenCount = Atomic<UInt64>(0)
  private let output = OutputHandle()

  /// A handle for one conversion; `report` is called from any thread.
  ///
  /// - Throws: `io` when the process has no file descriptors left.
  public init(report: @escaping @Sendable (Event) -> Void = { _ in }) throws(ConversionError) {
    interrupt = try converting { () throws(FileError) in try Interrupt() }
    self.report = report
  }

  /// Stops the conversion soon: it throws `cancelled` and leaves no output.
  public func cancel() { interrupt.raise() }

  /// Removes the unfinished output now, or tells that it is part old, part new, for a process that is about to end
  /// without waiting for the conversion.
  public func discardOutput() {
    output.discard()
    tellOfMixture()
  }

  /// Bytes of work done so far: of the disk, or of the compressed input when the size of the disk is not known.
  public var doneByteCount: UInt64 { done.load(ordering: .relaxed) }
  /// Bytes of work in all, in the same measure; nil when nobody can know.
  public var totalByteCount: UInt64? {
    let total = total.load(ordering: .relaxed)
    return total == 0 ? nil : total
  }
  /// Bytes read from the input.
  public var readByteCount: UInt64 { readCount.load(ordering: .relaxed) }
  /// Bytes written to the output.
  public var writtenByteCount: UInt64 { writtenCount.load(ordering: .relaxed) }

  /// Whether the conversion is to end before its time: it was cancelled, or some thread of it failed.
  var isEnding: Bool { interrupt.raised }
  var lossesReported: Int { lossCount.load(ordering: .relaxed) }

  /// From now on the work is measured by the bytes of the disk, of which there will be so many.
  func expect(_ byteCount: UInt64) {
    total.store(byteCount, ordering: .relaxed)
    followsInput.store(false, ordering: .relaxed)
  }
  func advance(by byteCount: UInt64) {
    guard !followsInput.load(ordering: .relaxed) else { return }
    done.wrappingAdd(byteCount, ordering: .relaxed)
  }
  /// From now on the work is measured by the bytes of the input that were taken.
  func follow(inputByteCount: UInt64) {
    expect(inputByteCount)
    followsInput.store(true, ordering: .relaxed)
  }
  func reach(inputPosition: UInt64) {
    if followsInput.load(ordering: .relaxed) { done.store(inputPosition, ordering: .relaxed) }
    readCount.store(inputPosition, ordering: .relaxed)
  }
  func countRead(_ byteCount: Int) { readCount.wrappingAdd(UInt64(byteCount), ordering: .relaxed) }
  func countWritten(_ byteCount: UInt64) { writtenCount.wrappingAdd(byteCount, ordering: .relaxed) }
  func own(_ file: OutputFile) { output.set(file) }
  /// From now on the output at `path`, which was there before, is part old, part new; with nil it is whole again.
  func mix(_ path: String?) { output.setMixed(path) }
  /// Tells of an output that is part old, part new; once.
  func tellOfMixture() {
    if let path = output.takeMixed() { tell(.mixedOutput(path: path)) }
  }

  func tell(_ event: Event) {
    if case .loss = event { lossCount.wrappingAdd(1, ordering: .relaxed) }
    report(event)
  }
}

/// The output of the conversion, once there is one.
private final class OutputHandle: @unchecked Sendable {  // SAFETY: all is touched on `queue` only.
  private let queue = DispatchQueue(label: "prlconv.output")
  private weak var file: OutputFile?
  private var mixedPath: String?

  func set(_ file: OutputFile) { queue.sync { self.file = file } }
  func discard() { queue.sync { file?.discard() } }
  func setMixed(_ path: String?) { queue.sync { mixedPath = path } }
  func takeMixed() -> String? {
    queue.sync {
      defer { mixedPath = nil }
      return mixedPath
    }
  }
}

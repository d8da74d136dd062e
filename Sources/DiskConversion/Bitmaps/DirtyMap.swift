import ParallelsFormat
import StreamIO

/// Which parts of a disk one of its dirty bitmaps marks.
public enum DirtyMap {
  /// A run of the disk that is marked, or that is not.
  public struct Run: Equatable, Sendable {
    /// Where it begins on the disk, in bytes.
    public var guestOffset: UInt64
    /// Its length, in bytes.
    public var byteCount: UInt64
    /// Whether it is marked as changed.
    public var isDirty: Bool
  }

  /// Calls `body` with the runs of the whole disk, in disk order, each as long as can be.
  ///
  /// `name` is the bitmap's UUID or how it begins, when that is enough. A stale bitmap is told with a warning.
  ///
  /// - Throws: `noSuchBitmap`; `untrustedBitmap` when what is there is damaged; what opening and
  ///   reading an image can bring, all as ``ConversionError``. Or what `body` throws.
  public static func forEachRun(
    of input: Endpoint, bitmap name: String, control: ConversionControl, _ body: (Run) throws -> Void
  ) throws {
    let image = try InspectedImage(input, interrupt: control.interrupt)
    let bitmap = try image.bitmap(named: name)
    if let mistrust = image.bitmapMistrust {
      control.tell(.warning(path: image.file.name, "the bitmap is stale: \(mistrust)"))
    }
    var runs = DirtyRuns(of: bitmap, in: image.file, header: image.header)
    var end: UInt64 = 0
    while let run = try runs.next() {
      if run.lowerBound > end { try body(Run(guestOffset: end, byteCount: run.lowerBound - end, isDirty: false)) }
      try body(Run(guestOffset: run.lowerBound, byteCount: run.upperBound - run.lowerBound, isDirty: true))
      end = run.upperBound
    }
    let disk = image.header.virtualByteCount
    if end < disk { try body(Run(guestOffset: end, byteCount: disk - end, isDirty: false)) }
  }
}

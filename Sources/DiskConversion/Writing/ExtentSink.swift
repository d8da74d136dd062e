/// A destination for the extents of a disk.
protocol ExtentSink: AnyObject, Sendable {
  /// Whether the extent must be loaded; some sinks need only its position. Called from any thread.
  func needsBytes(of slot: Slot) -> Bool

  /// Does the work that depends only on the extent, such as zero scan or compression. Called from any thread.
  func prepare(_ slot: Slot) throws(ConversionError)

  /// Decides where the extent goes. Called in turn, by one thread at a time, in the order of `take`.
  ///
  /// Streams are written here.
  func place(_ slot: Slot) throws(ConversionError) -> Placement

  /// Writes the extent to where `place` decided. Called from any thread.
  func store(_ slot: Slot) throws(ConversionError)
}

/// What a pipeline does after placing an extent.
enum Placement {
  /// Goes on with the next extent.
  case next
  /// Stops: the sink has found what it needs, so this extent is not stored and later ones are not placed.
  ///
  /// Earlier ones may still be in `store`, where a check for cancellation ends them without an error, so only a sink
  /// that stores nothing may stop.
  case stop
}

extension ExtentSink {
  func needsBytes(of slot: Slot) -> Bool { true }
  func prepare(_ slot: Slot) throws(ConversionError) {}
  func store(_ slot: Slot) throws(ConversionError) {}
}

/// Where the extents of a disk go.
protocol ExtentSink: AnyObject, Sendable {
  /// Whether the extent has to be loaded: a sink may do with knowing where its bytes lie. Called from any thread.
  func needsBytes(of slot: Slot) -> Bool

  /// Does what needs nothing but the extent: scans for zeros, compresses. Called from any thread.
  func prepare(_ slot: Slot) throws(ConversionError)

  /// Decides where the extent goes. Called in turn, by one thread at a time, in the order of `take`.
  ///
  /// What goes to a stream is written here.
  func place(_ slot: Slot) throws(ConversionError) -> Placement

  /// Writes the extent where `place` decided. Called from any thread.
  func store(_ slot: Slot) throws(ConversionError)
}

/// How a pipeline goes on after an extent was placed.
enum Placement {
  /// With the next extent.
  case next
  /// Not at all: the sink has what it was looking for, and wants neither this extent stored nor any after it.
  case stop
}

extension ExtentSink {
  func needsBytes(of slot: Slot) -> Bool { true }
  func prepare(_ slot: Slot) throws(ConversionError) {}
  func store(_ slot: Slot) throws(ConversionError) {}
}

/// Where the extents of a disk come from.
protocol ExtentSource: AnyObject, Sendable {
  /// Says what comes next, false at the end. Called in turn, by one thread at a time.
  ///
  /// What comes by a stream is read here; what lies in a file is only looked up, and read by `load`.
  func take(into slot: Slot) throws(ConversionError) -> Bool

  /// Reads the bytes of the extent. Called from any thread.
  func load(_ slot: Slot) throws(ConversionError)
}

/// Where the extents of a disk go.
protocol ExtentSink: AnyObject, Sendable {
  /// Does what needs nothing but the extent: scans for zeros, compresses. Called from any thread.
  func prepare(_ slot: Slot) throws(ConversionError)

  /// Decides where the extent goes. Called in turn, by one thread at a time, in the order of `take`.
  ///
  /// What goes to a stream is written here.
  func place(_ slot: Slot) throws(ConversionError)

  /// Writes the extent where `place` said. Called from any thread.
  func store(_ slot: Slot) throws(ConversionError)
}

extension ExtentSource {
  func load(_ slot: Slot) throws(ConversionError) {}
}

extension ExtentSink {
  func prepare(_ slot: Slot) throws(ConversionError) {}
  func store(_ slot: Slot) throws(ConversionError) {}
}

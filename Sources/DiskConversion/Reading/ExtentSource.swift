/// A source of the extents of a disk.
protocol ExtentSource: AnyObject, Sendable {
  /// Length in bytes of a raw stream that has ended; nil before that, and for all other sources.
  var foundByteCount: UInt64? { get }

  /// Whether `locate` finds all bytes of an extent, so that they need not be loaded.
  var locatesAll: Bool { get }

  /// Stores the next extent in `slot`; returns false at the end. Called in turn, by one thread at a time.
  ///
  /// Streams are read here.
  func take(into slot: Slot) throws(ConversionError) -> Bool

  /// Finds the positions of the extent's bytes. Called from any thread.
  func locate(_ slot: Slot) throws(ConversionError)

  /// Reads the bytes of the extent into the buffer, unless the sink does not need them. Called from any thread.
  func load(_ slot: Slot) throws(ConversionError)
}

extension ExtentSource {
  var foundByteCount: UInt64? { nil }
  var locatesAll: Bool { false }
  func locate(_ slot: Slot) throws(ConversionError) {}
  func load(_ slot: Slot) throws(ConversionError) {}
}

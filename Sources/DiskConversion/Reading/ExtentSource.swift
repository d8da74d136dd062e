/// Where the extents of a disk come from.
protocol ExtentSource: AnyObject, Sendable {
  /// Size of a disk that only the end of its stream shows, in bytes; nil before that, and when it was known before.
  var foundByteCount: UInt64? { get }

  /// Makes `slot` have the next extent; false at the end. Called in turn, by one thread at a time.
  ///
  /// What comes through a stream is read here.
  func take(into slot: Slot) throws(ConversionError) -> Bool

  /// Finds out where the bytes of the extent lie. Called from any thread.
  func locate(_ slot: Slot) throws(ConversionError)

  /// Reads the bytes of the extent into the buffer. Called from any thread, unless the sink does without them.
  func load(_ slot: Slot) throws(ConversionError)
}

extension ExtentSource {
  var foundByteCount: UInt64? { nil }
  func locate(_ slot: Slot) throws(ConversionError) {}
  func load(_ slot: Slot) throws(ConversionError) {}
}

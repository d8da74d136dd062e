/// What libFuzzer calls with every input; returns −1 for one that is not worth keeping.
///
/// The first byte says what the others are: a gzip stream, or a plan to make one by.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeBufferPointer(start: bytes, count: count)
  guard let first = input.first else { return -1 }
  let rest = Array(input.dropFirst())
  let isPlan = first & 1 == 1
  let stream = isPlan ? PlannedStream(plan: rest) : PlannedStream(bytes: rest)
  let promises = GzipPromises(stream, smallPiece: Int(first >> 2) + 1)
  promises.checkDecoding()
  if first & 2 == 2 { promises.checkComparison() }
  return 0
}

/// What libFuzzer calls with every input; returns −1 for one that is not worth keeping.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let image = FuzzedImage(UnsafeBufferPointer(start: bytes, count: count)) else { return -1 }
  FormatPromises(image)?.check()
  CommandPromises(image)?.check()
  return 0
}

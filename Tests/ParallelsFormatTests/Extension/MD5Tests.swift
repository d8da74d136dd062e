import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The digest that seals the format extension")
struct MD5Tests {
  /// The test suite of RFC 1321, section A.5.
  @Test(
    "The digests of the standard",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"),
      ("a", "0cc175b9c0f1b6a831c399e269772661"),
      ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
      ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
      ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"),
      (String(repeating: "1234567890", count: 8), "57edf4a22be3c955ac49da2e2107b67a"),
    ])
  func standard(text: String, digest: String) {
    #expect(hex(of: Array(text.utf8)) == digest)
  }

  @Test("Bytes in any pieces have the digest of the whole", arguments: 0..<140)
  func pieces(byteCount: Int) {
    var random = SeededRandom("md5", byteCount)
    let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    var digest = MD5()
    var start = 0
    while start < byteCount {
      let end = min(byteCount, start + Int.random(in: 0...70, using: &random))
      digest.update(Array(bytes[start..<end]).span.bytes)
      start = end
    }
    var whole = MD5()
    whole.update(bytes.span.bytes)
    #expect(digest.finish() == whole.finish())
  }

  private func hex(of bytes: [UInt8]) -> String {
    var digest = MD5()
    digest.update(bytes.span.bytes)
    return digest.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

import ParallelsBundle
import Testing

@Suite("A GUID")
struct BundleIDTests {
  @Test(
    "It is read in any case, with or without braces",
    arguments: ["{5FBAABE3-6958-40ff-92a7-860e329aab41}", "5fbaabe3-6958-40FF-92a7-860e329aab41"])
  func read(text: String) { #expect(BundleID(text) == .current) }

  @Test(
    "Anything else is not one",
    arguments: [
      "", "{}", "5fbaabe3", "5fbaabe3695840ff92a7860e329aab41", "5fbaabe3-6958-40ff-92a7-860e329aab4g",
      "{5fbaabe3-6958-40ff-92a7-860e329aab41", "５fbaabe3-6958-40ff-92a7-860e329aab41",
    ])
  func refused(text: String) { #expect(BundleID(text) == nil) }
}

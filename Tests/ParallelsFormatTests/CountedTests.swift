import Testing

@testable import ParallelsFormat

@Suite("Numbers with their nouns")
struct CountedTests {
  @Test("One is singular, anything else plural", arguments: [(0, "0 clusters"), (1, "1 cluster"), (2, "2 clusters")])
  func regular(count: Int, text: String) {
    #expect(counted(count, "cluster") == text)
  }

  @Test("An irregular plural is given", arguments: [(0, "0 entries"), (1, "1 entry"), (2, "2 entries")])
  func irregular(count: UInt64, text: String) {
    #expect(counted(count, "entry", plural: "entries") == text)
  }
}

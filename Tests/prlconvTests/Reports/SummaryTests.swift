import DiskConversion
import Testing

@testable import prlconv

@Suite("The summary of a conversion")
struct SummaryTests {
  @Test(
    "A conversion of less than 0.1 s shows its time in milliseconds, and no rate",
    arguments: [(0, "1 ms"), (0.0004, "1 ms"), (0.0416, "42 ms"), (0.099, "99 ms")])
  func short(seconds: Double, expected: String) {
    #expect(ConversionSummary.pace(byteCount: 512 << 20, seconds: seconds) == expected)
  }

  @Test(
    "A longer conversion shows its rate and its time",
    arguments: [(0.1, "5 GiB/s, 0.1 s"), (0.25, "2 GiB/s, 0.25 s"), (64, "8 MiB/s, 64 s")])
  func long(seconds: Double, expected: String) {
    #expect(ConversionSummary.pace(byteCount: 512 << 20, seconds: seconds) == expected)
  }
}

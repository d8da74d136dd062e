/// One of the loops that the speed of a conversion comes down to, timed by itself.
struct Kernel {
  var name: String
  /// Bytes of the disk, or of the table, that one call works through.
  var byteCount: Int
  /// Works through them once; the result keeps the compiler from leaving the work out.
  var body: () -> Int

  /// Median, least and most of `runCount` timings, in nanoseconds a KiB.
  func measure(runCount: Int = 21) -> (median: Double, least: Double, most: Double) {
    let clock = ContinuousClock()
    var sink = 0
    // As many calls a timing as make it long against the clock's own cost.
    let once = clock.measure { sink &+= body() }
    let calls = max(1, Int(.milliseconds(5) / max(once, .nanoseconds(100))))
    var timings: [Double] = []
    for _ in 0..<runCount {
      let duration = clock.measure { for _ in 0..<calls { sink &+= body() } }
      let nanoseconds = Double(duration.components.attoseconds) / 1e9 + Double(duration.components.seconds) * 1e9
      timings.append(nanoseconds / Double(calls) / (Double(byteCount) / 1024))
    }
    timings.sort()
    withExtendedLifetime(sink) {}
    return (timings[timings.count / 2], timings[0], timings[timings.count - 1])
  }
}

import DiskConversion

/// How a conversion ended, for programs.
struct Stats {
  /// The names of the ends.
  struct Names {
    let input: String
    let output: String
  }

  private let summary: ConversionSummary?
  let seconds: Double?
  /// Nil until the conversion has ended.
  private let status: CInt?
  private let message: String?

  /// The conversion was completed, perhaps with losses.
  init(_ summary: ConversionSummary, seconds: Double) {
    (self.summary, self.seconds, message) = (summary, seconds, nil)
    status = summary.lossCount > 0 ? ExitStatus.convertedWithLosses : 0
  }

  init(endedBy ended: EndedBySignal) {
    self.init(status: 128 + ended.number, message: "ended by signal \(ended.number)")
  }

  /// Nil if `error` is not about a failure.
  init?(failure error: any Error) {
    if let ended = error as? EndedBySignal {
      self.init(endedBy: ended)
    } else if let failure = Failure(error) {
      self.init(status: failure.status, message: failure.text)
    } else {
      return nil
    }
  }

  /// How the object begins.
  static let start = "{\"virtual-size\":"
  static let unfinished = Stats(status: nil, message: "not finished")

  private init(status: CInt?, message: String) {
    (summary, seconds) = (nil, nil)
    (self.status, self.message) = (status, message)
  }

  /// One object; sizes are bytes, and null if the conversion was not completed.
  func json(of names: Names) -> String {
    let disk = summary?.disk
    let allocated = (disk?.allocatedClusterCount).map { UInt64($0) }
    return JSONText.object([
      "virtual-size": JSONText.number(disk?.virtualByteCount), "output-size": JSONText.number(summary?.outputByteCount),
      "bytes-read": JSONText.number(summary?.readByteCount),
      "bytes-written": JSONText.number(summary?.writtenByteCount),
      "bytes-shared": JSONText.number(summary?.sharedByteCount),
      "bytes-spliced": JSONText.number(summary?.splicedByteCount),
      "cluster-size": JSONText.number(disk?.clusterByteCount), "clusters": JSONText.number(disk?.clusterCount),
      "allocated": JSONText.number(allocated),
      "zero": JSONText.number(disk.map { $0.clusterCount - min($0.clusterCount, allocated ?? 0) }),
      "losses": JSONText.number(summary?.lossCount), "seconds": JSONText.seconds(seconds),
      "status": JSONText.number(status), "message": JSONText.string(orNull: message),
      "input": JSONText.string(names.input), "output": JSONText.string(names.output),
    ])
  }
}

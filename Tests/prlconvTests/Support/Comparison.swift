import Foundation
import TestSupport
import Testing

/// How two disks reach `prlconv compare`: at most one of them by stdin.
enum ComparisonEnds: String, CaseIterable {
  case files, firstByPipe, secondByPipe, firstRedirected, secondRedirected

  static let pipes: [Self] = [.firstByPipe, .secondByPipe]

  func script(_ options: String, _ first: String, _ second: String) -> String {
    let tool = #""$PRLCONV" compare \#(options)"#
    return switch self {
    case .files: "\(tool) \(first) \(second)"
    case .firstByPipe: "cat \(first) | \(tool) - \(second)"
    case .secondByPipe: "cat \(second) | \(tool) \(first) -"
    case .firstRedirected: "\(tool) - \(second) < \(first)"
    case .secondRedirected: "\(tool) \(first) - < \(second)"
    }
  }
}

/// What `prlconv compare --output json` said.
struct ComparisonReport: Equatable {
  var isIdentical: Bool?
  var firstDifference: Int?
  var firstSize: Int?
  var secondSize: Int?

  /// Reads the one object that was printed, which has every key.
  init(_ outcome: Outcome) throws {
    let object = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput)) as? [String: Any]
    let report = try #require(object, "\(outcome)")
    #expect(Set(report.keys) == ["identical", "first-difference", "size-a", "size-b"])
    isIdentical = report["identical"] as? Bool
    firstDifference = report["first-difference"] as? Int
    firstSize = report["size-a"] as? Int
    secondSize = report["size-b"] as? Int
    for (key, value) in [("first-difference", firstDifference), ("size-a", firstSize), ("size-b", secondSize)] {
      #expect(value != nil || report[key] is NSNull, "\(key): \(outcome.printed)")
    }
  }
}

extension TemporaryFolder {
  /// Compares two files of this folder.
  func compare(
    _ first: String, _ second: String, _ options: String = "", over ends: ComparisonEnds = .files
  ) throws -> Outcome {
    // A difference that is found early leaves `cat` without a reader, which is not what the test asks about.
    try Shell.run("set +o pipefail; " + ends.script(options, first, second), in: self)
  }

  /// Records a failure unless the two are the same, in words and in JSON.
  func expectSame(
    _ first: String, _ second: String, _ options: String = "", over ends: ComparisonEnds = .files,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try compare(first, second, "\(options) --output json", over: ends)
    expectSilentSuccess(outcome, "\(ends)", at: location)
    let report = try ComparisonReport(outcome)
    #expect(report.isIdentical == true && report.firstDifference == nil, "\(ends)", sourceLocation: location)
    #expect(report.firstSize != nil && report.firstSize == report.secondSize, "\(ends)", sourceLocation: location)
  }

  /// Records a failure unless the two differ first at this byte.
  func expectDifference(
    at place: Int, _ first: String, _ second: String, _ options: String = "", over ends: ComparisonEnds = .files,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try compare(first, second, "\(options) --output json", over: ends)
    #expect(
      outcome.ending == .status(1) && outcome.standardError.isEmpty, "\(ends) \(outcome)", sourceLocation: location)
    let report = try ComparisonReport(outcome)
    #expect(report.isIdentical == false, "\(ends)", sourceLocation: location)
    #expect(report.firstDifference == place, "\(ends)", sourceLocation: location)
  }
}

/// Disks to be compared.
enum ComparedDisk {
  static let byteCount = 5 << 19

  /// Data, stored zeros, a hole, random bytes, a hole, and data at the end.
  static let mixed: SparseDisk = {
    var generator = SeededRandom("disk to be compared")
    var disk = SparseDisk(byteCount: byteCount)
    disk.put(Filling.cluster(1, byteCount: 700_000), at: 0)
    disk.putZeros(700_000..<1_000_000)
    disk.put(Filling.random(200_000, using: &generator), at: 1_900_000)
    disk.put(Filling.cluster(2, byteCount: 512), at: byteCount - 512)
    return disk
  }()

  /// The same with another byte at `place`.
  static func mixed(changedAt place: Int) -> SparseDisk {
    var disk = mixed
    disk.put([~disk.bytes[place]], at: place)
    return disk
  }

  /// Both ends, borders of sectors, of clusters and of what is read at once, holes and stored zeros.
  static let places = [
    0, 511, 512, 63 * 512, 65535, 699_999, 700_000, 999_999, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 1_899_999,
    (2 << 20) - 1, 2 << 20, byteCount - 513, byteCount - 1,
  ]
}

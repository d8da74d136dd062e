import Foundation
import TestSupport
import Testing

/// A report for programs, as Foundation reads it.
struct JSONReport {
  let outcome: Outcome
  let object: [String: Any]

  init(_ outcome: Outcome) throws {
    self.outcome = outcome
    let json = try JSONSerialization.jsonObject(with: Data(outcome.standardOutput))
    object = try #require(json as? [String: Any], "\(outcome.printed)")
  }

  /// A number; a key that is missing or null has none.
  func number(_ key: String) -> Int? { object[key] as? Int }

  /// The object inside the object.
  func inner(_ key: String) throws -> [String: Any] {
    try #require(object[key] as? [String: Any], "\(key): \(outcome.printed)")
  }

  /// The objects of a list.
  func list(_ key: String) throws -> [[String: Any]] {
    try #require(object[key] as? [[String: Any]], "\(key): \(outcome.printed)")
  }

  /// What `check` found, by its word.
  func kinds() throws -> [String] { try list("problems").compactMap { $0["kind"] as? String } }
}

extension TemporaryFolder {
  /// Runs a command that reports on a file of this folder.
  func report(_ command: String, _ options: String = "", of file: String = "image.hds") throws -> Outcome {
    try Shell.run(#""$PRLCONV" \#(command) \#(options) \#(file)"#, in: self)
  }

  /// The report in JSON, which has to be an object.
  func json(_ command: String, of file: String = "image.hds") throws -> JSONReport {
    try JSONReport(report(command, "--output json", of: file))
  }

  /// The report of qemu-img in JSON, whatever it ends with.
  func qemuJSON(_ command: String, of file: String = "image.hds") throws -> JSONReport {
    try JSONReport(Shell.run("qemu-img \(command) -f parallels --output json \(file) 2> messages", in: self))
  }
}

extension Tools {
  /// Whether Thread Sanitizer is built in, which takes a multiple of time and memory.
  static let isSanitized = dlsym(dlopen(nil, RTLD_NOW), "__tsan_init") != nil
}

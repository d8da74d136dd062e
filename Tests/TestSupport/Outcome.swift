/// How a command ended, and what it printed.
public struct Outcome: Equatable, Sendable {
  /// How a command ended.
  public enum Ending: Equatable, Sendable {
    /// With this exit status.
    case status(Int32)
    /// By this signal.
    case signal(Int32)
    /// It was killed, because it took too long.
    case outOfTime
  }

  /// How the command ended.
  public var ending: Ending
  /// All that it wrote to its standard output.
  public var standardOutput: [UInt8]
  /// All that it wrote to its standard error.
  public var standardError: String

  /// Whether the command ended with status 0.
  public var isSuccess: Bool { ending == .status(0) }

  /// Standard output as text.
  public var printed: String { String(decoding: standardOutput, as: UTF8.self) }

  /// The lines on standard error.
  public var messages: [String] { standardError.split(separator: "\n").map(String.init) }
}

extension Outcome: CustomStringConvertible {
  /// How it ended and what was on standard error; of standard output, the length.
  public var description: String {
    "\(ending), stdout: \(standardOutput.count) bytes, stderr: \(standardError.prefix(2000))"
  }
}

/// Something that keeps a test from being run at all.
public struct TestSupportError: Error, CustomStringConvertible {
  /// What happened.
  public var description: String

  /// An error that says `description`.
  public init(_ description: String) { self.description = description }
}

import Foundation

/// Scripts and tools of the machine.
public enum Shell {
  /// Runs a script to its end; it fails when any command of a pipe fails.
  ///
  /// The built tool is `"$PRLCONV"`, the current directory is `folder`.
  @discardableResult
  public static func run(
    _ script: String, in folder: TemporaryFolder, environment: [String: String] = [:], atMost seconds: Double = 120
  ) throws -> Outcome {
    try start(script, in: folder, environment: environment).wait(atMost: seconds)
  }

  /// Starts a script.
  public static func start(
    _ script: String, in folder: TemporaryFolder, environment: [String: String] = [:],
    input: RunningCommand.Input = .nothing
  ) throws -> RunningCommand {
    try RunningCommand(
      ["/bin/bash", "-o", "pipefail", "-c", script], in: folder, environment: environment, input: input)
  }

  /// Runs a script that prepares a test, and throws when it fails.
  @discardableResult
  public static func prepare(_ script: String, in folder: TemporaryFolder) throws -> Outcome {
    let outcome = try run(script, in: folder)
    guard outcome.isSuccess else { throw TestSupportError("\(script): \(outcome)") }
    return outcome
  }

  /// Whether a tool of this name can be run.
  public static func isInstalled(_ tool: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH", default: ""] + ":/usr/sbin:/sbin"
    return path.split(separator: ":").contains { access("\($0)/\(tool)", X_OK) == 0 }
  }

  /// Whether a script ends well: for what takes more than being installed.
  public static func works(_ script: String) -> Bool {
    (try? run(script, in: TemporaryFolder()))?.isSuccess ?? false
  }
}

/// The tool that the tests run.
public enum BuiltTool {
  /// Its path: in the folder that the tests were built into.
  public static let path: String = {
    let starts = [CommandLine.arguments[0], Bundle.main.bundlePath] + Bundle.allBundles.map(\.bundlePath)
    for start in starts {
      var folder = URL(fileURLWithPath: start)
      // A bundle may be a folder of some depth itself.
      for _ in 0..<5 {
        let tool = folder.appendingPathComponent("prlconv").path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: tool, isDirectory: &isFolder), !isFolder.boolValue { return tool }
        folder.deleteLastPathComponent()
      }
    }
    preconditionFailure("there is no prlconv beside \(starts)")
  }()
}

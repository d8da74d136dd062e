import Foundation

/// A command that was started, in a process group of its own, with what it prints going to files.
///
/// Nothing that a test starts can hang the suite: whoever waits sets a limit, and the whole group is killed at it.
public final class RunningCommand {
  /// What the command finds on its standard input.
  public enum Input: Sendable {
    /// The end of the file at once.
    case nothing
    /// A pipe that is fed by `feed` and ends with `endInput`.
    case pipe
  }

  private static let signalsThatEnd = [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1, SIGUSR2, SIGQUIT]

  private let processID: pid_t
  private let printed: CaptureFile
  private let complaints: CaptureFile
  private var inputEnd: CInt?
  private var ending: Outcome.Ending?

  /// Starts `arguments`, the first of which is an absolute path, with `folder` as its current directory.
  ///
  /// The command sees where the built tool is as `PRLCONV`, and the folder as `TMPDIR`, so that a temporary file
  /// that is left behind lies beside the others.
  public init(
    _ arguments: [String], in folder: TemporaryFolder, environment: [String: String] = [:], input: Input = .nothing
  ) throws {
    printed = try CaptureFile()
    complaints = try CaptureFile()
    let inputs = try Self.inputDescriptors(input)
    inputEnd = inputs.ours
    defer { close(inputs.theirs) }
    let actions = SpawnActions()
    try actions.prepare(
      descriptors: [inputs.theirs, printed.descriptor, complaints.descriptor],
      defaultSignals: Self.signalsThatEnd)
    let variables = Self.environment(folder, environment)
    processID = try actions.spawn(
      arguments, in: folder.path, environment: variables.map { "\($0.key)=\($0.value)" })
  }

  deinit {
    endInput()
    if ending == nil { _ = wait(atMost: 0) }
  }

  /// Gives the command more to read; an error when it does not read any more.
  public func feed(_ bytes: [UInt8]) throws {
    guard let inputEnd else { throw TestSupportError("the input has ended") }
    try Descriptor.write(bytes, to: inputEnd)
  }

  /// Whether the command has read all that it was fed.
  public var hasReadItsInput: Bool {
    guard let inputEnd else { return true }
    var waiting: CInt = 0
    return ioctl(inputEnd, UInt(FIONREAD), &waiting) == 0 && waiting == 0
  }

  /// Lets the command see the end of its input.
  public func endInput() {
    guard let inputEnd else { return }
    close(inputEnd)
    self.inputEnd = nil
  }

  /// Sends a signal to the command alone, not to its children.
  public func send(_ signal: CInt) { kill(processID, signal) }

  /// What the command has printed on its standard error up to now.
  public var standardErrorSoFar: String { String(decoding: complaints.contents, as: UTF8.self) }

  /// What the command has printed on its standard output up to now.
  public var standardOutputSoFar: [UInt8] { printed.contents }

  /// Waits this many seconds for the command to end, then kills it and everything that it started.
  public func wait(atMost seconds: Double = 120) -> Outcome {
    let deadline = Date().addingTimeInterval(seconds)
    var pause: UInt32 = 100
    while ending == nil {
      if let ended = reap(options: WNOHANG) {
        ending = ended
      } else if Date() >= deadline {
        kill(-processID, SIGKILL)
        _ = reap(options: 0)
        ending = .outOfTime
      } else {
        usleep(pause)
        pause = min(pause * 2, 4000)
      }
    }
    return Outcome(
      ending: ending ?? .outOfTime, standardOutput: printed.contents,
      standardError: String(decoding: complaints.contents, as: UTF8.self))
  }

  private func reap(options: CInt) -> Outcome.Ending? {
    var status: CInt = 0
    guard waitpid(processID, &status, options) == processID else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
  }

  private static func inputDescriptors(_ input: Input) throws -> (theirs: CInt, ours: CInt?) {
    switch input {
    case .nothing:
      return (open("/dev/null", O_RDONLY | O_CLOEXEC), nil)
    case .pipe:
      signal(SIGPIPE, SIG_IGN)
      let ends = try Descriptor.pipe()
      return (ends.read, ends.write)
    }
  }

  private static func environment(_ folder: TemporaryFolder, _ changes: [String: String]) -> [String: String] {
    var variables = ProcessInfo.processInfo.environment
    for name in ["NO_COLOR", "TERM", "POSIXLY_CORRECT"] { variables[name] = nil }
    variables["LC_ALL"] = "C"
    // Thread Sanitizer makes every process sleep for a second at its end, unless an option says otherwise.
    variables["TSAN_OPTIONS", default: ""] += " atexit_sleep_ms=0"
    variables["PATH", default: ""] += ":/usr/sbin:/sbin"
    variables["TMPDIR"] = folder.path
    variables["PRLCONV"] = BuiltTool.path
    return variables.merging(changes) { $1 }
  }
}

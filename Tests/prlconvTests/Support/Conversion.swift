import Testing
import TestSupport

/// The two commands that convert.
enum Direction: String, CaseIterable {
  case raw2prl, prl2raw
}

/// What the tool is given to read from and to write to.
enum Ends: String, CaseIterable {
  case fileToFile, fileToPipe, pipeToFile, pipeToPipe, redirected

  /// Those whose output the tool makes itself, under a name.
  static let toFile: [Ends] = [.fileToFile, .pipeToFile]
  static let toPipe: [Ends] = [.fileToPipe, .pipeToPipe]
  static let fromPipe: [Ends] = [.pipeToFile, .pipeToPipe]

  var readsPipe: Bool { Self.fromPipe.contains(self) }
  var makesFile: Bool { Self.toFile.contains(self) }

  /// The script that converts `input` to `output`, two names in the current directory.
  func script(_ direction: Direction, _ options: String, from input: String, to output: String) -> String {
    let tool = #""$PRLCONV" \#(direction.rawValue) \#(options)"#
    return switch self {
    case .fileToFile: "\(tool) \(input) \(output)"
    case .fileToPipe: "\(tool) \(input) - | cat > \(output)"
    case .pipeToFile: "cat \(input) | \(tool) - \(output)"
    case .pipeToPipe: "cat \(input) | \(tool) | cat > \(output)"
    case .redirected: "\(tool) < \(input) > \(output)"
    }
  }
}

extension TemporaryFolder {
  /// Runs the tool on files of this folder.
  func convert(
    _ direction: Direction, _ options: String = "", from input: String, to output: String,
    over ends: Ends = .fileToFile
  ) throws -> Outcome {
    try Shell.run(ends.script(direction, options, from: input, to: output), in: self)
  }

  /// What a stream of this disk needs in addition: one without any bytes is refused unless its size is given.
  func sizeOption(for disk: String) throws -> String { try byteCount(of: disk) == 0 ? " --size 0" : "" }

  /// The first difference between two files of this folder.
  func difference(_ first: String, _ second: String, except exceptions: Range<Int> = 0..<0) throws -> FileDifference? {
    try FileDifference.between(self(first), self(second), except: exceptions)
  }

  /// Makes a file of a disk.
  func write(_ disk: SparseDisk, to name: String) throws { try disk.write(to: self(name)) }

  /// The temporary files that the tool left behind.
  var leftovers: [String] { names.filter { $0.hasPrefix(".prlconv") } }
}

/// Records a failure unless a conversion did what it was asked to, without a word.
func expectSilentSuccess(_ outcome: Outcome, _ comment: Comment = "", at location: SourceLocation = #_sourceLocation) {
  #expect(
    outcome.ending == .status(0) && outcome.standardError.isEmpty, "\(comment) \(outcome)", sourceLocation: location)
}

/// Records a failure unless the command ended with `status` and an error in the form that all of them have.
func expectError(
  _ outcome: Outcome, status: Int32 = 1, saying parts: [String] = [], _ comment: Comment = "",
  at location: SourceLocation = #_sourceLocation
) {
  #expect(outcome.ending == .status(status), "\(comment) \(outcome)", sourceLocation: location)
  let line = outcome.messages.first { $0.hasPrefix("prlconv: error: ") }
  #expect(line != nil, "no error line: \(comment) \(outcome)", sourceLocation: location)
  for part in parts {
    #expect(line?.contains(part) == true, "'\(part)' is not said: \(comment) \(outcome)", sourceLocation: location)
  }
}

/// Tools that some tests compare with.
enum Tools {
  static let qemuImg = Shell.isInstalled("qemu-img")
  static let qemuIO = Shell.isInstalled("qemu-io")
  static let ext4 = Shell.isInstalled("mke2fs") && Shell.isInstalled("e2fsck")
  static let gzip = Shell.isInstalled("gzip")
  static let script = Shell.isInstalled("script") && Shell.works("script -qec true /dev/null")
  static let strace = Shell.works("strace -f -qq -o /dev/null -e trace=dup -e inject=dup:error=EIO:when=1 true")
  static let smallFileSystem = Shell.works(
    "mkdir m && unshare -m sh -c 'mount -t tmpfs -o size=64k none m && touch m/x'")
}

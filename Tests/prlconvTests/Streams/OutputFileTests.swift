import Foundation
import TestSupport
import Testing

@Suite("What becomes of the file that is written, and of the one that is read")
struct OutputFileTests {
  let folder = TemporaryFolder()

  /// Room is asked for ahead of the writes, which may pass the limit without harm.
  @Test(
    "A limit on the size of files is an error like any other", arguments: Direction.allCases,
    [Ends.fileToFile, .redirected])
  func fileSizeLimit(direction: Direction, ends: Ends) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 5), to: "in")
    case .prl2raw: try folder.write(HandMadeImage(clusterByteCount: 1 << 20, places: [3, 2, 1, 0]).file, to: "in")
    }
    let script = ends.script(direction, "", from: "in", to: "out")
    expectSilentSuccess(try Shell.run("ulimit -f 10000; \(script)", in: folder))
    try Shell.prepare("mv out whole", in: folder)
    expectError(try Shell.run("ulimit -f 2000; \(script)", in: folder), saying: ["File too large"])
    #expect(folder.names.filter { $0 != "out" } == ["in", "whole"])
    #expect(try !folder.contains("out") || folder.byteCount(of: "out") == 0)
  }

  /// A warning would be in the midst of the disk.
  @Test("Messages must not go where the data goes", arguments: Direction.allCases, ["> out 2>&1", "2>&1 | cat > out"])
  func mixedStreams(direction: Direction, redirection: String) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 2), to: "in")
    case .prl2raw: try folder.write(HandMadeImage(places: [1, 0]).file, to: "in")
    }
    let outcome = try Shell.run(#""$PRLCONV" \#(direction.rawValue) in \#(redirection)"#, in: folder)
    #expect(outcome.ending == .status(1))
    let text = try String(decoding: folder.bytes(of: "out"), as: UTF8.self)
    #expect(text.hasPrefix("prlconv: error: 'stdout': is also stderr"), "\(text.prefix(200))")
    expectSilentSuccess(
      try Shell.run(#""$PRLCONV" \#(direction.rawValue) in > /dev/null 2>&1"#, in: folder))
  }

  /// What a network file system reports only at a close.
  ///
  /// With one thread, the tool reads no limits of processor time,
  /// which are in as many files as the control group is deep.
  @Test(
    "An error when a redirected file is closed is an error",
    .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"), arguments: Direction.allCases)
  func failedClose(direction: Direction) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 2), to: "in")
    case .prl2raw: try folder.write(HandMadeImage(places: [1, 0]).file, to: "in")
    }
    let outcome = try Shell.run(
      #"for FAULT_AT in 1 2 3 4 5 6; do export FAULT_AT; "$PRLCONV" \#(direction.rawValue) -T1 in > out; echo $? $(wc -c < out); done"#,
      in: folder,
      environment: FaultShim.environment(.error(EDQUOT), of: "close").merging(["FAULT_LOG": "/dev/null"]) { $1 })
    // The input's close is of no importance.
    #expect(outcome.printed.split(separator: "\n").contains("1 0"), "\(outcome)")
    #expect(outcome.standardError.contains("'stdout': close: "), "\(outcome)")
  }

  @Test(
    "A folder that cannot synchronize is not an error",
    .enabled(if: Tools.strace, "needs strace that may inject errors"), arguments: ["EINVAL", "EOPNOTSUPP"])
  func noFolderSync(code: String) throws {
    try folder.write(SparseDisk(numberedMegabytes: 2), to: "in")
    try Shell.prepare("mkdir folder", in: folder)
    expectSilentSuccess(
      try Shell.run(
        #"strace -f -qq -o /dev/null -P "$PWD/folder" -e trace=fsync -e inject=fsync:error=\#(code) "$PRLCONV" raw2prl --sync in "$PWD/folder/out""#,
        in: folder))
    #expect(try Shell.run("ls -A folder", in: folder).printed == "out\n")
  }

  /// `in` is something that the command converts.
  private func makeInput(for direction: Direction) throws {
    switch direction {
    case .raw2prl: try folder.write(SparseDisk(numberedMegabytes: 2), to: "in")
    case .prl2raw: try folder.write(HandMadeImage(places: [1, 0]).file, to: "in")
    }
  }

  @Test("An existing output is refused and left alone", arguments: Direction.allCases, Ends.toFile)
  func existing(direction: Direction, ends: Ends) throws {
    try makeInput(for: direction)
    try folder.write([1, 2, 3], to: "out")
    let inode = try folder.inode(of: "out")
    let outcome = try folder.convert(direction, from: "in", to: "out", over: ends)
    expectError(outcome, saying: ["'out'", "exists"])
    #expect(outcome.standardError.contains("hint: --force"), "\(outcome)")
    #expect(try folder.bytes(of: "out") == [1, 2, 3] && folder.inode(of: "out") == inode)
    #expect(folder.names == ["in", "out"])
  }

  @Test("--force replaces an existing output", arguments: Direction.allCases, ["-f", "--force"])
  func forced(direction: Direction, option: String) throws {
    try makeInput(for: direction)
    expectSilentSuccess(try folder.convert(direction, from: "in", to: "expected"))
    try folder.write(Filling.cluster(9, byteCount: 5 << 20), to: "out")
    expectSilentSuccess(try folder.convert(direction, option, from: "in", to: "out"))
    #expect(try folder.difference("expected", "out") == nil)
    #expect(folder.names == ["expected", "in", "out"])
  }

  @Test("--force keeps the old output when the new one fails")
  func forcedFailure() throws {
    var image = DamagedImage.sound()
    image.contents.resize(to: 3000)
    try folder.write(image.file, to: "in")
    try folder.write([1, 2, 3], to: "out")
    expectError(try folder.convert(.prl2raw, "-f", from: "in", to: "out", over: .pipeToFile))
    #expect(try folder.bytes(of: "out") == [1, 2, 3])
    #expect(folder.names == ["in", "out"])
  }

  @Test("--force keeps the permissions of the output")
  func forcedPermissions() throws {
    try makeInput(for: .raw2prl)
    try Shell.prepare("touch out; chmod 640 out", in: folder)
    expectSilentSuccess(try folder.convert(.raw2prl, "-f", from: "in", to: "out"))
    #expect(try Shell.run("ls -l out", in: folder).printed.hasPrefix("-rw-r-----"))
  }

  @Test("--force writes through a symbolic link")
  func forcedLink() throws {
    try makeInput(for: .raw2prl)
    try Shell.prepare("mkdir there; touch there/target; ln -s there/target out", in: folder)
    expectSilentSuccess(try folder.convert(.raw2prl, "-f", from: "in", to: "out"))
    #expect(try Shell.run("test -L out && test -s there/target && ls -A there", in: folder).printed == "target\n")
  }

  @Test("A new output has the permissions that the user wants", arguments: Direction.allCases)
  func permissions(direction: Direction) throws {
    try makeInput(for: direction)
    let outcome = try Shell.run(#"umask 027; "$PRLCONV" \#(direction.rawValue) in out && ls -l out"#, in: folder)
    #expect(outcome.printed.hasPrefix("-rw-r-----"), "\(outcome.printed)")
  }

  @Test("One file as both ends is refused", arguments: Direction.allCases, ["in", "./in", "link", "hard", "link2"])
  func sameFile(direction: Direction, name: String) throws {
    try makeInput(for: direction)
    try Shell.prepare("ln -s in link; ln in hard; ln -s link link2; cp in before", in: folder)
    for options in ["", "-f"] {
      expectError(try folder.convert(direction, options, from: "in", to: name), saying: ["'in'", "input and output"])
    }
    #expect(try folder.difference("in", "before") == nil)
    #expect(folder.leftovers.isEmpty)
  }

  @Test(
    "One redirected file as both ends is refused", arguments: Direction.allCases,
    ["-f - in < in", "- in < in", "-f < in 1<> in", "-f in 1<> in"])
  func sameRedirectedFile(direction: Direction, arguments: String) throws {
    try makeInput(for: direction)
    try Shell.prepare("cp in before", in: folder)
    let script = #""$PRLCONV" \#(direction.rawValue) \#(arguments)"#
    expectError(try Shell.run(script, in: folder))
    #expect(try folder.difference("in", "before") == nil)
  }

  @Test("The error names an input that does not exist", arguments: Direction.allCases)
  func missingInput(direction: Direction) throws {
    let outcome = try folder.convert(direction, from: "nothing.img", to: "out")
    expectError(outcome, saying: ["'nothing.img'", "No such file"])
    #expect(folder.names == [])
  }

  @Test("A folder is refused as input", arguments: Direction.allCases)
  func folderInput(direction: Direction) throws {
    try Shell.prepare("mkdir disk.hdd", in: folder)
    expectError(try folder.convert(direction, from: "disk.hdd", to: "out"), saying: ["'disk.hdd'", "directory"])
    expectError(try Shell.run(#""$PRLCONV" \#(direction.rawValue) - out < disk.hdd"#, in: folder))
    #expect(folder.names == ["disk.hdd"])
  }

  @Test("A folder is refused as output", arguments: ["", "-f"])
  func folderOutput(options: String) throws {
    try makeInput(for: .raw2prl)
    try Shell.prepare("mkdir there", in: folder)
    expectError(try folder.convert(.raw2prl, options, from: "in", to: "there"), saying: ["'there'"])
    expectError(try folder.convert(.raw2prl, options, from: "in", to: "nowhere/out"), saying: ["'nowhere/out'"])
    #expect(folder.names == ["in", "there"])
  }

  @Test("The input is left as it was", arguments: Ends.allCases, Direction.allCases)
  func unchangedInput(ends: Ends, direction: Direction) throws {
    try makeInput(for: direction)
    try Shell.prepare("cp -a in before; chmod 400 in", in: folder)
    let inode = try folder.inode(of: "in")
    expectSilentSuccess(try folder.convert(direction, from: "in", to: "out", over: ends))
    #expect(try folder.difference("in", "before") == nil && folder.inode(of: "in") == inode)
    #expect(try Shell.run("test ! in -nt before", in: folder).isSuccess)
  }

  @Test("Nothing but the output is left", arguments: Ends.allCases, Direction.allCases)
  func leftovers(ends: Ends, direction: Direction) throws {
    try makeInput(for: direction)
    expectSilentSuccess(try folder.convert(direction, "--sync", from: "in", to: "out", over: ends))
    #expect(folder.names == ["in", "out"])
  }
}

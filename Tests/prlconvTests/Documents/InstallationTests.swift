import TestSupport
import Testing

extension Tools {
  static let install = Shell.isInstalled("make") && Shell.isInstalled("install") && Shell.isInstalled("strip")
}

extension TemporaryFolder {
  /// Runs `make install` or `make uninstall` with this folder as its root.
  func make(_ target: String) throws -> Outcome {
    // Options of the `make` that runs the tests are not meant for this one.
    try Shell.run(
      #"unset MAKEFLAGS MFLAGS; make -s -C '\#(Project.folder)' \#(target) PREFIX=/usr DESTDIR="$PWD" BINARY="$PRLCONV""#,
      in: self)
  }

  /// The paths of all files in this folder and those below, in order.
  func files() throws -> [String] {
    try Shell.prepare("find . ! -type d | LC_ALL=C sort", in: self).printed.split(separator: "\n").map(String.init)
  }
}

@Suite(
  "What make install puts where, and make uninstall takes away",
  .enabled(if: Tools.install, "needs make, install and strip"))
struct InstallationTests {
  let root = TemporaryFolder()

  private let commands = ["check", "compare", "info", "map", "measure", "prl2prl", "prl2raw", "raw2prl"]

  @Test("Each file is in its place")
  func places() throws {
    expectSilentSuccess(try root.make("install"))
    let pages = ["prlconv"] + commands.map { "prlconv-\($0)" }
    let expected =
      [
        "bin/prlconv", "share/bash-completion/completions/prlconv", "share/fish/vendor_completions.d/prlconv.fish",
        "share/zsh/site-functions/_prlconv",
      ] + pages.map { "share/man/man1/\($0).1" }
    #expect(try root.files() == expected.map { "./usr/\($0)" }.sorted())
  }

  @Test("Everybody can read the files")
  func readable() throws {
    expectSilentSuccess(try root.make("install"))
    #expect(try Shell.run("find . ! -type d ! -perm -444", in: root).printed.isEmpty)
    #expect(try Shell.run("find . ! -type d -perm /133 ! -name prlconv", in: root).printed.isEmpty)
  }

  @Test("The installed tool runs")
  func runs() throws {
    expectSilentSuccess(try root.make("install"))
    expectSilentSuccess(try Shell.run("usr/bin/prlconv --version", in: root))
  }

  @Test("Nothing is left after make uninstall")
  func uninstall() throws {
    expectSilentSuccess(try root.make("install"))
    expectSilentSuccess(try root.make("uninstall"))
    #expect(try root.files().isEmpty)
  }

  @Test("Other files survive make uninstall")
  func otherFiles() throws {
    expectSilentSuccess(try root.make("install"))
    try Shell.prepare("touch usr/bin/prlconv2 usr/share/man/man1/other.1", in: root)
    expectSilentSuccess(try root.make("uninstall"))
    #expect(try root.files() == ["./usr/bin/prlconv2", "./usr/share/man/man1/other.1"])
  }

  @Test("make install builds nothing")
  func noBuild() throws {
    let outcome = try Shell.run(
      #"unset MAKEFLAGS MFLAGS; make -C '\#(Project.folder)' install DESTDIR="$PWD" BINARY=/nowhere/prlconv"#, in: root)
    #expect(outcome.ending == .status(2))
    #expect(outcome.messages.first == "There is no /nowhere/prlconv: run make first.")
    #expect(root.names.isEmpty)
  }

  /// The tests run a debug build, which may need later libraries than a release.
  private let anyLibraries = "OLDEST_GLIBC=99 OLDEST_GLIBCXX=99"

  @Test("A tool that needs a later glibc does not become a tarball")
  func laterLibrary() throws {
    let outcome = try Shell.run(
      #"OLDEST_GLIBC=2.0 '\#(Project.folder)/Packaging/package' tarball "$PRLCONV" 0.1 ."#, in: root)
    #expect(outcome.ending == .status(1))
    #expect(outcome.messages.first?.contains(#/needs GLIBC_2\.\d+, later than GLIBC_2\.0:$/#) == true, "\(outcome)")
    #expect(root.names.isEmpty)
  }

  @Test("The tarball holds what is installed", .enabled(if: Shell.isInstalled("gzip"), "needs gzip"))
  func tarball() throws {
    expectSilentSuccess(try root.make("install"))
    let folder = TemporaryFolder()
    let package = "\(anyLibraries) '\(Project.folder)/Packaging/package'"
    try Shell.prepare(#"\#(package) tarball "$PRLCONV" 0.1 . && tar -xzf *.tar.gz"#, in: folder)
    let installed = try root.files().map { String($0.dropFirst("./usr".count)) }
    let packed = try folder.files()
      .compactMap { $0.wholeMatch(of: #/\./prlconv-0\.1-[^/]+(/.*)/#).map { String($0.output.1) } }
    #expect(packed == (installed + ["/CHANGELOG.md", "/LICENSE", "/README.md"]).sorted())
  }
}

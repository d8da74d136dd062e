import TestSupport
import Testing

/// A shell, and a script that prints what it offers for the command line `$1`, with what is installed in `$ROOT`.
enum CompletingShell: String, CaseIterable {
  case bash, zsh, fish

  static var installed: [CompletingShell] { allCases.filter(\.works) }

  private var works: Bool {
    switch self {
    case .bash: Shell.works("test -e /usr/share/bash-completion/bash_completion")
    case .zsh: Shell.works("zsh -fc 'zmodload zsh/zpty'")
    case .fish: Shell.isInstalled("fish")
    }
  }

  var script: String {
    switch self {
    // What bash does at a tab, the loading by the command's name, too.
    case .bash:
      """
      source /usr/share/bash-completion/bash_completion
      _completion_loader prlconv
      COMP_LINE=$1 COMP_POINT=${#1}
      read -ra COMP_WORDS <<< "$1"
      [[ $1 != *' ' ]] || COMP_WORDS+=('')
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _prlconv prlconv "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    // Completion works in an interactive zsh only: one on a terminal of its own is sent a tab, once its editor reads.
    case .zsh:
      """
      zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell "fpath=($ROOT/usr/share/zsh/site-functions \\$fpath); autoload -Uz compinit && compinit -D"
      zpty -w shell "bindkey '^I' list-choices; stty cols 200; PS1="
      zpty -w shell "zle-line-init() { print re''ady }; zle -N zle-line-init"
      zpty -r shell text '*ready*'
      zpty -w -n shell "$1"$'\\t'
      zpty -w -n shell $'\\x15print e\\'\\'nd\\n'
      zpty -r shell text $'*end\\r\\n*'
      print -r -- "${text#*ready}"
      zpty -d shell
      """
    case .fish:
      "complete -C $argv[1]"
    }
  }

  var command: String {
    switch self {
    case .bash: "bash script"
    case .zsh: "TERM=xterm zsh -f script"
    case .fish: "HOME=$PWD fish script"
    }
  }
}

/// What a shell offers at a tab, once the completions are installed.
@Suite(.enabled(if: Tools.install, "needs make, install and strip")) struct CompletionTests {
  let root = TemporaryFolder()
  let folder = TemporaryFolder()

  private let names = ["backup.hdd", "copy.raw", "disk.hds", "disk.img", "disk.raw.gz", "notes.txt", "below"]

  /// A command line, and which of `names`, or which words, are offered for it.
  private let expectations: [(line: String, offered: [String])] = [
    ("prlconv ", ["raw2prl", "prl2raw", "info", "check", "map", "compare", "measure"]),
    ("prlconv raw2prl ", ["copy.raw", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv raw2prl disk.img ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv raw2prl disk.img -o ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv prl2raw ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv prl2raw d", ["disk.hds"]),
    ("prlconv prl2raw disk.hds ", ["copy.raw", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv info ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv check ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv map ", ["backup.hdd", "disk.hds", "below"]),
    ("prlconv measure ", ["copy.raw", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv compare ", ["backup.hdd", "copy.raw", "disk.hds", "disk.img", "disk.raw.gz", "below"]),
    ("prlconv raw2prl --layout ", ["ext", "legacy"]),
    ("prlconv info --output ", ["human", "json"]),
  ]

  @Test(arguments: CompletingShell.installed)
  func filesOfTheRightKindAreOffered(shell: CompletingShell) throws {
    expectSilentSuccess(try root.make("install"))
    try Shell.prepare("mkdir below && touch \(names.filter { $0 != "below" }.joined(separator: " "))", in: folder)
    try folder.write(Array(shell.script.utf8), to: "script")
    for (line, offered) in Exhaustive.cases(expectations, brief: 5) {
      let outcome = try Shell.run(
        #"PATH="$ROOT/usr/bin:$PATH" \#(shell.command) '\#(line)'"#, in: folder,
        environment: ["ROOT": root.path, "XDG_DATA_DIRS": "\(root.path)/usr/share"], atMost: 60)
      #expect(outcome.isSuccess, "\(line): \(outcome)")
      for word in offered { #expect(outcome.printed.contains(word), "\(line): \(outcome.printed)") }
      for name in names where !offered.contains(name) && !line.contains(name) {
        #expect(!outcome.printed.contains(name), "\(line): \(outcome.printed)")
      }
    }
  }
}

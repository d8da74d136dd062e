import TestSupport

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
    // What bash does at a tab, including loading by the command's name.
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

import TestSupport

/// A run of a conversion in which one call, or each of a kind, met a fault.
struct FaultRun: CustomStringConvertible {
  /// The line that the script printed.
  var description: String
  var kind: String
  var status: String
  /// Lines on stderr that are errors in the usual form.
  var errorCount: Int
  /// Lines on stderr that are nothing that the tool is meant to say.
  var oddLineCount: Int
  /// What `out` is: same, beginning (of what was expected), other, empty, old or absent.
  var output: String
  var faultCount: Int
  /// All names in the folder.
  var names: [String]

  /// How many calls of each kind meet a fault.
  static let callLimit = Exhaustive.isOn ? 20 : 2

  /// A loop in which each of the first calls of these kinds meets a fault, one in each run.
  static func firstCalls(_ kinds: [String]) -> String {
    """
    for kind in \(kinds.joined(separator: " ")); do
      for ((number = 1; number <= \(callLimit) && number <= ${count[$kind]:-0}; number++)); do attempt $kind $number; done
    done
    """
  }

  private init?(_ line: Substring) {
    let fields = line.split(separator: " ").map(String.init)
    guard fields.count >= 7, let errors = Int(fields[3]), let odd = Int(fields[4]), let faults = Int(fields[6]) else {
      return nil
    }
    description = String(line)
    (kind, status, output) = (fields[0], fields[2], fields[5])
    (errorCount, oddLineCount, faultCount) = (errors, odd, faults)
    names = Array(fields[7...])
  }

  /// Runs a conversion once without a fault, and then as `loop` says, by calls of `attempt KIND NUMBER`.
  ///
  /// `${count[KIND]}` is how many calls of a kind there are. The last line says whether the input is unchanged.
  static func runs(
    of conversion: FaultyConversion, in folder: TemporaryFolder, environment: [String: String], _ loop: String
  ) throws -> [FaultRun] {
    try conversion.makeInput(in: folder)
    try Shell.prepare("mkdir work; cp in before; mv in work/in; echo old > old; touch log", in: folder)
    let outcome = try Shell.run(prelude(conversion) + loop, in: folder, environment: environment, atMost: 300)
    let runs = outcome.printed.split(separator: "\n").compactMap(FaultRun.init)
    guard outcome.isSuccess, !runs.isEmpty else { throw TestSupportError("\(outcome) \(outcome.printed)") }
    guard try folder.difference("work/in", "before") == nil else { throw TestSupportError("the input was changed") }
    return runs
  }

  private static func prelude(_ conversion: FaultyConversion) -> String {
    #"""
    cd work || exit
    export TMPDIR=$PWD FAULT_CALL FAULT_AT FAULT_ERROR FAULT_SEED
    shopt -s dotglob nullglob
    prepare() {
      rm -f out .prlconv*
      \#(conversion.replaces ? "cp ../old out" : ":")
      : > ../log
    }
    compare() {
      [ -e out ] || { echo absent; return; }
      [ -s out ] || { echo empty; return; }
      said=$(cmp ../expected out 2>&1) && { echo same; return; }
      case $said in *'EOF on out'*) echo beginning; return ;; esac
      cmp -s ../old out && echo old || echo other
    }
    attempt() {
      FAULT_CALL=$1 FAULT_AT=$2
      prepare
      { \#(conversion.script); } 2> ../messages
      status=$? errors=0 odd=0 faults=0
      while IFS= read -r line; do
        case $line in
          'prlconv: error: '?*': '?*) errors=$((errors + 1)) ;;
          'prlconv: hint: '* | 'prlconv: lost: '* | 'prlconv: warning: '*) ;;
          *) odd=$((odd + 1)) ;;
        esac
      done < ../messages
      while read -r call _; do
        faults=$((faults + 1))
        [ "$call" != closed-twice ] || odd=$((odd + 1))
      done < ../log
      compare > ../verdict
      read -r verdict < ../verdict
      echo "$1 $2 $status $errors $odd $verdict $faults" *
    }
    declare -A count
    injected=$FAULT_ERROR FAULT_CALL=all FAULT_AT=0 FAULT_ERROR=-1
    prepare
    { \#(conversion.script); } 2> ../messages
    cp out ../expected || { cat ../messages; exit 1; }
    while read -r call _; do count[$call]=$((${count[$call]} + 1)); done < ../log
    FAULT_ERROR=$injected

    """#
  }
}

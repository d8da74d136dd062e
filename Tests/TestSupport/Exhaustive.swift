import Foundation

/// What `make test-exhaustive` runs and `make test` does not: more cases of the same tests, and tests that take long.
///
/// `Tests/exhaustive` lists every test that uses this type.
public enum Exhaustive {
  /// Whether everything runs, which `PRLCONV_EXHAUSTIVE=1` in the environment requests.
  public static let isOn = ProcessInfo.processInfo.environment["PRLCONV_EXHAUSTIVE"] == "1"

  /// All cases, or those that represent them.
  public static func cases<Case>(_ all: some Sequence<Case>, brief: [Case]) -> [Case] { isOn ? Array(all) : brief }

  /// All cases, or `count` of them: the first, the last, and some between.
  public static func cases<Case>(_ all: some Sequence<Case>, brief count: Int = 2) -> [Case] {
    let cases = Array(all)
    guard !isOn, cases.count > count else { return cases }
    guard count > 1 else { return Array(cases.prefix(1)) }
    return (0..<count).map { cases[$0 * (cases.count - 1) / (count - 1)] }
  }
}

import Foundation
import TestSupport

/// A cgroup that allows only so many processes and threads; making one takes root.
struct ProcessLimit {
  static let isPossible = (try? with(2) { Shell.works($0.entering("true")) }) == true

  private let name = "prlconv-test-\(UUID().uuidString)"
  private let limit: Int

  /// Runs `body` with a new cgroup, and removes it.
  static func with<Result>(_ limit: Int, _ body: (ProcessLimit) throws -> Result) throws -> Result {
    let group = ProcessLimit(limit: limit)
    defer { for root in roots { rmdir("\(root)/\(group.name)") } }
    return try body(group)
  }

  /// Where version 1 and version 2 of cgroups have it.
  private static let roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"]

  /// A script that runs a command within the limit, in the place of the shell.
  func entering(_ command: String) -> String {
    """
    for root in \(Self.roots.joined(separator: " ")); do test -f $root/cgroup.procs && break; done
    mkdir $root/\(name) && echo \(limit) > $root/\(name)/pids.max && echo $$ > $root/\(name)/cgroup.procs && exec \(command)
    """
  }
}

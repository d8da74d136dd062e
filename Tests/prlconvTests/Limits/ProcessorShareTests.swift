import Testing

@testable import prlconv

@Suite("The default number of threads is that of the processors that the process may use")
struct ProcessorShareTests {
  /// A made-up `/proc` and `/sys`.
  private func limit(_ files: [String: String]) -> Int? { ControlGroup.processorLimit { files[$0] } }

  @Test(
    "Version 2 of control groups",
    arguments: [("max 100000", nil), ("150000 100000", 2), ("100000 100000", 1), ("1000 100000", 1), ("x", nil)])
  func versionTwo(text: String, expected: Int?) {
    #expect(limit(["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": text + "\n"]) == expected)
  }

  @Test("A limit of a group that the process is in by way of another")
  func outer() {
    let files = [
      "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/cpu.max": "400000 100000\n",
      "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
    ]
    #expect(limit(files) == 4)
  }

  @Test("Version 1 of control groups", arguments: [("-1", nil), ("250000", 3)])
  func versionOne(quota: String, expected: Int?) {
    let folder = "/sys/fs/cgroup/cpu,cpuacct/docker/1"
    let files = [
      "/proc/self/cgroup": "4:memory:/x\n3:cpu,cpuacct:/docker/1\n", "\(folder)/cpu.cfs_quota_us": "\(quota)\n",
      "\(folder)/cpu.cfs_period_us": "100000\n",
    ]
    #expect(limit(files) == expected)
  }

  @Test("No control groups")
  func none() { #expect(limit([:]) == nil) }

  @Test("At least one thread, and at most 16")
  func bounds() { #expect(1...16 ~= ProcessorShare.threadCount) }
}

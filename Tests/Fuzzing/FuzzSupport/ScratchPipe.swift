import Dispatch
import Glibc

/// Bytes that go through a pipe, by a thread at its other end.
public enum ScratchPipe {
  private static let queue = DispatchQueue(label: "fuzz.pipe", attributes: .concurrent)

  /// Runs `body` with the path of a pipe that these bytes come from; they need not be read.
  public static func feeding<Value>(_ bytes: [UInt8], _ body: (String) -> Value) -> Value {
    // A reader may stop before the end.
    signal(SIGPIPE, SIG_IGN)
    let (readEnd, writeEnd) = ends()
    let running = DispatchGroup()
    queue.async(group: running) {
      writeAll(bytes, to: writeEnd)
      close(writeEnd)
    }
    let value = body("/proc/self/fd/\(readEnd)")
    close(readEnd)
    running.wait()
    return value
  }

  /// Runs `body` with the path of a pipe; also returns what was written to it.
  public static func capturing<Value>(_ body: (String) -> Value) -> (Value, bytes: [UInt8]) {
    let (readEnd, writeEnd) = ends()
    let running = DispatchGroup()
    let captured = Captured()
    queue.async(group: running) {
      captured.bytes = readAll(from: readEnd)
      close(readEnd)
    }
    let value = body("/proc/self/fd/\(writeEnd)")
    close(writeEnd)
    running.wait()
    return (value, captured.bytes)
  }

  private static func ends() -> (readEnd: CInt, writeEnd: CInt) {
    var ends: [CInt] = [-1, -1]
    promise(pipe(&ends) == 0, "a pipe can be made")
    return (ends[0], ends[1])
  }
}

/// What came out of a pipe.
private final class Captured: @unchecked Sendable {  // SAFETY: one thread writes, the other reads when it has ended.
  var bytes: [UInt8] = []
}

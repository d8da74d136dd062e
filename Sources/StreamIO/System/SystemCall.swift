#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Makes a system call again as long as a signal interrupts it; nil stands for a failure, with its `errno` in `code`.
///
/// The one place where EINTR is met, but for `close`, which must not be made again.
func retryingOnInterrupt<Result: BinaryInteger>(_ call: () -> Result) -> SystemCallResult<Result> {
  while true {
    let result = call()
    guard result == -1 else { return .success(result) }
    let code = errno
    guard code == EINTR else { return .failure(code) }
  }
}

/// What a system call returned, or its `errno`.
enum SystemCallResult<Value> {
  case success(Value)
  case failure(CInt)

  /// The value, or the failure as an error.
  func get(or error: (CInt) -> FileError) throws(FileError) -> Value {
    switch self {
    case .success(let value): return value
    case .failure(let code): throw error(code)
    }
  }
}

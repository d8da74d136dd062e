/// Makes a system call again as long as a signal interrupts it; -1 stands for a failure.
///
/// This is the one place where EINTR is handled, except for `close`, which must not be called again.
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

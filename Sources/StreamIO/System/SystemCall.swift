/// Repeats a system call while signals interrupt it; -1 means that it failed.
///
/// EINTR is handled only here, except for `close`, which must not be repeated.
func retryingOnInterrupt<Result: BinaryInteger>(_ call: () -> Result) -> SystemCallResult<Result> {
  while true {
    let result = call()
    guard result == -1 else { return .success(result) }
    let code = errno
    guard code == EINTR else { return .failure(code) }
  }
}

/// The result of a system call, or its `errno`.
enum SystemCallResult<Value> {
  case success(Value)
  case failure(CInt)

  /// The value; throws `error(errno)` if the call failed.
  func get(or error: (CInt) -> FileError) throws(FileError) -> Value {
    switch self {
    case .success(let value): return value
    case .failure(let code): throw error(code)
    }
  }
}

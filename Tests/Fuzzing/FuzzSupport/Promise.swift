/// Ends the run when the program broke a promise: for libFuzzer, this input crashes.
public func promise(_ holds: Bool, _ what: @autoclosure () -> String) {
  guard !holds else { return }
  fatalError("broken promise: \(what())")
}

/// Runs what must not fail for this input.
public func promised<Value>(_ what: String, _ body: () throws -> Value) -> Value {
  do {
    return try body()
  } catch {
    fatalError("broken promise: \(what): \(error)")
  }
}

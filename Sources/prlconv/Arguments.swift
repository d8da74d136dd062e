/// What the user typed, as Swift hands it on.
enum Arguments {
  /// Makes sure that the parser will see what was typed.
  ///
  /// - Throws: ``UnreadableArguments``.
  static func check() throws(UnreadableArguments) {
    // Swift reads them from `/proc` on Linux, and goes on with nothing where that is not mounted. The parser would show
    // its help for nothing, and a script would think that its disk was converted.
    guard !CommandLine.arguments.isEmpty else { throw .unknown }
    // Bytes that are no UTF-8 are replaced, so the name would be that of another file.
    for number in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[number] else { return }
      guard String(validatingCString: argument) != nil else { throw .noText(number: number) }
    }
  }
}

/// Why nobody knows what the user typed.
enum UnreadableArguments: Error {
  /// There are none, not even the tool's own name.
  case unknown
  /// The one with this number has bytes that are no UTF-8.
  case noText(number: Int)
}

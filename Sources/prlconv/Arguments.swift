/// The command line as Swift passes it on.
enum Arguments {
  /// Checks that the parser will see exactly what the user typed.
  ///
  /// - Throws: ``UnreadableArguments``.
  static func check() throws(UnreadableArguments) {
    // On Linux, Swift reads the arguments from `/proc`, and returns none if that is not mounted. The parser would then
    // print its help and succeed, and a script would believe that its disk was converted.
    guard !CommandLine.arguments.isEmpty else { throw .unknown }
    // Swift replaces bytes that are not UTF-8, so the argument would name another file.
    for number in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[number] else { return }
      guard String(validatingCString: argument) != nil else { throw .noText(number: number) }
    }
  }
}

/// Why the command line is not what the user typed.
enum UnreadableArguments: Error {
  /// There are no arguments, not even the tool's own name.
  case unknown
  /// The argument with this number is not valid UTF-8.
  case noText(number: Int)
}

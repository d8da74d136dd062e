import StreamIO

enum StandardStreams {
  /// Puts something into the place of a standard stream that the parent has closed (`<&-`).
  ///
  /// Else the next file to be opened would get its number, and be taken for it: an input for stdin, or worse, the output
  /// for stderr. What stands there now can't be used in the stream's own direction, so using it is an error.
  static func occupyClosed() {
    for (descriptor, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is given, which is this one: those below are open by now.
      _ = open("/dev/null", flags)
    }
  }
}

import StreamIO

enum StandardStreams {
  /// Opens a placeholder for each standard stream that the parent closed (`<&-`).
  ///
  /// Otherwise the next file opened would get the stream's number: the output could become stderr and receive messages.
  /// The placeholder is opened in the wrong direction, so any use of the stream is an error.
  static func occupyClosed() {
    for (descriptor, flags) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) == -1 {
      // `open` returns the lowest free number, which is this one: the lower ones are already open.
      _ = open("/dev/null", flags)
    }
  }
}

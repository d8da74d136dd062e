import StreamIO

/// Ends the process by this signal, so that the shell sees which one it was.
struct EndedBySignal: Error {
  var number: CInt

  /// Raises the signal with its default action.
  func raise() -> Never {
    signal(number, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    // Unlike `kill`, this returns only after the signal was delivered.
    pthread_kill(pthread_self(), number)
    // For process 1 of a container, the default action is to do nothing.
    _exit(128 + number)
  }
}

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
    kill(getpid(), number)
    // The signal may be delivered to another thread, so wait here for the end.
    while true { pause() }
  }
}

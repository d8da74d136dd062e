import StreamIO

/// The process is to end by this signal, so that the shell sees which.
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
    // The signal may reach another thread first; this one waits for the end.
    while true { pause() }
  }
}

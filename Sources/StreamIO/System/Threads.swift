/// Starts a thread that belongs to nobody: it runs `body` and ends by itself.
///
/// Returns false if the system has no more threads or no memory for one. For work that must neither wait for a thread of
/// Dispatch nor hold one.
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  var attributes = pthread_attr_t()
  guard pthread_attr_init(&attributes) == 0 else { return false }
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
  // Enough for short work; the default of 8 MiB counts in full against a limit on address space.
  pthread_attr_setstacksize(&attributes, 512 << 10)
  let box = Unmanaged.passRetained(ThreadBody(body))
  var thread = newThread
  let code = pthread_create(&thread, &attributes, { runThread($0) }, box.toOpaque())
  if code != 0 { box.release() }
  return code == 0
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument else { return nil }
  Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
  return nil
}

/// Whether the process may open about `count` more descriptors.
///
/// Dispatch traps if it gets none for its own use. New descriptors get the lowest free number, so one shows how many are
/// free, unless the parent left gaps.
package func hasSpareDescriptors(_ count: Int) -> Bool {
  let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
  guard copy >= 0 else { return false }
  _ = closeDescriptor(copy)
  return Int(copy) + count <= sysconf(CInt(_SC_OPEN_MAX))
}

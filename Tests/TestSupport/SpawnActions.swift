import Foundation

#if canImport(Darwin)
  private typealias FileActions = posix_spawn_file_actions_t?
  private typealias Attributes = posix_spawnattr_t?
#else
  private typealias FileActions = posix_spawn_file_actions_t
  private typealias Attributes = posix_spawnattr_t
#endif

/// What is done between fork and exec.
final class SpawnActions {
  #if canImport(Darwin)
    private var files: FileActions = nil
    private var attributes: Attributes = nil
  #else
    private var files = FileActions()
    private var attributes = Attributes()
  #endif

  init() {
    posix_spawn_file_actions_init(&files)
    posix_spawnattr_init(&attributes)
  }

  deinit {
    posix_spawn_file_actions_destroy(&files)
    posix_spawnattr_destroy(&attributes)
  }

  /// The three standard descriptors, a new process group, and signals as a shell leaves them.
  func prepare(descriptors: [CInt], defaultSignals: [CInt]) throws {
    var code: CInt = 0
    for (number, descriptor) in descriptors.enumerated() where code == 0 {
      code = posix_spawn_file_actions_adddup2(&files, descriptor, CInt(number))
    }
    var signals = sigset_t()
    sigemptyset(&signals)
    if code == 0 { code = posix_spawnattr_setsigmask(&attributes, &signals) }
    for signal in defaultSignals { sigaddset(&signals, signal) }
    if code == 0 { code = posix_spawnattr_setsigdefault(&attributes, &signals) }
    if code == 0 { code = posix_spawnattr_setpgroup(&attributes, 0) }
    let flags = Int(POSIX_SPAWN_SETPGROUP) | Int(POSIX_SPAWN_SETSIGDEF) | Int(POSIX_SPAWN_SETSIGMASK)
    if code == 0 { code = posix_spawnattr_setflags(&attributes, Int16(flags)) }
    guard code == 0 else { throw TestSupportError("posix_spawn can't be prepared: errno \(code)") }
  }

  /// Starts `arguments` in `folder`, and returns the process.
  func spawn(_ arguments: [String], in folder: String, environment: [String]) throws -> pid_t {
    // The call that changes the directory is not to be had everywhere; a shell that gives way to the command is.
    let all = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, folder] + arguments
    let argumentPointers = all.map { strdup($0) }
    let environmentPointers = environment.map { strdup($0) }
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var processID: pid_t = 0
    let code = posix_spawn(
      &processID, all[0], &files, &attributes, argumentPointers + [nil], environmentPointers + [nil])
    guard code == 0 else { throw TestSupportError("\(all[0]): errno \(code)") }
    return processID
  }
}

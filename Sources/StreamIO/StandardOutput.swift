#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What there is to know of descriptor 1 besides its file.
package enum StandardOutput {
  /// Brings to light what a close would: errors of earlier writes that a network file system or a quota tells only then.
  ///
  /// Others may have the descriptor, too, so it stays open; each close of a copy tells.
  package static func checkClose(name: String) throws(IOError) {
    let copy = dup(1)
    guard copy >= 0 else { return }
    let code = OpenFile.closeDescriptor(copy)
    guard code == 0 else { throw IOError(.close, name, code: code) }
  }
}

import Testing

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Both ends of a new pipe.
struct Pipe {
  let readEnd: OpenFile
  let writeEnd: OpenFile

  init() throws {
    var ends: [CInt] = [-1, -1]
    try #require(pipe(&ends) == 0)
    readEnd = try OpenFile(adopting: ends[0], name: "pipe")
    writeEnd = try OpenFile(adopting: ends[1], name: "pipe")
  }
}

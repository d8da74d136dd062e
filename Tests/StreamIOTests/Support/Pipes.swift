import TestSupport

@testable import StreamIO

extension Pipe {
  /// Makes the pipe.
  init() throws { try self.init { try OpenFile(adopting: $0, name: "pipe") } }
}

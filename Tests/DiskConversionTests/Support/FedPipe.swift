import Dispatch
import Foundation
import StreamIO
import TestSupport

@testable import DiskConversion

extension TestSupport.Pipe {
  /// Runs `body` with what comes out of a pipe that `bytes` are put into; it need not take all of them.
  static func feeding<Result>(
    _ bytes: [UInt8], control: ConversionControl, _ body: (LookaheadStream) throws -> Result
  ) throws -> Result {
    // A reader that goes away makes the write fail; it must not end the process.
    signal(SIGPIPE, SIG_IGN)
    let pipe = try Self()
    let writing = DispatchGroup()
    DispatchQueue(label: "tests.pipe").async(group: writing) {
      try? pipe.writeEnd.append(bytes)
      try? pipe.writeEnd.close()
    }
    defer {
      try? pipe.readEnd.close()
      writing.wait()
    }
    return try body(LookaheadStream(pipe.readEnd, interrupt: control.cancellation.interrupt))
  }
}

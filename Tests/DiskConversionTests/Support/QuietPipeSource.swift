import StreamIO
import TestSupport

@testable import DiskConversion

/// A pipe in pieces of 512 bytes, numbered as a `NumberedDisk` numbers its extents: one comes, and then none.
final class QuietPipeSource: ExtentSource {
  private struct Turn {
    let stream: LookaheadStream
    var position: UInt64 = 0
  }

  private let turn: InTurn<Turn>

  /// Whoever has `pipe` keeps it from ending.
  init(_ pipe: Pipe, control: ConversionControl) throws {
    try pipe.writeEnd.append([UInt8](repeating: 1, count: 512))
    turn = InTurn(Turn(stream: LookaheadStream(pipe.readEnd, interrupt: control.cancellation.interrupt)))
  }

  func take(into slot: Slot) throws(ConversionError) -> Bool {
    guard try converting(turn.state.stream.read(into: slot.buffer)) == slot.buffer.count else { return false }
    let start = turn.state.position
    slot.extent = DiskExtent(start..<start + UInt64(NumberedDisk.extentByteCount), .data)
    turn.state.position = slot.extent.guestEnd
    return true
  }
}

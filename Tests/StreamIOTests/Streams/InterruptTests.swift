import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import StreamIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("The end of a wait for bytes", .timeLimit(.minutes(15)))
struct InterruptTests {
  private static let cancelled = ECANCELED

  @Test("A wait on a quiet pipe ends when it is interrupted")
  func endsWait() throws {
    let pipe = try Pipe()
    let interrupt = try Interrupt()
    try pipe.write([1])
    let reading = DispatchGroup()
    let outcome = Atomic<CInt>(0)
    DispatchQueue(label: "reader").async(group: reading) {
      var bytes: [UInt8] = [0, 0]
      do throws(FileError) {
        _ = try readNext(&bytes, from: pipe.readEnd, interrupt)
      } catch {
        outcome.store(error.code ?? 0, ordering: .releasing)
      }
    }
    // Once the first byte is gone, the reader can only be on its way to wait for the second.
    while !pipe.isEmpty { sched_yield() }
    interrupt.raise()
    reading.wait()
    #expect(outcome.load(ordering: .acquiring) == Self.cancelled)
  }

  @Test("An interrupt that was raised before ends every wait at once")
  func raisedBefore() throws {
    let pipe = try Pipe()
    let interrupt = try Interrupt()
    interrupt.raise()
    interrupt.raise()
    for _ in 0..<3 {
      var bytes: [UInt8] = [0]
      let error = #expect(throws: FileError.self) { try readNext(&bytes, from: pipe.readEnd, interrupt) }
      #expect(error?.isInterruption == true)
    }
    #expect(interrupt.raised)
  }

  @Test("The error names the place where the bytes were to come")
  func position() throws {
    let pipe = try Pipe()
    let interrupt = try Interrupt()
    interrupt.raise()
    var bytes: [UInt8] = [0]
    #expect(throws: FileError(.read, "pipe", at: 1000, code: Self.cancelled)) {
      try readNext(&bytes, from: pipe.readEnd, interrupt, position: 1000)
    }
  }

  @Test("After a reset, reads wait again until the next interrupt")
  func reset() throws {
    let pipe = try Pipe()
    let interrupt = try Interrupt()
    for number in 1...3 as ClosedRange<UInt8> {
      interrupt.raise()
      interrupt.raise()
      var bytes: [UInt8] = [0]
      #expect(throws: FileError.self) { try readNext(&bytes, from: pipe.readEnd, interrupt) }
      interrupt.reset()
      interrupt.reset()
      #expect(!interrupt.raised)
      try pipe.write([number])
      #expect(try readNext(&bytes, from: pipe.readEnd, interrupt) == 1)
      #expect(bytes == [number])
    }
  }

  @Test("Without an interrupt, a read waits for all the bytes that were asked for")
  func waitsForAll() throws {
    let pipe = try Pipe()
    let interrupt = try Interrupt()
    let writing = DispatchGroup()
    DispatchQueue(label: "writer").async(group: writing) {
      for byte in 0..<5 as Range<UInt8> {
        while !pipe.isEmpty { sched_yield() }
        try? pipe.write([byte])
      }
    }
    var bytes = [UInt8](repeating: 0xEE, count: 5)
    #expect(try readNext(&bytes, from: pipe.readEnd, interrupt) == 5)
    writing.wait()
    #expect(bytes == [0, 1, 2, 3, 4])
    #expect(!interrupt.raised)
  }

  @Test("The end of the stream makes a read short")
  func endOfStream() throws {
    let pipe = try Pipe()
    try pipe.write([1, 2])
    try pipe.writeEnd.close()
    let interrupt = try Interrupt()
    var bytes: [UInt8] = [0xEE, 0xEE, 0xEE]
    #expect(try readNext(&bytes, from: pipe.readEnd, interrupt) == 2)
    #expect(bytes == [1, 2, 0xEE])
    #expect(try readNext(&bytes, from: pipe.readEnd, interrupt) == 0)
  }
}

private func readNext(
  _ bytes: inout [UInt8], from file: OpenFile, _ interrupt: Interrupt, position: UInt64 = 0
) throws(FileError) -> Int {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { buffer.deallocate() }
  let count = try file.readNext(into: buffer, position: position, interrupt: interrupt)
  bytes.replaceSubrange(..<count, with: buffer[..<count])
  return count
}

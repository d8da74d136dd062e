import Foundation
import TestSupport
import Testing

/// What other tools make of dirty bitmaps.
extension Tools {
  static let nbd = Shell.isInstalled("qemu-nbd") && Shell.isInstalled("nbdinfo")
  static let loopDevices = Shell.works("truncate -s 1M f && device=$(losetup -f --show f) && losetup -d $device")
  static let holes = Shell.works(
    "head -c 1M /dev/urandom > f && sync f && fallocate -p -l 1M f && [ $(stat -c %b f) -lt 100 ]")
}

extension TemporaryFolder {
  /// The runs of a bitmap by `qemu-nbd` and `nbdinfo`.
  ///
  /// The server is asked until it answers, or is gone; it is killed in any case.
  func runsByQemu(of image: String, bitmap: String) throws -> [DirtyBlocks.Run] {
    let outcome = try Shell.prepare(
      """
      socket=$PWD/nbd-\(bitmap)
      qemu-nbd -r -t -e 8 -f parallels -B \(bitmap) -k $socket \(image) > nbd.log 2>&1 &
      server=$!
      trap 'kill $server; wait $server; rm -f $socket nbd.log' EXIT
      until nbdinfo --size "nbd+unix:///?socket=$socket" > nbd.size 2> /dev/null; do
        kill -0 $server || { cat nbd.log >&2; exit 1; }
      done
      rm nbd.size
      nbdinfo --json --map=qemu:dirty-bitmap:\(bitmap) "nbd+unix:///?socket=$socket"
      """, in: self)
    return try Self.runs(fromJSON: outcome.standardOutput, start: "offset") { $0["type"] as? Int == 1 }
  }

  /// The runs of a bitmap by `prlconv map`.
  func runs(of image: String, bitmap: String) throws -> [DirtyBlocks.Run] {
    let outcome = try Shell.run(#""$PRLCONV" map --bitmap \#(bitmap) --output json \#(image)"#, in: self)
    expectSilentSuccess(outcome)
    return try Self.runs(fromJSON: outcome.standardOutput, start: "start") { $0["dirty"] as? Bool == true }
  }

  private static func runs(
    fromJSON bytes: [UInt8], start: String, isDirty: ([String: Any]) -> Bool
  ) throws -> [DirtyBlocks.Run] {
    let objects = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
    return try objects.map { object in
      let first = try #require(object[start] as? Int)
      return DirtyBlocks.Run(first..<first + (try #require(object["length"] as? Int)), isDirty: isDirty(object))
    }
  }
}

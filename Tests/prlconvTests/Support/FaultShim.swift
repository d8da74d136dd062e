import Foundation
import TestSupport

/// System calls that fail on request: a library that is loaded before the C library.
///
/// The C source, `Tests/FaultShim/faults.c`, says which environment variables it obeys.
struct FaultShim {
  /// The compiled library; nil without a compiler, or if it cannot be loaded.
  static let path: String? = {
    #if os(Linux)
      let source = "\(Project.folder)/Tests/FaultShim/faults.c"
      let library = URL(fileURLWithPath: BuiltTool.path).deletingLastPathComponent()
        .appendingPathComponent("prlconv-faults.so").path
      // Renamed when it is whole: another session may be loading it.
      let compiles = Shell.works(
        #"$(command -v cc || echo clang) -shared -fPIC -O1 -o "\#(library).$$" "\#(source)" && mv "\#(library).$$" "\#(library)""#
      )
      return compiles ? library : nil
    #else
      return nil
    #endif
  }()

  /// The calls that carry data.
  static let transfers = ["read", "write", "pread", "pwrite", "splice", "vmsplice"]
  /// All calls on files that a conversion makes.
  static let allKinds = transfers + ["open", "fstat", "lseek", "fallocate", "ftruncate", "fsync", "close", "rename"]

  /// What a call meets.
  enum Fault: Sendable {
    case error(Int32)
    case shortTransfer(seed: UInt64)
    /// A written bit is wrong, which the call does not report.
    case wrongBit
    /// Nothing; the calls are only noted.
    case none
  }

  /// What makes a call of this kind ("all": of any) meet `fault`: the one with this number, or with 0 each of them.
  static func environment(_ fault: Fault, of kind: String = "all", at number: Int = 0) -> [String: String] {
    var variables = ["FAULT_CALL": kind, "FAULT_AT": "\(number)", "LD_PRELOAD": path ?? "", "FAULT_LOG": "../log"]
    switch fault {
    case .error(let code): variables["FAULT_ERROR"] = "\(code)"
    case .shortTransfer(let seed): (variables["FAULT_ERROR"], variables["FAULT_SEED"]) = ("0", "\(seed)")
    case .wrongBit: variables["FAULT_ERROR"] = "-2"
    case .none: variables["FAULT_ERROR"] = "-1"
    }
    return variables
  }
}

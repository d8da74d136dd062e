import Foundation
import TestSupport
import Testing

/// System calls that fail in the middle of a conversion: an error, exit 1, no output, and the source as it was.
@Suite(.enabled(if: FaultShim.path != nil, "needs Linux and a C compiler")) struct FaultInjection {
  /// Calls whose failure is always an error.
  ///
  /// Others may fail without harm: a file that was read needs no more than to be closed.
  static let essential = ["read", "write", "pread", "pwrite", "ftruncate", "fsync", "rename"]

  let folder = TemporaryFolder()

  private func expectNoHarm(_ run: FaultRun, of conversion: FaultyConversion) {
    #expect(!run.names.contains { $0.hasPrefix(".prlconv") } && run.oddLineCount == 0, "\(run)")
    if run.status == conversion.successStatus {
      #expect(run.output == "same" && run.errorCount == 0, "\(run)")
      #expect(!Self.essential.contains(run.kind) || run.faultCount == 0, "\(run)")
    } else {
      #expect(run.status == "1" && run.errorCount == 1, "\(run)")
      // A folder that can't be synchronized is met last, when the old file is gone.
      let isComplete = conversion.replaces && run.kind == "fsync" && run.output == "same"
      #expect(conversion.remains.contains(run.output) || isComplete, "\(run)")
    }
  }

  /// What reads fails with EIO; what writes with EIO and ENOSPC in turn, the other way round for the other direction.
  @Test(arguments: FaultyConversion.all)
  func anErrorLeavesNothing(conversion: FaultyConversion) throws {
    let kinds = ["read", "pread", "fstat", "open", "close", "write", "pwrite", "ftruncate", "fsync", "rename"]
    let loop = """
      fail() {
        for ((number = 1; number <= $2 && number <= ${count[$1]:-0}; number++)); do
          FAULT_ERROR=\(EIO)
          case $1 in write | pwrite | ftruncate | fsync | rename)
            [ $((number % 2)) = \(conversion.direction == .raw2prl ? 0 : 1) ] || FAULT_ERROR=\(ENOSPC) ;;
          esac
          attempt $1 $number
        done
      }
      \(kinds.map { "fail \($0) \(conversion.callLimit(of: $0))" }.joined(separator: "\n"))
      """
    let environment = FaultShim.environment(.error(EIO))
    let runs = try FaultRun.runs(of: conversion, in: folder, environment: environment, loop)
    for run in runs { expectNoHarm(run, of: conversion) }
    for kind in conversion.manyCalls {
      #expect(runs.count { $0.kind == kind && $0.faultCount == 1 } == conversion.callLimit(of: kind), "\(kind)")
    }
  }

  private func expectUnimpaired(_ runs: [FaultRun], of conversion: FaultyConversion) {
    for run in runs {
      #expect(run.errorCount == 0 && run.oddLineCount == 0, "\(run)")
      #expect(run.status == conversion.successStatus && run.output == "same", "\(run)")
      #expect(run.names == ["in", "out"], "\(run)")
    }
  }

  /// Every call is interrupted once.
  @Test(arguments: FaultyConversion.all)
  func anInterruptedCallIsMadeAgain(conversion: FaultyConversion) throws {
    let environment = FaultShim.environment(.error(EINTR))
    let runs = try FaultRun.runs(of: conversion, in: folder, environment: environment, "attempt all 0")
    expectUnimpaired(runs, of: conversion)
    #expect(try noted(conversion.manyCalls).allSatisfy { $0 >= 20 })
  }

  /// Every transfer carries fewer bytes than asked for, by chance.
  @Test(arguments: FaultyConversion.all)
  func whatAShortTransferLeavesIsTransferredNext(conversion: FaultyConversion) throws {
    var generator = SeededRandom("short transfers")
    let environment = FaultShim.environment(.shortTransfer(seed: generator.next() >> 1))
    let runs = try FaultRun.runs(
      of: conversion, in: folder, environment: environment, "attempt all 0; FAULT_SEED=${FAULT_SEED}1; attempt all 0")
    expectUnimpaired(runs, of: conversion)
    #expect(try noted(conversion.manyCalls).allSatisfy { $0 >= 40 })
  }

  /// How many calls of these kinds met a fault in the last run.
  private func noted(_ kinds: [String]) throws -> [Int] {
    let lines = try String(decoding: folder.bytes(of: "log"), as: UTF8.self).split(separator: "\n")
    return kinds.map { kind in lines.count { $0.hasPrefix("\(kind) ") } }
  }

  /// Room that is not granted in advance, or a file that does not tell its holes, is no reason to fail.
  @Test(arguments: [FaultyConversion.all[0], FaultyConversion.all[8]])
  func favoursThatAreNotGrantedDoNoHarm(conversion: FaultyConversion) throws {
    let loop = """
      for FAULT_ERROR in \(ENOSPC) \(EOPNOTSUPP) \(EIO) \(EINTR); do attempt fallocate 0; done
      FAULT_ERROR=\(EIO)
      attempt lseek 0
      """
    let environment = FaultShim.environment(.error(EIO))
    expectUnimpaired(
      try FaultRun.runs(of: conversion, in: folder, environment: environment, loop), of: conversion)
    if conversion.input == .raw { #expect(try noted(["lseek"]) != [0]) }
  }
}

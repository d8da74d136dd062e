import Foundation
import TestSupport
import Testing

@Suite(
  "System calls that fail in the middle of a conversion",
  .enabled(if: FaultShim.path != nil, "needs Linux and a C compiler"))
struct FaultInjectionTests {
  /// Calls whose failure is always an error.
  ///
  /// Others may fail without harm: a file that was read needs no more than to be closed, and zeros that a pipe does not
  /// borrow are written.
  static let essential = ["read", "write", "pread", "pwrite", "splice", "ftruncate", "fsync", "rename"]

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

  /// Each of the first calls of every kind fails, with either error, alone.
  @Test(
    "An error leaves nothing behind", arguments: Exhaustive.cases(FaultyConversion.all, brief: FaultyConversion.some),
    Exhaustive.cases([EIO, ENOSPC], brief: 1))
  func error(conversion: FaultyConversion, error: Int32) throws {
    // Space that cannot be reserved and holes that are not reported are not errors.
    let kinds = FaultShim.allKinds.filter { $0 != "fallocate" && $0 != "lseek" }
    let environment = FaultShim.environment(.error(error))
    let runs = try FaultRun.runs(of: conversion, in: folder, environment: environment, FaultRun.firstCalls(kinds))
    for run in runs { expectNoHarm(run, of: conversion) }
    expectManyFaults(runs, of: conversion)
  }

  /// That there were as many calls of the kinds that carry data, so that the tests are about what they say.
  private func expectManyFaults(_ runs: [FaultRun], of conversion: FaultyConversion) {
    for kind in conversion.manyCalls {
      #expect(runs.count { $0.kind == kind && $0.faultCount == 1 } == FaultRun.callLimit, "\(kind)")
    }
  }

  private func expectUnimpaired(_ runs: [FaultRun], of conversion: FaultyConversion) {
    for run in runs {
      #expect(run.errorCount == 0 && run.oddLineCount == 0, "\(run)")
      #expect(run.status == conversion.successStatus && run.output == "same", "\(run)")
      #expect(run.names == ["in", "out"], "\(run)")
    }
  }

  /// Each of the first calls of every kind, alone: is interrupted, or carries fewer bytes than asked for.
  @Test(
    "One interruption or short transfer does no harm",
    arguments: Exhaustive.cases(FaultyConversion.all, brief: FaultyConversion.some))
  func oneInterruption(conversion: FaultyConversion) throws {
    var generator = SeededRandom("short transfers, one by one")
    let faults: [(FaultShim.Fault, kinds: [String])] = [
      (.error(EINTR), FaultShim.allKinds), (.shortTransfer(seed: generator.next() >> 1), FaultShim.transfers),
    ]
    for (fault, kinds) in faults {
      let folder = TemporaryFolder()
      let environment = FaultShim.environment(fault)
      let runs = try FaultRun.runs(of: conversion, in: folder, environment: environment, FaultRun.firstCalls(kinds))
      expectUnimpaired(runs, of: conversion)
      expectManyFaults(runs, of: conversion)
    }
  }

  /// Every call is interrupted once.
  @Test(
    "A call that was interrupted is made again",
    arguments: Exhaustive.cases(FaultyConversion.all, brief: FaultyConversion.some))
  func interrupted(conversion: FaultyConversion) throws {
    let environment = FaultShim.environment(.error(EINTR))
    let runs = try FaultRun.runs(of: conversion, in: folder, environment: environment, "attempt all 0")
    expectUnimpaired(runs, of: conversion)
    #expect(try noted(conversion.manyCalls).allSatisfy { $0 >= 20 })
  }

  /// Every transfer carries fewer bytes than asked for, by chance.
  @Test(
    "What a short transfer leaves is transferred next",
    arguments: Exhaustive.cases(FaultyConversion.all, brief: FaultyConversion.some))
  func shortTransfers(conversion: FaultyConversion) throws {
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

  /// Space that cannot be reserved, or a file that does not report its holes, is not a reason to fail.
  @Test(
    "Favours that are not granted do no harm",
    arguments: Exhaustive.cases(FaultyConversion.all, brief: FaultyConversion.some))
  func favours(conversion: FaultyConversion) throws {
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

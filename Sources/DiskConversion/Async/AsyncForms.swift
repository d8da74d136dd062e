import StreamIO

// Each operation blocks its thread, so its asynchronous form runs on a thread of its own, not on one of those that all
// tasks share.

extension RawToParallels {
  /// Converts `input` without blocking the task's thread; cancelling the task cancels the conversion.
  ///
  /// - Throws: The errors of the blocking form.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) async throws(ConversionError) -> ConversionSummary {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try convert(input, to: output, options: options, control: control)
    }
  }
}

extension ParallelsToRaw {
  /// Converts `input` without blocking the task's thread; cancelling the task cancels the conversion.
  ///
  /// - Throws: The errors of the blocking form.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) async throws(ConversionError) -> ConversionSummary {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try convert(input, to: output, options: options, control: control)
    }
  }
}

extension ParallelsToParallels {
  /// Rewrites `input` without blocking the task's thread; cancelling the task cancels the conversion.
  ///
  /// - Throws: The errors of the blocking form.
  public static func convert(
    _ input: Endpoint, to output: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) async throws(ConversionError) -> ConversionSummary {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try convert(input, to: output, options: options, control: control)
    }
  }
}

extension BitmapRefresh {
  /// Refreshes the copy at `path` without blocking the task's thread; cancelling the task cancels the refresh.
  ///
  /// - Throws: The errors of the blocking form.
  public static func refresh(
    _ path: String, from input: Endpoint, options: Options, control: ConversionControl? = nil
  ) async throws(ConversionError) -> ConversionSummary {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try refresh(path, from: input, options: options, control: control)
    }
  }
}

extension DiskComparison {
  /// Compares two disks without blocking the task's thread; cancelling the task cancels the comparison.
  ///
  /// - Throws: The errors of the blocking form.
  public static func compare(
    _ first: Endpoint, _ second: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) async throws(ConversionError) -> DiskComparison {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try compare(first, second, options: options, control: control)
    }
  }
}

extension ImageMeasure {
  /// Measures `input` without blocking the task's thread; cancelling the task cancels the measuring.
  ///
  /// - Throws: The errors of the blocking form.
  public static func measure(
    _ input: Endpoint, options: Options = Options(), control: ConversionControl? = nil
  ) async throws(ConversionError) -> ImageMeasure {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try measure(input, options: options, control: control)
    }
  }
}

extension ImageCheck {
  /// Checks `input` without blocking the task's thread, and calls `report` from another one; cancelling the task has no
  /// effect.
  ///
  /// - Throws: The errors of the blocking form.
  public static func run(
    _ input: Endpoint, policy: ReadingPolicy = ReadingPolicy(), control: ConversionControl? = nil,
    report: @escaping @Sendable (CheckProblem) -> Void
  ) async throws(ConversionError) -> Result {
    try await onOwnThread(control) { (control) throws(ConversionError) in
      try run(input, policy: policy, control: control, report: report)
    }
  }
}

/// Performs `work` on a thread of its own; the progress of `control` ends with it.
private func onOwnThread<Output: Sendable>(
  _ control: ConversionControl?,
  _ work: @escaping @Sendable (ConversionControl) throws(ConversionError) -> Output
) async throws(ConversionError) -> Output {
  let control = try control.orNew()
  control.progress.hasEnded = false
  let result = await withTaskCancellationHandler {
    await withCheckedContinuation { (continuation: CheckedContinuation<Result<Output, ConversionError>, Never>) in
      let perform: @Sendable () -> Void = {
        let result = Result { () throws(ConversionError) in try work(control) }
        control.progress.hasEnded = true
        continuation.resume(returning: result)
      }
      if !startThread(perform) { perform() }
    }
  } onCancel: {
    control.cancel()
  }
  return try result.get()
}

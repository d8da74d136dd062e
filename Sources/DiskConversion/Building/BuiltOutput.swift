import StreamIO

extension DiskOpener {
  /// Writes a new image at `output`, or in a new bundle there; on an error, nothing is left of it.
  ///
  /// `prepare` makes the builder for the file that the image goes to.
  func build(
    at output: Endpoint, in bundle: NewBundle?, options: OutputOptions, control: ConversionControl,
    _ prepare: (OpenFile) throws(ConversionError) -> ImageBuilder
  ) throws(ConversionError) -> ConversionSummary {
    if options.verifies { try checkReadableAgain() }
    try self.bundle?.refuseOutput(output)
    let folder =
      bundle == nil ? nil : try NewBundleFolder(output, besides: self, force: options.force, control: control)
    let outputFile: OutputFile
    if let folder {
      control.own(folder)
      outputFile = try folder.open()
    } else {
      outputFile = try output.openForWriting(besides: file, force: options.force, control: control)
    }
    do throws(ConversionError) {
      if options.verifies { try OutputVerification.check(outputFile.file) }
      let builder = try prepare(outputFile.file)
      let written = try builder.run()
      let summary = builder.summary(of: written)
      if options.verifies {
        try builder.verification(of: written)
          .run(against: again(builder.input, shortcuts: builder.resources.gzipShortcuts))
      }
      if let folder, let bundle {
        try folder.describe(bundle, disk: written.geometry, image: outputFile.file, durably: options.synchronizes)
      }
      try outputFile.commit(byteCount: written.byteCount, durably: options.synchronizes)
      return summary
    } catch {
      outputFile.discard()
      throw error
    }
  }
}

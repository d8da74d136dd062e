import TestSupport

extension Exhaustive {
  /// What a conversion reads and writes: files, pipes, and the mixtures.
  static let ends = cases(Ends.allCases, brief: [.fileToFile, .pipeToPipe])
  /// The same without redirections.
  static let filesAndPipes = cases(Ends.toFile + Ends.toPipe, brief: [.fileToFile, .pipeToPipe])
  /// What a comparison reads.
  static let comparisonEnds = cases(ComparisonEnds.allCases, brief: [.files, .firstByPipe, .secondRedirected])
  /// How a disk is stored.
  static let forms = cases(DiskForm.all, brief: DiskForm.some)
  /// One of each kind.
  static let someForms = cases(DiskForm.some, brief: [.raw, DiskForm.some[2]])
  /// Awkward disks.
  static let shapes = cases(DiskShape.allCases, brief: [.empty, .clusterAndOneByte, .everyOtherCluster])
}

extension Rule {
  /// What is known of a rule: a row of the table in `Documentation/Format.md`.
  struct Facts {
    var severity: Severity
    var reading: Reading
    var summary: String

    init(_ severity: Severity, _ reading: Reading, _ summary: String) {
      (self.severity, self.reading, self.summary) = (severity, reading, summary)
    }
  }

  /// The row of this rule.
  var facts: Facts {
    switch self {
    case .notAnImage:
      Facts(.corruption, .refused, "wrong magic or version, `tracks` 0, or shorter than the header")
    case .pastLimits:
      Facts(
        .corruption, .refused, "a larger disk than 2⁶³ − 1 bytes; more entries or larger clusters than readers take")
    case .tableCut: Facts(.corruption, .refused, "the file ends inside the BAT")

    case .conversionUnderWay: Facts(.corruption, .refused, "flag \"format conversion\", and not closed")
    case .notClosed: Facts(.corruption, .unlessDirty(.asItIs), "`in_use` says \"not closed\"")
    case .tableTooShort: Facts(.corruption, .unlessSalvaged(.zerosForTheRest), "BAT shorter than the disk")
    case .emptyFlag: Facts(.corruption, .unlessSalvaged(.allTheSame), "flag \"empty\", and a BAT that is not all zero")
    case .dataOffset: Facts(.corruption, .warned, "`data_off` wrong (0 is right in the legacy layout)")

    case .entryReserved: Facts(.corruption, .unlessSalvaged(.zerosInstead), "entry 0xFFFFFFFF")
    case .entryInHeader: Facts(.corruption, .unlessSalvaged(.zerosInstead), "entry inside the header or the BAT")
    case .entryPastEnd: Facts(.corruption, .unlessSalvaged(.zerosInstead), "entry at or past the end of the file")
    case .entryCut:
      Facts(.corruption, .unlessSalvaged(.zerosForTheRest), "cluster cut by the end of the file, guest bytes missing")
    case .entryDuplicate: Facts(.corruption, .unlessSalvaged(.asItSays), "two entries for one cluster")
    case .entryOverlap: Facts(.corruption, .unlessSalvaged(.asItSays), "clusters that overlap in part")
    case .spareEntries: Facts(.warning, .silent, "entries beyond the disk that are in use")

    case .leakedClusters: Facts(.leak, .silent, "clusters that nothing refers to")
    case .extensionShared:
      Facts(.corruption, .silent, "cluster of the extension, or of bits, that is in use for something else")
    case .extensionBeforeData:
      Facts(
        .corruption, .silent, "cluster of the extension, or of bits, before the data area where `data_off` is right")

    case .extensionPlace:
      Facts(.corruption, .warned, "`ext_off` in header or BAT, between clusters (extended layout), or past the end")
    case .extensionCut: Facts(.corruption, .warned, "the file ends inside the extension")
    case .extensionMagic: Facts(.corruption, .warned, "wrong magic of the extension")
    case .extensionChecksum: Facts(.corruption, .warned, "wrong MD5 of the extension")
    case .extensionSection:
      Facts(.corruption, .warned, "feature section that has no end within the cluster or its first 4 MiB")
    case .extensionEnd: Facts(.corruption, .warned, "last feature section that is not all zeros")
    case .extensionFeature: Facts(.warning, .warned, "unknown feature")
    case .extensionFlags: Facts(.warning, .warned, "feature with unknown flags")
    case .extensionStale: Facts(.warning, .silent, "extension in an image whose `in_use` is not 0x312e3276")

    case .bitmapCut: Facts(.corruption, .warned, "section of a bitmap that ends before its L1 table does")
    case .bitmapSize: Facts(.corruption, .warned, "bitmap of another size than the disk")
    case .bitmapGranularity: Facts(.corruption, .warned, "granularity that is not a power of two")
    case .bitmapTableSize: Facts(.corruption, .warned, "L1 table of the wrong length")
    case .bitmapTableEntry:
      Facts(
        .corruption, .warned,
        "L1 entry outside the data area or the file, between clusters (extended layout), or for a cluster that is taken"
      )
    case .bitmapID: Facts(.corruption, .warned, "id that an earlier bitmap has")
    }
  }
}

extension Reading {
  fileprivate static func unlessDirty(_ remedy: Remedy) -> Reading { .refusedUnless(.dirty, remedy: remedy) }
  fileprivate static func unlessSalvaged(_ remedy: Remedy) -> Reading { .refusedUnless(.salvage, remedy: remedy) }
}

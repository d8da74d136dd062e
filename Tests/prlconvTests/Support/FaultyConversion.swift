import TestSupport
import Testing

/// A conversion that is made to meet faults, long enough that there are 20 calls of the kinds that carry data.
struct FaultyConversion: Sendable, CustomTestStringConvertible {
  enum Input: String, Sendable {
    case raw, gzip, image, imageToCompress, damagedImage
  }

  var testDescription: String
  var direction: Direction
  var ends: Ends
  var input: Input
  var options = ""
  /// Whether there is a file of the output's name, which is to be replaced.
  var replaces = false
  /// The kinds that matter here, of which there are 20 calls and more.
  var manyCalls: [String]

  /// What it ends with when nothing, or nothing that counts, fails.
  var successStatus: String { input == .damagedImage ? "2" : "0" }

  static let all = [
    Self("raw2prl", .fileToFile, .raw, options: "--sync", ["pread", "pwrite"]),
    Self("raw2prl -f", .fileToFile, .raw, options: "--sync -f", replaces: true, ["pread", "pwrite"]),
    Self("raw2prl", .pipeToFile, .raw, options: "--sync", ["read", "pwrite"]),
    Self("raw2prl", .fileToPipe, .raw, ["pread", "splice"]),
    Self("raw2prl", .pipeToPipe, .raw, ["read", "pwrite", "splice"]),
    Self("raw2prl --allocated", .pipeToPipe, .raw, options: "--size 6M --allocated", ["read", "write"]),
    Self("raw2prl", .redirected, .raw, ["pread", "pwrite"]),
    Self("raw2prl", .fileToFile, .gzip, options: "--sync", ["pread"]),
    Self("raw2prl", .pipeToPipe, .gzip, ["read", "splice"]),
    Self("prl2raw", .fileToFile, .image, options: "--sync", ["pread", "pwrite"]),
    Self("prl2raw -f", .fileToFile, .image, options: "--sync -f", replaces: true, ["pread", "pwrite"]),
    Self("prl2raw", .pipeToFile, .image, options: "--sync", ["read", "pwrite"]),
    Self("prl2raw", .fileToPipe, .image, ["splice"]),
    Self("prl2raw", .pipeToPipe, .image, ["read", "pwrite", "pread", "write"]),
    Self("prl2raw", .redirected, .image, ["pread", "pwrite"]),
    Self("prl2raw -z", .fileToFile, .imageToCompress, options: "-z --sync", ["pwrite"]),
    Self("prl2raw -z", .pipeToPipe, .imageToCompress, options: "-z", ["read", "write"]),
    Self("prl2raw --salvage", .fileToFile, .damagedImage, options: "--salvage --sync", ["pread"]),
    Self("prl2raw --salvage", .pipeToPipe, .damagedImage, options: "--salvage", ["splice"]),
  ]

  /// Those that stand for all: one that replaces a file, and one in whose way there is a temporary file.
  static let some = all.filter {
    $0.replaces && $0.direction == .raw2prl || $0.input == .image && $0.ends == .pipeToPipe
  }

  private init(
    _ name: String, _ ends: Ends, _ input: Input, options: String = "", replaces: Bool = false, _ manyCalls: [String]
  ) {
    testDescription = "\(name) of \(input), \(ends)"
    direction = name.hasPrefix("raw2prl") ? .raw2prl : .prl2raw
    self.ends = ends
    self.input = input
    self.options = direction == .raw2prl ? "\(options) --cluster-size \(Self.clusterByteCount)" : options
    self.replaces = replaces
    self.manyCalls = manyCalls
  }

  /// More than half of what is carried at once, so that every cluster is carried alone.
  private static let clusterByteCount = 257 << 10
  private static let clusterCount = 22
  /// Never as they lie: what comes through a pipe has to be put aside.
  private static let places: [Int?] = (0..<clusterCount).reversed().map { $0 == 9 ? nil : $0 }

  private static let image = HandMadeImage(clusterByteCount: clusterByteCount, places: places)
  private static let disk = HandMadeImage.disk(clusterByteCount: clusterByteCount, places: places)

  /// The last cluster of the file is cut, two entries name one cluster, and one points past the end.
  private static let damagedImage: HandMadeImage = {
    var damaged = image
    damaged.contents.resize(to: damaged.contents.byteCount - 1000)
    damaged.entries[4] = 1000
    damaged.entries[6] = damaged.entries[5]
    return damaged
  }()

  /// A MiB of data and one of zeros in turn, the data such that it is stored as it is.
  private static let imageToCompress: HandMadeImage = {
    let places: [Int?] = (0..<44).map { $0 % 4 < 2 ? 23 - ($0 / 4 * 2 + $0 % 4) : nil }
    var image = HandMadeImage(clusterByteCount: 512 << 10, places: places)
    image.contents = SparseDisk(byteCount: image.contents.byteCount)
    for megabyte in 1..<12 { image.contents.put(noise, at: megabyte << 20) }
    return image
  }()

  private static let noise: [UInt8] = {
    var generator = SeededRandom("data that can't be compressed")
    return Filling.random(1 << 20, using: &generator)
  }()

  /// Writes the input as `in`.
  func makeInput(in folder: TemporaryFolder) throws {
    switch input {
    case .raw: try folder.write(Self.disk, to: "in")
    case .image: try folder.write(Self.image.file, to: "in")
    case .damagedImage: try folder.write(Self.damagedImage.file, to: "in")
    case .imageToCompress: try folder.write(Self.imageToCompress.file, to: "in")
    case .gzip:
      var disk = SparseDisk(byteCount: Self.clusterCount * Self.clusterByteCount)
      for number in 0..<6 { disk.put(Self.noise, at: number << 20) }
      try folder.write(disk, to: "disk")
      try Shell.prepare(
        #""$PRLCONV" raw2prl disk image; "$PRLCONV" prl2raw -z -1 image in; rm disk image"#, in: folder)
    }
  }

  /// The script that converts `in` to `out`.
  var script: String { ends.script(direction, "-T1 \(options)", from: "in", to: "out") }

  /// What may be left of the output after an error.
  var remains: [String] {
    if replaces { return ["old"] }
    if ends.makesFile || ends == .fileToFile { return ["absent"] }
    return ends == .redirected ? ["empty"] : ["empty", "beginning", "same"]
  }
}

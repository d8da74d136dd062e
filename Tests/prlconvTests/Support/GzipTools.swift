import TestSupport
import Testing

extension Tools {
  static let pigz = Shell.isInstalled("pigz")
  static let python = Shell.works("python3 -c 'import gzip, zlib'")
}

/// Something else than this tool that writes gzip.
enum GzipWriter: String, CaseIterable {
  case gzipFast = "gzip -1"
  case gzip = "gzip"
  case gzipSmall = "gzip -9"
  case pigzStored = "pigz -0"
  case pigzFast = "pigz -1"
  case pigz = "pigz -p 3"
  case pigzIndependent = "pigz -9 -i -b 128"
  case pythonGzip = "python3 -c 'import gzip, sys; sys.stdout.buffer.write(gzip.compress(sys.stdin.buffer.read()))'"
  case pythonZlib = """
    python3 -c '
    import sys, zlib
    deflater = zlib.compressobj(4, zlib.DEFLATED, 31, 9, zlib.Z_HUFFMAN_ONLY)
    for block in iter(lambda: sys.stdin.buffer.read(50000), b""):
      sys.stdout.buffer.write(deflater.compress(block) + deflater.flush(zlib.Z_FULL_FLUSH))
    sys.stdout.buffer.write(deflater.flush())'
    """

  var isInstalled: Bool {
    rawValue.hasPrefix("gzip") ? Tools.gzip : rawValue.hasPrefix("pigz") ? Tools.pigz : Tools.python
  }

  static var installed: [GzipWriter] { allCases.filter(\.isInstalled) }
}

/// Something else than this tool that reads gzip.
enum GzipReader: String, CaseIterable {
  case gzip = "gzip -t < disk.gz && gzip -dc < disk.gz"
  case pigz = "pigz -t < disk.gz && pigz -dc < disk.gz"
  /// Stops after the first member, and looks whether that was all.
  case pythonZlib = """
    python3 -c '
    import sys, zlib
    inflater = zlib.decompressobj(31)
    for block in iter(lambda: sys.stdin.buffer.read(1 << 20), b""):
      if inflater.eof: sys.exit("bytes after the first member")
      sys.stdout.buffer.write(inflater.decompress(block))
    if not inflater.eof or inflater.unused_data: sys.exit("not exactly one member")' < disk.gz
    """

  var isInstalled: Bool {
    switch self {
    case .gzip: Tools.gzip
    case .pigz: Tools.pigz
    case .pythonZlib: Tools.python
    }
  }

  static var installed: [GzipReader] { allCases.filter(\.isInstalled) }
}

extension TemporaryFolder {
  /// Records a failure unless every reader decodes `disk.gz` to what is in the file `expected`.
  func expectReadersAgree(
    with expected: String, _ comment: Comment = "", at location: SourceLocation = #_sourceLocation
  )
    throws
  {
    for reader in GzipReader.installed {
      let outcome = try Shell.run("{ \(reader.rawValue); } > decoded.img", in: self)
      #expect(
        outcome.isSuccess && outcome.standardError.isEmpty, "\(reader) \(comment) \(outcome)", sourceLocation: location)
      #expect(
        try difference("decoded.img", expected) == nil, "\(reader) \(comment)", sourceLocation: location)
    }
    try Shell.prepare("rm -f decoded.img", in: self)
  }
}

import ArgumentParser
import DiskConversion
import ParallelsBundle
import ParallelsFormat
import StreamIO

/// Advice about an error, in terms of the command that met it.
struct Hint {
  private let error: ConversionError
  private let command: (any ParsableCommand)?

  init(_ error: ConversionError, of command: (any ParsableCommand)?) {
    self.error = error
    self.command = command
  }

  /// One line, or nil.
  var text: String? {
    switch error.cause {
    case .header(.notClosed):
      option("--allow-dirty converts it as it is; closing it cleanly or repairing it first is safer")
    case .untrustedBitmap: "convert the whole disk to a new file instead"
    case .outOfMemory: "use fewer threads (--threads), or raise the limit on memory"
    case .header(.tableTooShort), .entry: option("--salvage converts what is there and fills the rest with zeros")
    case .header(.emptyFlagWithData): option("--salvage ignores the flag and reads the data")
    case .exists: "--force replaces it"
    case .cannotShare: "--reflink auto copies what cannot be shared"
    case .format(.tooLargeForLegacyLayout): "--layout ext has no such limit, nor has --plain in a bundle"
    case .formatExtension(.necessaryFeature): "--drop-bitmaps leaves the whole format extension out"
    case .isBlockDevice: "--force overwrites the device"
    case .takesMessages: "send stderr elsewhere: 2> FILE instead of 2>&1"
    case .hasContents: "--force truncates the file where the output begins"
    case .isParallelsImage:
      "prl2prl rewrites it, and prl2raw makes a raw disk; --input-format raw takes its bytes as the disk"
    case .isBundle: "name one of its images, with --alone"
    case .isCompressed: "decompress it first: gzip -dc \(file) \(destination)"
    case .isForeign(let format): advice(on: format)
    case .isEmpty:
      "the command that sends it has probably failed"
        + (command is Compare ? "" : "; --size converts it to a disk of zeros")
    case .bundle(let problem) where problem.kind == .file: "--allow-external opens files outside the bundle"
    case .severalDisks: "name one of them"
    case .isPartOfBundle(let bundle): "name the bundle: \(bundle); --alone reads the image by itself"
    case .cannotVerify: "use files, or leave out --verify"
    case .isNotCopy: "convert the whole disk to a new file instead"
    case .verificationFailed: "the storage may be faulty: try another device, and test this one"
    case .file(let error) where error.isRefusedSharing: "--reflink auto copies what cannot be shared"
    case .file(let error) where error.isDirectory: "a bundle (.hdd) is a folder with a DiskDescriptor.xml"
    default: nil
    }
  }

  /// Advice to use an option that commands which only inspect an image do not have.
  private func option(_ text: String) -> String {
    switch command {
    case is Compare, is Map, is Info, is Check, is Measure: "prl2raw " + text
    default: text
    }
  }

  private var file: String { error.path == "stdin" ? "FILE" : error.path.shellQuoted }

  /// Where the bytes of another program should go, as the end of a command line.
  private var destination: String {
    switch command {
    case is Compare: "| prlconv compare - OTHER"
    case is Map, is Info, is Check: "> IMAGE"
    case is Measure: "| prlconv measure -"
    case let command?: "| prlconv \(type(of: command).configuration.commandName ?? "") - OUTPUT"
    case nil: "> IMAGE"
    }
  }

  /// A command that makes something useful of a file in another format.
  private func advice(on format: ForeignFormat) -> String {
    switch format {
    case .qcow2, .vmdk, .vdi, .vhdx, .vhd, .qed, .dmg: "qemu-img convert -O raw \(file) OUTPUT.img"
    case .xz, .zstd, .bzip2, .lz4, .lzip: "\(format.rawValue) -dc \(file) \(destination)"
    case .zip: "unzip -p \(file) \(destination)"
    case .sevenZip: "7z x -so \(file) \(destination)"
    case .tar: "tar -xOf \(file) MEMBER \(destination)"
    case .html: "a download has probably failed: head -c 500 \(file)"
    case .descriptor: "prlconv prl2raw \(file) OUTPUT makes a raw disk; prl2prl rewrites it"
    }
  }
}

extension String {
  /// The text as a shell takes it for one word.
  fileprivate var shellQuoted: String {
    let plain = utf8.allSatisfy { byte in
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,:@%-".utf8.contains(byte)
    }
    guard !plain || utf8.first == UInt8(ascii: "-") else { return self }
    // By scalars: as a character, a quote and a combining mark after it are one, and not a quote.
    return "'" + unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
  }
}

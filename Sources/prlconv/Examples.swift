/// A command line that the reader can paste.
struct Example {
  var purpose: String
  var line: String

  init(_ purpose: String, _ line: String) {
    self.purpose = purpose
    self.line = line
  }
}

/// The examples of each command, which both `--help` and the man pages show.
enum Examples {
  /// By command name; the tests run each line unchanged.
  static let byCommand: [String: [Example]] = [
    "prlconv": [
      Example("Convert a raw disk to a Parallels image:", "prlconv raw2prl disk.img disk.hds"),
      Example("Convert it back:", "prlconv prl2raw disk.hds copy.img"),
      Example("Check that both hold the same data:", "prlconv compare disk.img disk.hds"),
    ],
    "raw2prl": [
      Example("Make a bundle for Parallels Desktop:", "prlconv raw2prl disk.img disk.hdd"),
      Example("Convert a compressed disk to an image of 2 GiB:", "prlconv raw2prl --size 2G disk.raw.gz disk.hds"),
      Example(
        "Convert a disk from another host, without a local copy:",
        "ssh host 'cat disk.img' | prlconv raw2prl - remote.hds"),
    ],
    "prl2raw": [
      Example("Convert an image, turning zeros into holes:", "prlconv prl2raw disk.hds disk.img"),
      Example(
        "Compress on all cores and send the result to another host:",
        "prlconv prl2raw -z disk.hds | ssh host 'cat > disk.raw.gz'"),
      Example(
        "Save what is left of a damaged image, and list the losses:",
        "prlconv prl2raw --salvage damaged.hds saved.img 2> losses.txt"),
    ],
    "prl2prl": [
      Example("Flatten all snapshots of a bundle into a new one:", "prlconv prl2prl disk.hdd flat.hdd"),
      Example(
        "Write an image with smaller clusters, without zeros:", "prlconv prl2prl --cluster-size 64K disk.hds small.hds"),
      Example("Make a sound image of a damaged one:", "prlconv prl2prl --salvage damaged.hds sound.hds"),
    ],
    "info": [
      Example("Show everything that the image says about itself:", "prlconv info disk.hds"),
      Example(
        "Print the size of its disk, for a script:", "prlconv info --output json disk.hds | jq '.\"virtual-size\"'"),
      Example("List its dirty bitmaps:", "prlconv info disk.hds | grep 'dirty bitmap'"),
    ],
    "check": [
      Example("See what is wrong with the image, and what prl2raw can do:", "prlconv check disk.hds"),
      Example(
        "Convert the image only if it is sound:",
        "prlconv check disk.hds > report.txt && prlconv prl2raw disk.hds disk.img"),
      Example(
        "Print the kinds of problems, for a script:", "prlconv check --output json disk.hds | jq '.problems[].kind'"),
    ],
    "map": [
      Example("See where the data of the disk is:", "prlconv map disk.hds"),
      Example(
        "Count the bytes of data:",
        "prlconv map --totals disk.hds"),
      Example("See what a dirty bitmap marks; the start of its ID is enough:", "prlconv map --bitmap 6fe9 disk.hds"),
    ],
    "compare": [
      Example("Check whether the image holds this disk:", "prlconv compare disk.img disk.hds"),
      Example(
        "Do the same for a compressed backup, in a script:", "prlconv compare -q disk.raw.gz disk.hds && echo same"),
      Example("Do the same for a disk on another host:", "ssh host 'cat disk.img' | prlconv compare - disk.hds"),
    ],
    "measure": [
      Example("See how large the image will be, and how large it can grow:", "prlconv measure disk.img"),
      Example("Do the same for smaller clusters:", "prlconv measure --cluster-size 64K disk.raw.gz"),
      Example("Print the size in bytes, for a script:", "prlconv measure --output json disk.img | jq .required"),
    ],
  ]
}

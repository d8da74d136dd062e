/// A command line that a reader can paste.
struct Example {
  var purpose: String
  var line: String

  init(_ purpose: String, _ line: String) {
    self.purpose = purpose
    self.line = line
  }
}

/// The examples of each command, here and nowhere else: the help ends with them, and the man pages take them from there.
enum Examples {
  /// By the command's name; the tests run them as they stand.
  static let byCommand: [String: [Example]] = [
    "prlconv": [
      Example("A raw disk into a Parallels image:", "prlconv raw2prl disk.img disk.hds"),
      Example("And back:", "prlconv prl2raw disk.hds copy.img"),
      Example("Do they hold the same bytes?", "prlconv compare disk.img disk.hds"),
    ],
    "raw2prl": [
      Example("A raw disk; clusters of zeros take no room in the image:", "prlconv raw2prl disk.img disk.hds"),
      Example(
        "A compressed one, as a disk of 2 GiB, for Parallels Desktop:",
        "prlconv raw2prl --size 2G --layout legacy disk.raw.gz desktop.hds"),
      Example("From another host, without room for a copy:", "ssh host 'cat disk.img' | prlconv raw2prl - remote.hds"),
    ],
    "prl2raw": [
      Example("An image; zeros become holes:", "prlconv prl2raw disk.hds disk.img"),
      Example(
        "Compressed on all cores, to another host:", "prlconv prl2raw -z disk.hds | ssh host 'cat > disk.raw.gz'"),
      Example(
        "What can be had of a damaged image, and a list of what can't:",
        "prlconv prl2raw --salvage damaged.hds saved.img 2> losses.txt"),
    ],
    "info": [
      Example("All that the image says of itself:", "prlconv info disk.hds"),
      Example("The size of its disk, for a script:", "prlconv info --output json disk.hds | jq '.\"virtual-size\"'"),
      Example("Its dirty bitmaps:", "prlconv info disk.hds | grep 'dirty bitmap'"),
    ],
    "check": [
      Example("What is wrong with the image, and what can be done:", "prlconv check disk.hds"),
      Example(
        "Convert only what is sound:", "prlconv check disk.hds > report.txt && prlconv prl2raw disk.hds disk.img"),
      Example("The kinds of problems, for a script:", "prlconv check --output json disk.hds | jq '.problems[].kind'"),
    ],
    "map": [
      Example("Where the data of the disk is:", "prlconv map disk.hds"),
      Example(
        "How much of it there is, in bytes:",
        "prlconv map --output json disk.hds | jq 'map(select(.data).length) | add'"),
      Example("What a dirty bitmap marks; how its id begins is enough:", "prlconv map --bitmap 6fe9 disk.hds"),
    ],
    "compare": [
      Example("Is this the disk that the image was made from?", "prlconv compare disk.img disk.hds"),
      Example("The same for a compressed backup, in a script:", "prlconv compare -q disk.raw.gz disk.hds && echo same"),
      Example("And for a disk on another host:", "ssh host 'cat disk.img' | prlconv compare - disk.hds"),
    ],
    "measure": [
      Example("How large the image will be, and could become:", "prlconv measure disk.img"),
      Example("The same with smaller clusters:", "prlconv measure --cluster-size 64K disk.raw.gz"),
      Example("In bytes, for a script:", "prlconv measure --output json disk.img | jq .required"),
    ],
  ]
}

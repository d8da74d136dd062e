import TestSupport

/// The commands that have a page and a help of their own.
enum Documented: String, CaseIterable {
  case prlconv, raw2prl, prl2raw, prl2prl, info, check, map, compare, measure

  var page: String { "\(Project.folder)/Documentation/man/\(self == .prlconv ? "" : "prlconv-")\(rawValue).1" }
  var helpOption: String { self == .prlconv ? "--help" : "\(rawValue) --help" }
}

import Foundation
import TestSupport
import Testing

@testable import ParallelsFormat

@Suite("The table of rules")
struct RuleTableTests {
  private static let head = [
    "| rule | what breaks it | severity | default | `--salvage` |",
    "|---|---|---|---|---|",
  ]

  @Test("Documentation/Format.md has a row for each rule, in order")
  func document() throws {
    let expected = Self.head + Rule.all.map(\.row)
    let found = try lines(of: "Documentation/Format.md").drop { $0 != Self.head[0] }.prefix { $0.hasPrefix("|") }
    for (line, expectedLine) in zip(found, expected) where line != expectedLine {
      Issue.record("found    \(line)\nexpected \(expectedLine)")
    }
    #expect(Array(found) == expected, "Expected:\n\(expected.joined(separator: "\n"))")
  }

  @Test("The list has each rule that is declared, once")
  func complete() throws {
    let declared = try lines(of: "Sources/ParallelsFormat/Rules/Rule.swift").count { line in
      line.hasPrefix("  public static let ") && line.contains(" = Rule(")
    }
    #expect(Rule.all.count == declared)
    #expect(Set(Rule.all.map(\.word)).count == declared)
  }

  @Test("A word is lower-case words with hyphens, for scripts")
  func words() {
    for rule in Rule.all {
      #expect(!rule.word.isEmpty && rule.word.allSatisfy { ("a"..."z").contains($0) || $0 == "-" }, "\(rule)")
    }
  }

  @Test("An image is refused for corruption only")
  func severity() {
    for rule in Rule.all where rule.severity != .corruption {
      #expect(rule.reading == .silent || rule.reading == .warned, "\(rule)")
    }
  }

  @Test("The disk does not depend on the extension, so it is read whatever is wrong with that")
  func extensionRules() {
    for rule in Rule.all where rule.word.hasPrefix("extension-") || rule.word.hasPrefix("bitmap-") {
      #expect(rule.reading == .silent || rule.reading == .warned, "\(rule)")
    }
  }

  @Test("Nothing is done to the disk but what is reported")
  func losses() {
    for remedy in Rule.all.compactMap(\.reading.remedy) where remedy.isLoss { #expect(remedy.note != nil) }
  }

  private func lines(of path: String) throws -> [String] {
    try Project.text(path).components(separatedBy: "\n")
  }
}

extension Rule {
  fileprivate var row: String {
    "| `\(word)` | \(summary) | \(severity.rawValue) | \(reading.byDefault) | \(reading.withSalvage) |"
  }
}

extension Reading {
  fileprivate var byDefault: String {
    switch self {
    case .silent: "read"
    case .warned: "read, with a warning"
    case .refused, .refusedUnless(.salvage, _): "refused"
    case .refusedUnless(.dirty, _): "refused (`--allow-dirty` reads it)"
    }
  }

  fileprivate var withSalvage: String {
    switch remedy {
    case nil: byDefault
    case .asItIs, .readAnyway: "read, with a warning"
    case .zerosInstead: "zeros"
    case .zerosForTheRest: "what is there, then zeros"
    case .asItSays: "read anyway, counted as a loss"
    }
  }
}

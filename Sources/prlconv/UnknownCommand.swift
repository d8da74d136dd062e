/// The first argument is not the name of a command.
struct UnknownCommand: Error {
  let name: String
  let commandNames: [String]

  var hint: String {
    let nearest = commandNames.map { (name: $0, distance: Self.distance(name, $0)) }.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= 2 else { return "prlconv --help lists the commands" }
    return "did you mean prlconv \(nearest.name)?"
  }

  /// The number of letters to insert, remove, change or swap with their neighbour to make one word of another.
  private static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first), Array(second))
    var rows = [Array(0...second.count)]
    for (i, letter) in first.enumerated() {
      var row = [i + 1]
      for (j, other) in second.enumerated() {
        var least = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == second[j - 1], first[i - 1] == other { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[first.count][second.count]
  }
}

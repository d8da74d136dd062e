extension FixedWidthInteger {
  /// Adds a number that comes from files; where the sum would overflow, it is the largest number.
  package mutating func addSaturating(_ other: Self) {
    let (sum, overflow) = addingReportingOverflow(other)
    self = overflow ? .max : sum
  }

  /// The sum of two such numbers.
  package func saturating(_ other: Self) -> Self {
    var sum = self
    sum.addSaturating(other)
    return sum
  }
}

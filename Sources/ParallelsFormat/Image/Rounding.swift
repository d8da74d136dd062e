extension UInt64 {
  /// The quotient, rounded up; `divisor` must not be 0.
  package func dividedRoundingUp(by divisor: UInt64) -> UInt64 { self / divisor + (self % divisor == 0 ? 0 : 1) }
}

import Foundation

/// The first index at which two arrays differ, or where the shorter one ends; nil when they are the same.
public func firstDifference(_ first: [UInt8], _ second: [UInt8]) -> Int? {
  let end = min(first.count, second.count)
  // A loop over every byte takes its time in a debug build, so it is left for arrays that differ.
  if memcmp(first, second, end) != 0 { return (0..<end).first { first[$0] != second[$0] } }
  return first.count == second.count ? nil : end
}

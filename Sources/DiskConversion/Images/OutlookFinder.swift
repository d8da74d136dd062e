import ParallelsFormat

/// Predicts what a conversion would do with an image from what it does about each broken rule.
struct OutlookFinder {
  private var isRefused = false
  private var needsConsent = false
  private var lostClusters: UInt64 = 0
  private var sharedClusters: UInt64 = 0

  /// Adds another problem; `clusterCount` is the number of disk clusters that it affects, if any.
  mutating func take(_ reading: Reading, clusterCount: UInt64) {
    switch reading {
    case .silent, .warned: break
    case .refused: isRefused = true
    case .refusedUnless(_, let remedy):
      needsConsent = true
      switch remedy {
      case .asItIs, .readAnyway: break
      case .zerosInstead, .zerosForTheRest: lostClusters += clusterCount
      case .asItSays: sharedClusters += clusterCount
      }
    }
  }

  /// The prediction, which the worst problem determines.
  var outlook: ImageCheck.Outlook {
    if isRefused { return .refuses }
    if lostClusters > 0 || sharedClusters > 0 {
      return .salvages(lostClusters: lostClusters, sharedClusters: sharedClusters)
    }
    return needsConsent ? .convertsWhenAllowed : .converts
  }
}

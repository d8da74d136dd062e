import ParallelsFormat

/// Finds out what a conversion would make of an image from what it does about each broken rule.
struct OutlookFinder {
  private var isRefused = false
  private var needsConsent = false
  private var lostClusters: UInt64 = 0
  private var sharedClusters: UInt64 = 0

  /// Takes what is done about one more problem, of `clusterCount` clusters if it is about the disk's clusters.
  mutating func take(_ reading: Reading, clusterCount: UInt64) {
    switch reading {
    case .silent, .warned: break
    case .refused: isRefused = true
    case .refusedUnless(_, let remedy):
      needsConsent = true
      switch remedy {
      case .asItIs, .allTheSame: break
      case .zerosInstead, .zerosForTheRest: lostClusters += clusterCount
      case .asItSays: sharedClusters += clusterCount
      }
    }
  }

  /// What all of it comes to: the worst decides.
  var outlook: ImageCheck.Outlook {
    if isRefused { return .refuses }
    if lostClusters > 0 || sharedClusters > 0 {
      return .salvages(lostClusters: lostClusters, sharedClusters: sharedClusters)
    }
    return needsConsent ? .convertsWhenAllowed : .converts
  }
}

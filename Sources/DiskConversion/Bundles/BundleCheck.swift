import ParallelsBundle
import ParallelsFormat
import StreamIO

/// Checks a bundle: its descriptor, its snapshots, and each of its images.
struct BundleCheck {
  private let bundle: BundleFolder
  private let policy: ReadingPolicy
  private let control: ConversionControl
  private let body: (CheckProblem) -> Void
  private var result = ImageCheck.Result()
  /// The worst outlook of an image, for what is lost.
  private var imageOutlook = ImageCheck.Outlook.converts

  /// Checks `bundle` and calls `body` with each problem.
  static func run(
    _ bundle: BundleFolder, policy: ReadingPolicy, control: ConversionControl, body: @escaping (CheckProblem) -> Void
  ) throws(ConversionError) -> ImageCheck.Result {
    // A name that the user got wrong is not a fault of the bundle.
    if let name = policy.snapshot, name != "current" {
      _ = try convertingBundle(bundle.name, bundle.tree.state(named: name))
    }
    var check = BundleCheck(bundle: bundle, policy: policy, control: control, body: body)
    check.checkSnapshots()
    for storage in bundle.descriptor.storages {
      for image in storage.images { try check.check(image, of: storage) }
    }
    check.checkState()
    check.result.outlook = check.outlook()
    return check.result
  }

  /// The result for a bundle whose descriptor can't be used at all.
  static func refused(_ problem: BundleProblem, _ body: (CheckProblem) -> Void) -> ImageCheck.Result {
    body(CheckProblem(problem, fileName: BundleLocation.descriptorName))
    var result = ImageCheck.Result()
    (result.corruptionCount, result.outlook) = (1, .refuses)
    return result
  }

  private init(
    bundle: BundleFolder, policy: ReadingPolicy, control: ConversionControl, body: @escaping (CheckProblem) -> Void
  ) {
    (self.bundle, self.policy, self.control, self.body) = (bundle, policy, control, body)
  }

  /// Every snapshot must have a chain, with an image in each storage.
  private mutating func checkSnapshots() {
    var reported: [BundleProblem] = []
    for snapshot in bundle.descriptor.snapshots {
      do throws(BundleProblem) {
        _ = try bundle.tree.chain(of: snapshot.id)
      } catch {
        if !reported.contains(error) { report(error) }
        reported.append(error)
      }
      let lacking = bundle.descriptor.storages.first { !$0.images.contains { $0.id == snapshot.id } }
      if let lacking {
        let place = "the storage at byte \(lacking.range.lowerBound)"
        report(BundleProblem(.missingImage, "snapshot {\(snapshot.id)} has no image for \(place)"))
      }
    }
    if case .failure(let problem) = Result(catching: { () throws(BundleProblem) in try bundle.tree.current() }) {
      report(problem)
    }
  }

  /// Reports what a conversion of the chosen state would warn of or refuse, as far as it was not found yet.
  private mutating func checkState() {
    do throws(ConversionError) {
      for warning in try BundleState(policy.snapshot, of: bundle, control: control).warnings { report(warning) }
    } catch {
      guard result.corruptionCount == 0 else { return }
      if case .bundle(let problem) = error.cause {
        report(problem)
      } else {
        report(BundleProblem(.file, error.description))
      }
    }
  }

  private mutating func check(_ listed: DiskDescriptor.Image, of storage: DiskDescriptor.Storage)
    throws(ConversionError)
  {
    let image: BundleImage
    do throws(ConversionError) {
      image = try BundleImage(listed, of: storage, in: bundle, control: control)
    } catch {
      switch error.cause {
      case .bundle(let problem): return report(problem)
      case .format(let problem): return take(CheckProblem(problem), of: listed.file)
      default: return report(BundleProblem(.file, error.description))
      }
    }
    guard case .expandable(let file) = image.contents else { return }
    let part = ImageCheck.run(file) { [body] problem in
      var problem = problem
      problem.fileName = listed.file
      body(problem)
    }
    result.add(part)
    if case .converts = part.outlook { return }
    imageOutlook = imageOutlook.joined(with: part.outlook)
  }

  /// What a conversion of the chosen state would do: only what can be seen of the images counts.
  private func outlook() -> ImageCheck.Outlook {
    var policy = policy
    if isReadable(by: policy) { return .converts }
    policy.allowsDirty = true
    if isReadable(by: policy) { return .convertsWhenAllowed }
    policy.salvages = true
    guard isReadable(by: policy) else { return .refuses }
    return imageOutlook
  }

  private func isReadable(by policy: ReadingPolicy) -> Bool {
    let silent = Events { _ in }
    guard let state = try? BundleState(policy.snapshot, of: bundle, control: control) else { return false }
    return (try? BundleDisk(state, policy: policy, events: silent)) != nil
  }

  private mutating func report(_ problem: BundleProblem) {
    take(CheckProblem(problem, fileName: BundleLocation.descriptorName), of: BundleLocation.descriptorName)
  }

  private mutating func take(_ problem: CheckProblem, of file: String) {
    var problem = problem
    problem.fileName = file
    if problem.rule.severity == .corruption { result.corruptionCount += 1 } else { result.warningCount += 1 }
    body(problem)
  }
}

extension ImageCheck.Result {
  /// Adds what was found in another image of the same bundle.
  fileprivate mutating func add(_ other: ImageCheck.Result) {
    corruptionCount += other.corruptionCount
    warningCount += other.warningCount
    leakedClusterCount.addSaturating(other.leakedClusterCount)
    clusterCount.addSaturating(other.clusterCount)
    allocatedClusterCount = (allocatedClusterCount ?? 0) + (other.allocatedClusterCount ?? 0)
    fragmentedClusterCount = (fragmentedClusterCount ?? 0) + (other.fragmentedClusterCount ?? 0)
  }
}

extension ImageCheck.Outlook {
  /// The outlook for two images together.
  fileprivate func joined(with other: Self) -> Self {
    switch (self, other) {
    case (.refuses, _), (_, .refuses): .refuses
    case (.salvages(let lost, let shared), .salvages(let otherLost, let otherShared)):
      .salvages(lostClusters: lost.saturating(otherLost), sharedClusters: shared.saturating(otherShared))
    case (.salvages, _): self
    case (_, .salvages), (.converts, _): other
    case (.convertsWhenAllowed, _): self
    }
  }
}

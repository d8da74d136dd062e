import StreamIO
@testable import DiskConversion

/// What a conversion reported while it ran.
final class Notes: Sendable {
  private let all = Locked<[ConversionControl.Event]>([], label: "tests.notes")

  /// Takes a report, from any thread.
  var add: @Sendable (ConversionControl.Event) -> Void {
    { [all] event in all.with { $0.append(event) } }
  }

  /// Everything that was reported, in order.
  var events: [ConversionControl.Event] { all.with { $0 } }

  /// The texts of the losses among it.
  var losses: [String] {
    events.compactMap { event in
      guard case .loss(_, let text) = event else { return nil }
      return text
    }
  }
}

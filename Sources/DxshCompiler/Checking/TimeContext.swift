package import DxshTime

/// What a check may know of time, to say what becomes of schedules.
///
/// An argument of `compile`, never ambient, so that a check of the same text at the same moment says the same.
package struct TimeContext: Sendable {
  /// Changes of clocks in the five years after this moment are looked at; none when it is nil.
  package var asOf: Timestamp?
  /// The time zones there are; names are not looked up when it is nil.
  package var zones: ZoneDatabase?

  package init(asOf: Timestamp?, zones: ZoneDatabase?) {
    self.asOf = asOf
    self.zones = zones
  }

  /// The day of the moment, in UTC.
  var today: CivilDate? {
    asOf.map { CivilDate(daysSinceEpoch: Int(($0.seconds - ($0.seconds < 0 ? 86_399 : 0)) / 86_400)) }
  }

  /// Neither a moment nor zones.
  package static let none = TimeContext(asOf: nil, zones: nil)
}

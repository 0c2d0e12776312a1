import DxshTime

/// Times as the store has them.
extension Timestamp {
  /// Since the epoch, rounded down.
  var milliseconds: Int64 { seconds * 1000 + Int64(nanoseconds) / 1_000_000 }

  /// Since the epoch: no earlier than the moment.
  var millisecondsRoundedUp: Int64 { seconds * 1000 + (Int64(nanoseconds) + 999_999) / 1_000_000 }

  init(milliseconds: Int64) {
    self = Timestamp(seconds: milliseconds / 1000, nanoseconds: milliseconds % 1000 * 1_000_000) ?? .epoch
  }
}

/// A span counted in one unit, as CEL's accessors on durations count it: whole units of the total, rounded towards
/// zero.
extension TimeSpan {
  /// `getHours`
  package var wholeHours: Int64 { seconds / 3600 }
  /// `getMinutes`
  package var wholeMinutes: Int64 { seconds / 60 }
  /// `getSeconds`
  package var wholeSeconds: Int64 { seconds }

  /// `getMilliseconds`: only what is left beside whole seconds, with the sign of the span; 321 for 123.321456789 s,
  /// -500 for -1.5 s.
  package var millisecondsBesideSeconds: Int64 { Int64(nanoseconds / 1_000_000) }
}

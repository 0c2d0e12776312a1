/// A point in time in nanoseconds since the Unix epoch, in UTC: dxsh's `timestamp`.
///
/// The range is that of `google.protobuf.Timestamp` (0001-01-01T00:00:00Z … 9999-12-31T23:59:59.999999999Z),
/// which the CEL specification uses; arithmetic returns nil outside it.
package struct Timestamp: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  package let seconds: Int64
  /// 0 … 999,999,999, always counted forwards.
  package let nanoseconds: Int32

  package static let epoch = Timestamp(unchecked: 0, 0)
  package static let minimumSeconds: Int64 = -62_135_596_800
  package static let maximumSeconds: Int64 = 253_402_300_799

  private init(unchecked seconds: Int64, _ nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Nil outside the range.
  package init?(seconds: Int64, nanoseconds: Int64) {
    let billion: Int64 = 1_000_000_000
    var carry = nanoseconds / billion
    var rest = nanoseconds % billion
    if rest < 0 {
      carry -= 1
      rest += billion
    }
    let (whole, overflow) = seconds.addingReportingOverflow(carry)
    guard !overflow, whole >= Self.minimumSeconds, whole <= Self.maximumSeconds else { return nil }
    self.init(unchecked: whole, Int32(rest))
  }

  package func adding(_ span: TimeSpan) -> Timestamp? {
    Timestamp(seconds: seconds + span.seconds, nanoseconds: Int64(nanoseconds) + Int64(span.nanoseconds))
  }

  /// The span from `earlier` to the receiver; always in range.
  package func since(_ earlier: Timestamp) -> TimeSpan {
    let span = TimeSpan(
      seconds: seconds - earlier.seconds, nanoseconds: Int64(nanoseconds) - Int64(earlier.nanoseconds))
    guard let span else { preconditionFailure("two timestamps are at most 10,000 years apart") }
    return span
  }
}

extension Timestamp: Comparable {
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// A length of time in nanoseconds, positive or negative: dxsh's `duration`.
///
/// The range is that of `google.protobuf.Duration` (±315,576,000,000 s, about 10,000 years), which the CEL
/// specification uses; arithmetic returns nil outside it. Both parts have the same sign.
package struct TimeSpan: Hashable, Sendable {
  package let seconds: Int64
  /// -999,999,999 … 999,999,999
  package let nanoseconds: Int32

  package static let zero = TimeSpan(unchecked: 0, 0)
  package static let maximumSeconds: Int64 = 315_576_000_000

  private init(unchecked seconds: Int64, _ nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// A span of whole seconds and any number of nanoseconds; nil outside the range.
  package init?(seconds: Int64, nanoseconds: Int64) {
    let billion: Int64 = 1_000_000_000
    let (carried, overflow) = seconds.addingReportingOverflow(nanoseconds / billion)
    guard !overflow else { return nil }
    var whole = carried
    var rest = nanoseconds % billion
    if whole > 0, rest < 0 {
      whole -= 1
      rest += billion
    } else if whole < 0, rest > 0 {
      whole += 1
      rest -= billion
    }
    let seconds = whole.magnitude
    guard seconds < Self.maximumSeconds || (seconds == Self.maximumSeconds && rest == 0) else { return nil }
    self.init(unchecked: whole, Int32(rest))
  }

  /// A span of milliseconds. Every Int64 of at most 2^53 in magnitude is in range.
  package init?(milliseconds: Int64) {
    self.init(seconds: milliseconds / 1000, nanoseconds: milliseconds % 1000 * 1_000_000)
  }

  /// A span of nanoseconds; every Int64 is in range (±292 years).
  package init(nanoseconds: Int64) {
    self.init(unchecked: nanoseconds / 1_000_000_000, Int32(nanoseconds % 1_000_000_000))
  }

  /// The whole span in nanoseconds, clamped to the range of Int64 (±292 years).
  package var clampedNanoseconds: Int64 {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflowed) = product.addingReportingOverflow(Int64(nanoseconds))
    return overflow || overflowed ? (seconds < 0 ? .min : .max) : sum
  }

  /// Whether the span is a whole number of nanoseconds in 64 bits (±292 years): what CEL's arithmetic on durations is
  /// limited to (cel-go and cel-cpp; the conformance cases of `timestamps/timestamp_range`).
  package var fitsNanoseconds: Bool {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return !overflow && !product.addingReportingOverflow(Int64(nanoseconds)).overflow
  }

  package var isNegative: Bool { seconds < 0 || nanoseconds < 0 }

  package func adding(_ other: TimeSpan) -> TimeSpan? {
    TimeSpan(seconds: seconds + other.seconds, nanoseconds: Int64(nanoseconds) + Int64(other.nanoseconds))
  }

  package func subtracting(_ other: TimeSpan) -> TimeSpan? {
    TimeSpan(seconds: seconds - other.seconds, nanoseconds: Int64(nanoseconds) - Int64(other.nanoseconds))
  }

  package func multiplied(by factor: Int64) -> TimeSpan? {
    let (high, overflow) = seconds.multipliedReportingOverflow(by: factor)
    let (low, overflowed) = Int64(nanoseconds).multipliedReportingOverflow(by: factor)
    return overflow || overflowed ? nil : TimeSpan(seconds: high, nanoseconds: low)
  }

  /// Nil when the divisor is zero. Rounds towards zero.
  package func divided(by divisor: Int64) -> TimeSpan? {
    guard divisor != 0 else { return nil }
    let total = (Int128(seconds) * 1_000_000_000 + Int128(nanoseconds)) / Int128(divisor)
    return TimeSpan(seconds: Int64(total / 1_000_000_000), nanoseconds: Int64(total % 1_000_000_000))
  }

  package var negated: TimeSpan { TimeSpan(unchecked: -seconds, -nanoseconds) }
}

extension TimeSpan: Comparable {
  package static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

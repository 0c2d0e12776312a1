/// The four operations; nil when the result is 10^34 or more.
extension Decimal {
  package func adding(_ other: Decimal) -> Decimal? {
    // The sum has the digits of the one with more of them behind the point.
    let (coarse, fine) = scale <= other.scale ? (self, other) : (other, self)
    if coarse.isZero { return fine }
    let digits = fine.scale - coarse.scale
    // At most 38 digits: four more than a result can keep, so that what is left of `fine` only matters for rounding.
    let zeros = min(digits, PowersOfTen.count - 1 - PowersOfTen.digits(coarse.coefficient))
    let high = coarse.coefficient * PowersOfTen[zeros]
    var (low, rest) = (fine.coefficient, 0 as UInt128)
    if digits > zeros {
      let isGone = digits - zeros >= PowersOfTen.count
      (low, rest) = isGone ? (0, low) : low.quotientAndRemainder(dividingBy: PowersOfTen[digits - zeros])
    }
    let scale = coarse.scale + zeros
    if coarse.isNegative == fine.isNegative {
      return Self.fitting(coarse.isNegative, high + low, scale: scale, isMore: rest > 0)
    }
    if high < low { return Self.fitting(fine.isNegative, low - high, scale: scale) }
    // When something is left, `high` has 38 digits and `low` at most 34.
    return Self.fitting(coarse.isNegative, high - low - (rest > 0 ? 1 : 0), scale: scale, isMore: rest > 0)
  }

  package func subtracting(_ other: Decimal) -> Decimal? { adding(other.negated) }

  package func multiplied(by other: Decimal) -> Decimal? {
    let isNegative = isNegative != other.isNegative
    let scale = scale + other.scale
    let (product, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
    if !overflow { return Self.fitting(isNegative, product, scale: scale) }
    // 39 to 68 digits, of which 36 or 37 stay: enough to round once.
    let drop = PowersOfTen.digits(coefficient) + PowersOfTen.digits(other.coefficient) - 37
    let wide = coefficient.multipliedFullWidth(by: other.coefficient)
    let (kept, rest) = PowersOfTen[drop].dividingFullWidth(wide)
    return Self.fitting(isNegative, kept, scale: scale - drop, isMore: rest > 0)
  }

  /// Nil when the divisor is zero, too.
  package func divided(by other: Decimal) -> Decimal? {
    guard !other.isZero else { return nil }
    let isNegative = isNegative != other.isNegative
    let preferred = scale - other.scale
    let (whole, remainder) = coefficient.quotientAndRemainder(dividingBy: other.coefficient)
    if remainder == 0 { return Self.fitting(isNegative, whole, scale: preferred) }
    // As many zeros as give a quotient of 36 or 37 digits: enough to round once.
    let digits = PowersOfTen.digits(coefficient)
    let zeros = PowersOfTen.digits(other.coefficient) - digits + 36
    let first = min(zeros, PowersOfTen.count - 1 - digits)
    let wide = (coefficient * PowersOfTen[first]).multipliedFullWidth(by: PowersOfTen[zeros - first])
    let (quotient, rest) = other.coefficient.dividingFullWidth(wide)
    let scale = preferred + zeros
    if rest > 0 { return Self.fitting(isNegative, quotient, scale: scale, isMore: true) }
    let (exact, removed) = PowersOfTen.strip(quotient, atMost: max(0, scale - max(0, preferred)))
    return Self.fitting(isNegative, exact, scale: scale - removed)
  }
}

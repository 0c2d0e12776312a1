/// Which of the two nearest numbers stands for one between them.
package enum RoundingMode: String, Sendable, CaseIterable {
  /// The nearer one, of two equally near ones the one with an even last digit.
  case halfEven = "half_even"
  /// The nearer one, of two equally near ones the one farther from zero.
  case halfUp = "half_up"
  /// The one farther from zero.
  case up
  /// The one nearer to zero.
  case down
  /// The lesser one.
  case floor
  /// The greater one.
  case ceiling
}

extension Decimal {
  /// With exactly so many digits behind the point, filled up with zeros as far as 34 digits allow; a negative number
  /// of digits rounds to tens, hundreds and so on, and leaves none behind the point. Nil when the result is 10^34 or
  /// more.
  package func rounded(to digits: Int, _ mode: RoundingMode = .halfEven) -> Decimal? {
    if digits >= scale {
      let room = Self.digitLimit - PowersOfTen.digits(coefficient)
      let zeros = min(digits - scale, coefficient == 0 ? .max : room, Self.scaleLimit - scale)
      return Decimal(isNegative, coefficient == 0 ? 0 : coefficient * PowersOfTen[zeros], scale: scale + zeros)
    }
    // Dropping more digits than there are is the same for all of them.
    let drop = digits < -Self.digitLimit ? scale + Self.digitLimit + 1 : scale - digits
    let kept = Self.drop(drop, of: coefficient, mode, isNegative: isNegative)
    return Self.fitting(isNegative, kept, scale: scale - drop)
  }

  /// The number nearest to coefficient × 10^-scale, plus less than one unit of it when `isMore`; nil when it is 10^34
  /// or more. With `isMore` the coefficient has more than 34 digits.
  static func fitting(_ isNegative: Bool, _ coefficient: UInt128, scale: Int, isMore: Bool = false) -> Decimal? {
    let digits = PowersOfTen.digits(coefficient)
    let drop = max(digits - digitLimit, scale - scaleLimit)
    if drop <= 0 {
      if scale >= 0 { return Decimal(isNegative, coefficient, scale: scale) }
      guard coefficient != 0 else { return zero }
      guard digits - scale <= digitLimit else { return nil }
      return Decimal(isNegative, coefficient * PowersOfTen[-scale], scale: 0)
    }
    guard scale >= drop else { return nil }
    let kept = Self.drop(drop, of: coefficient, .halfEven, isNegative: isNegative, isMore: isMore)
    guard kept == PowersOfTen[digitLimit] else { return Decimal(isNegative, kept, scale: scale - drop) }
    return scale > drop ? Decimal(isNegative, kept / 10, scale: scale - drop - 1) : nil
  }

  /// The coefficient without its last digits, rounded; `drop` is at least 1.
  private static func drop(
    _ drop: Int, of coefficient: UInt128, _ mode: RoundingMode, isNegative: Bool, isMore: Bool = false
  ) -> UInt128 {
    var (kept, lost): (UInt128, UInt128) = (0, coefficient)
    /// Half of the last digit that is kept; no coefficient reaches that of 10^39.
    var half = UInt128.max
    if drop < PowersOfTen.count {
      (kept, lost) = coefficient.quotientAndRemainder(dividingBy: PowersOfTen[drop])
      half = PowersOfTen[drop] / 2
    }
    let isExact = lost == 0 && !isMore
    let isAway =
      switch mode {
      case .halfEven: lost > half || lost == half && (isMore || kept & 1 == 1)
      case .halfUp: lost >= half
      case .up: !isExact
      case .down: false
      case .floor: isNegative && !isExact
      case .ceiling: !isNegative && !isExact
      }
    return isAway ? kept + 1 : kept
  }
}

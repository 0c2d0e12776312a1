/// A decimal number: ±coefficient × 10^-scale, with at most 34 digits, of which at most 100 stand behind the point
/// (rule 30). Its magnitude is below 10^34.
///
/// Texts are read exactly or not at all. `+`, `-`, `*` and `/` give the exact result where it fits, else the nearest
/// number that does, of two equally near ones the one with an even last digit, as IEEE 754's decimal128 does: only
/// digits behind the point are ever rounded away. A result of 10^34 or more is none, so a whole number never loses a
/// digit.
///
/// The scale is kept as written and computed as IEEE 754 (section 5.2, "preferred exponent") has it: `1.50 + 1` is
/// `2.50`, `1.50 * 2.0` is `3.000`, `3.00 / 2` is `1.50`. Equality, order and hash are by value. There is no negative
/// zero.
package struct Decimal: Sendable {
  /// How many digits the coefficient has at most: as many as IEEE 754's decimal128.
  package static let digitLimit = 34
  /// How many digits may stand behind the point.
  package static let scaleLimit = 100

  package let isNegative: Bool
  /// Below 10^34.
  package let coefficient: UInt128
  /// The number of digits behind the point, from 0 to 100.
  package let scale: Int

  /// Nil when the coefficient or the scale is out of its range.
  package init?(isNegative: Bool = false, coefficient: UInt128, scale: Int) {
    guard coefficient < PowersOfTen[Self.digitLimit], (0...Self.scaleLimit).contains(scale) else { return nil }
    self.init(isNegative, coefficient, scale: scale)
  }

  /// The coefficient and the scale must be in their ranges.
  init(_ isNegative: Bool, _ coefficient: UInt128, scale: Int) {
    self.isNegative = isNegative && coefficient != 0
    self.coefficient = coefficient
    self.scale = scale
  }

  package init(_ number: Int64) {
    self.init(number < 0, UInt128(number.magnitude), scale: 0)
  }

  package init(_ number: UInt64) {
    self.init(false, UInt128(number), scale: 0)
  }

  /// What the shortest text that reads back as `number` says, without zeros at the end: exactly what was written if
  /// that had at most 15 digits. Nil for NaN, the infinities, and what is out of range.
  package init?(shortest number: Double) {
    if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
      self.init(whole)
    } else {
      guard number.isFinite, let exact = Decimal(utf8: Array(number.description.utf8)[...]) else { return nil }
      self = exact.withoutZeros
    }
  }

  package static let zero = Decimal(0 as Int64)
}

extension Decimal {
  package var isZero: Bool { coefficient == 0 }

  package var negated: Decimal { Decimal(!isNegative, coefficient, scale: scale) }

  package var magnitude: Decimal { Decimal(false, coefficient, scale: scale) }

  /// The number without zeros at the end of its digits behind the point.
  package var withoutZeros: Decimal {
    let (coefficient, removed) = PowersOfTen.strip(coefficient, atMost: scale)
    return Decimal(isNegative, coefficient, scale: scale - removed)
  }

  /// Without the digits behind the point; nil beyond Int64.
  package var wholePart: Int64? {
    let whole = scale < PowersOfTen.count ? coefficient / PowersOfTen[scale] : 0
    guard whole <= UInt128(Int64.max) + (isNegative ? 1 : 0) else { return nil }
    return Int64(truncatingIfNeeded: isNegative ? 0 &- whole : whole)
  }

  /// The nearest double.
  package var double: Double {
    // Both are exact doubles, so that the one division rounds once.
    guard coefficient <= 1 << 53, scale <= 22 else { return Double(text) ?? 0 }
    let magnitude = Double(UInt64(coefficient)) / Double(PowersOfTen[scale])
    return isNegative ? -magnitude : magnitude
  }
}

extension Decimal: Hashable {
  /// By value: `1.50` equals `1.5`.
  package static func == (left: Decimal, right: Decimal) -> Bool { left.order(to: right) == .equal }

  package func hash(into hasher: inout Hasher) {
    let shortest = withoutZeros
    hasher.combine(shortest.isNegative)
    hasher.combine(shortest.coefficient)
    hasher.combine(shortest.scale)
  }

  /// Whether both are the same digits: `1.50` is not `1.5`.
  package func isIdentical(to other: Decimal) -> Bool {
    isNegative == other.isNegative && coefficient == other.coefficient && scale == other.scale
  }
}

extension Decimal: Comparable {
  package static func < (left: Decimal, right: Decimal) -> Bool { left.order(to: right) == .less }

  package func order(to other: Decimal) -> Numbers.Order {
    guard isNegative == other.isNegative else { return isNegative ? .less : .greater }
    return isNegative ? other.orderOfMagnitudes(to: self) : orderOfMagnitudes(to: other)
  }

  private func orderOfMagnitudes(to other: Decimal) -> Numbers.Order {
    var (left, right) = (coefficient, other.coefficient)
    if scale != other.scale, left != 0, right != 0 {
      let digits = (PowersOfTen.digits(left), PowersOfTen.digits(right))
      let lengths = (digits.0 - scale, digits.1 - other.scale)
      guard lengths.0 == lengths.1 else { return lengths.0 < lengths.1 ? .less : .greater }
      // As many digits before the point: filled up with zeros both have as many in all.
      left *= PowersOfTen[max(0, digits.1 - digits.0)]
      right *= PowersOfTen[max(0, digits.0 - digits.1)]
    }
    return left == right ? .equal : left < right ? .less : .greater
  }
}

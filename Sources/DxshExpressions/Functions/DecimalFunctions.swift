/// Decimals: their operators, order, conversions and rounding (rule 30).
extension FunctionLibrary {
  static let decimalOverloads: [Overload] =
    decimalArithmetic + decimalOrder + decimalConversions + [
      Overload(
        "round", "decimal_round", .member, [.decimal, .int], .decimal, in: .dxsh,
        .binary { number, digits throws(EvaluationError) in
          try round(number, to: digits, .halfEven)
        }),
      Overload(
        "round", "decimal_round_mode", .member, [.decimal, .int, .string], .decimal, partial: true, in: .dxsh,
        .ternary { number, digits, mode throws(EvaluationError) in
          try round(number, to: digits, roundingMode(mode))
        },
        prepare: { arguments throws(EvaluationError) in
          guard let mode = try constantMode(arguments) else { return nil }
          return .ternary { number, digits, _ throws(EvaluationError) in try round(number, to: digits, mode) }
        }),
      Overload(
        "math.abs", "math_abs_decimal", [.decimal], .decimal, in: .dxsh,
        .unary { value throws(EvaluationError) in .box(.decimal(try decimal("math.abs", value).magnitude)) }),
      Overload(
        "sum", "list_sum_decimal", .member, [.list(.decimal)], .decimal, in: .dxsh, .unary(sumOfDecimals)),
    ]

  private static let decimalArithmetic: [Overload] = [
    Overload("_+_", "add_decimal", [.decimal, .decimal], .decimal, in: .dxsh, decimals("+") { $0.adding($1) }),
    Overload(
      "_-_", "subtract_decimal", [.decimal, .decimal], .decimal, in: .dxsh, decimals("-") { $0.subtracting($1) }),
    Overload(
      "_*_", "multiply_decimal", [.decimal, .decimal], .decimal, in: .dxsh, decimals("*") { $0.multiplied(by: $1) }),
    Overload(
      "_/_", "divide_decimal", [.decimal, .decimal], .decimal, partial: true, in: .dxsh,
      decimals("/") { $0.divided(by: $1) }),
    Overload(
      "-_", "negate_decimal", [.decimal], .decimal, in: .dxsh,
      .unary { value throws(EvaluationError) in .box(.decimal(try decimal("-_", value).negated)) }),
  ]

  private static let decimalOrder: [Overload] = [
    Overload("_<_", "less_decimal", [.decimal, .decimal], .bool, in: .dxsh, ordered("_<_") { $0 < $1 }),
    Overload("_<=_", "less_equals_decimal", [.decimal, .decimal], .bool, in: .dxsh, ordered("_<=_") { $0 <= $1 }),
    Overload("_>_", "greater_decimal", [.decimal, .decimal], .bool, in: .dxsh, ordered("_>_") { $0 > $1 }),
    Overload("_>=_", "greater_equals_decimal", [.decimal, .decimal], .bool, in: .dxsh, ordered("_>=_") { $0 >= $1 }),
  ]

  private static let decimalConversions: [Overload] = [
    Overload("decimal", "decimal_to_decimal", [.decimal], .decimal, in: .dxsh, .unary(toDecimal)),
    Overload("decimal", "int64_to_decimal", [.int], .decimal, in: .dxsh, .unary(toDecimal)),
    Overload("decimal", "uint64_to_decimal", [.uint], .decimal, in: .dxsh, .unary(toDecimal)),
    Overload(
      "decimal", "string_to_decimal", [.string], .decimal, partial: true, in: .dxsh, .unary(toDecimal),
      prepare: { arguments throws(EvaluationError) in
        guard let text = arguments.first ?? nil else { return nil }
        let number = try toDecimal(text)
        return .unary { _ in number }
      }),
    Overload(
      "int", "decimal_to_int64", [.decimal], .int, partial: true, in: .dxsh,
      .unary { value throws(EvaluationError) in
        // Towards zero, as a double becomes an int.
        guard let whole = try decimal("int", value).wholePart else {
          throw EvaluationError(.decode, "\(value.summary) is no int")
        }
        return .int(whole)
      }),
    Overload(
      "double", "decimal_to_double", [.decimal], .double, in: .dxsh,
      .unary { value throws(EvaluationError) in .double(try decimal("double", value).double) }),
    Overload(
      "string", "decimal_to_string", [.decimal], .string, in: .dxsh,
      .unary { value throws(EvaluationError) in .string(Text(validUTF8: try decimal("string", value).utf8)) }),
  ]

  private static func decimals(
    _ symbol: String, _ operation: @escaping @Sendable (Decimal, Decimal) -> Decimal?
  ) -> Function.Body {
    .binary { left, right throws(EvaluationError) in
      let divisor = try decimal("_\(symbol)_", right)
      guard let result = operation(try decimal("_\(symbol)_", left), divisor) else {
        throw outOfRange(left, symbol, right, isByZero: symbol == "/" && divisor.isZero)
      }
      return .box(.decimal(result))
    }
  }

  private static func ordered(
    _ name: String, _ holds: @escaping @Sendable (Decimal, Decimal) -> Bool
  ) -> Function.Body {
    .binary { left, right throws(EvaluationError) in .bool(holds(try decimal(name, left), try decimal(name, right))) }
  }

  private static func toDecimal(_ value: Value) throws(EvaluationError) -> Value {
    switch value {
    case .int(let number): return .box(.decimal(Decimal(number)))
    case .uint(let number): return .box(.decimal(Decimal(number)))
    case .string(let text):
      guard let number = Decimal(utf8: text.utf8[...]) else {
        throw EvaluationError(.decode, "\(value.summary) is no decimal of up to \(Decimal.digitLimit) digits")
      }
      return .box(.decimal(number))
    default:
      _ = try decimal("decimal", value)
      return value
    }
  }

  private static func round(
    _ number: Value, to digits: Value, _ mode: RoundingMode
  ) throws(EvaluationError) -> Value {
    guard case .int(let count) = digits else { throw .noOverload("round", number, digits) }
    guard let result = try decimal("round", number).rounded(to: Int(count), mode) else {
      throw EvaluationError(.arithmetic, "\(number.summary) rounded to \(count) digits overflows")
    }
    return .box(.decimal(result))
  }

  /// The sum of no elements is zero (rule 49).
  private static func sumOfDecimals(_ list: Value) throws(EvaluationError) -> Value {
    guard case .list(let elements) = list else { throw .noOverload("sum", list) }
    var total = Decimal.zero
    for element in elements {
      let number = try decimal("sum", element)
      guard let sum = total.adding(number) else { throw outOfRange(.box(.decimal(total)), "+", element) }
      total = sum
    }
    return .box(.decimal(total))
  }
}

/// What the functions on decimals and on money have in common.
extension FunctionLibrary {
  static func decimal(_ name: String, _ value: Value) throws(EvaluationError) -> Decimal {
    guard case .boxed(let box) = value, case .decimal(let number) = box.content else { throw .noOverload(name, value) }
    return number
  }

  static func outOfRange(
    _ left: Value, _ symbol: String, _ right: Value, isByZero: Bool = false
  ) -> EvaluationError {
    let reason = isByZero ? "divides by zero" : "overflows"
    return EvaluationError(.arithmetic, "\(left.summary) \(symbol) \(right.summary) \(reason)")
  }

  static func roundingMode(_ value: Value) throws(EvaluationError) -> RoundingMode {
    guard case .string(let text) = value else { throw .noOverload("round", value) }
    guard text.utf8.count <= 20, let mode = RoundingMode(rawValue: text.string) else {
      let modes = RoundingMode.allCases.map(\.rawValue).joined(separator: ", ")
      throw EvaluationError(.decode, "\(value.summary) is no way to round; these are: \(modes)")
    }
    return mode
  }

  /// The mode of a call of `round` whose third argument is a constant.
  static func constantMode(_ arguments: [Value?]) throws(EvaluationError) -> RoundingMode? {
    guard arguments.count == 3, let mode = arguments[2] else { return nil }
    return try roundingMode(mode)
  }
}

import DxshTime

/// `+ - * / %` and the unary minus on numbers, times and sizes (CEL specification, "Arithmetic Operators"; rule 29).
extension FunctionLibrary {
  static let arithmeticOverloads: [Overload] =
    integers + doubles + times + sizes + [
      Overload("_+_", "add_string", [.string, .string], .string, .binary(addTexts)),
      Overload("_+_", "add_bytes", [.bytes, .bytes], .bytes, .binary(addBytes)),
      Overload("_+_", "add_list", [.list(.parameterA), .list(.parameterA)], .list(.parameterA), .binary(addLists)),
      Overload("!_", "logical_not", [.bool], .bool, .unary(not)),
    ]

  private static let integers: [Overload] = [
    Overload("_+_", "add_int64", [.int, .int], .int, ints("+") { $0.addingReportingOverflow($1) }),
    Overload("_-_", "subtract_int64", [.int, .int], .int, ints("-") { $0.subtractingReportingOverflow($1) }),
    Overload("_*_", "multiply_int64", [.int, .int], .int, ints("*") { $0.multipliedReportingOverflow(by: $1) }),
    Overload(
      "_/_", "divide_int64", [.int, .int], .int, partial: true, ints("/") { $0.dividedReportingOverflow(by: $1) }),
    Overload(
      "_%_", "modulo_int64", [.int, .int], .int, partial: true,
      ints("%") { $0.remainderReportingOverflow(dividingBy: $1) }),
    Overload("-_", "negate_int64", [.int], .int, .unary(negateInt)),
    Overload("_+_", "add_uint64", [.uint, .uint], .uint, uints("+") { $0.addingReportingOverflow($1) }),
    Overload("_-_", "subtract_uint64", [.uint, .uint], .uint, uints("-") { $0.subtractingReportingOverflow($1) }),
    Overload("_*_", "multiply_uint64", [.uint, .uint], .uint, uints("*") { $0.multipliedReportingOverflow(by: $1) }),
    Overload(
      "_/_", "divide_uint64", [.uint, .uint], .uint, partial: true, uints("/") { $0.dividedReportingOverflow(by: $1) }),
    Overload(
      "_%_", "modulo_uint64", [.uint, .uint], .uint, partial: true,
      uints("%") { $0.remainderReportingOverflow(dividingBy: $1) }),
  ]

  private static let doubles: [Overload] = [
    Overload("_+_", "add_double", [.double, .double], .double, reals("+", +)),
    Overload("_-_", "subtract_double", [.double, .double], .double, reals("-", -)),
    Overload("_*_", "multiply_double", [.double, .double], .double, reals("*", *)),
    Overload("_/_", "divide_double", [.double, .double], .double, reals("/", /)),
    Overload("-_", "negate_double", [.double], .double, .unary(negateDouble)),
  ]

  private static let times: [Overload] = [
    Overload("_+_", "add_timestamp_duration", [.timestamp, .duration], .timestamp, .binary(addTimes)),
    Overload("_+_", "add_duration_timestamp", [.duration, .timestamp], .timestamp, .binary(addTimesReversed)),
    Overload("_+_", "add_duration_duration", [.duration, .duration], .duration, spans("+") { $0.adding($1) }),
    Overload("_-_", "subtract_timestamp_duration", [.timestamp, .duration], .timestamp, .binary(subtractTimes)),
    Overload("_-_", "subtract_timestamp_timestamp", [.timestamp, .timestamp], .duration, .binary(elapsed)),
    Overload(
      "_-_", "subtract_duration_duration", [.duration, .duration], .duration, spans("-") { $0.subtracting($1) }),
    Overload(
      "_*_", "multiply_duration_int64", [.duration, .int], .duration, in: .dxsh, scale("*") { $0.multiplied(by: $1) }),
    Overload(
      "_/_", "divide_duration_int64", [.duration, .int], .duration, partial: true, in: .dxsh,
      scale("/") { $0.divided(by: $1) }),
    Overload("-_", "negate_duration", [.duration], .duration, in: .dxsh, .unary(negateSpan)),
  ]

  private static let sizes: [Overload] = [
    Overload("_+_", "add_size", [.size, .size], .size, in: .dxsh, bytes("+") { $0.addingReportingOverflow($1) }),
    Overload(
      "_-_", "subtract_size", [.size, .size], .size, in: .dxsh, bytes("-") { $0.subtractingReportingOverflow($1) }),
    Overload(
      "_*_", "multiply_size_int64", [.size, .int], .size, in: .dxsh,
      bytes("*") { $0.multipliedReportingOverflow(by: $1) }),
    Overload(
      "_/_", "divide_size_int64", [.size, .int], .size, partial: true, in: .dxsh,
      bytes("/") { $0.dividedReportingOverflow(by: $1) }),
    Overload("_/_", "divide_size_size", [.size, .size], .double, in: .dxsh, .binary(ratio)),
  ]

  private static func overflow(_ left: Value, _ symbol: String, _ right: Value) -> EvaluationError {
    let reason = symbol == "/" || symbol == "%" ? isZero(right) ? "divides by zero" : "overflows" : "overflows"
    return EvaluationError(.arithmetic, "\(left.summary) \(symbol) \(right.summary) \(reason)")
  }

  private static func isZero(_ value: Value) -> Bool { value == .int(0) }

  private static func ints(
    _ symbol: String, _ operation: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .int(let a) = left, case .int(let b) = right else {
        throw EvaluationError.noOverload(symbol, left, right)
      }
      let result = operation(a, b)
      if result.overflow { throw overflow(left, symbol, right) }
      return .int(result.partialValue)
    }
  }

  private static func uints(
    _ symbol: String, _ operation: @escaping @Sendable (UInt64, UInt64) -> (partialValue: UInt64, overflow: Bool)
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .uint(let a) = left, case .uint(let b) = right else {
        throw EvaluationError.noOverload(symbol, left, right)
      }
      let result = operation(a, b)
      if result.overflow { throw overflow(left, symbol, right) }
      return .uint(result.partialValue)
    }
  }

  /// Sizes: the second operand is a size or a number.
  private static func bytes(
    _ symbol: String, _ operation: @escaping @Sendable (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .size(let a) = left else { throw EvaluationError.noOverload(symbol, left, right) }
      let b: Int64
      switch right {
      case .size(let value), .int(let value): b = value
      default: throw EvaluationError.noOverload(symbol, left, right)
      }
      let result = operation(a, b)
      if result.overflow { throw overflow(left, symbol, right) }
      return .size(result.partialValue)
    }
  }

  private static func reals(
    _ symbol: String, _ operation: @escaping @Sendable (Double, Double) -> Double
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .double(let a) = left, case .double(let b) = right else {
        throw EvaluationError.noOverload(symbol, left, right)
      }
      return .double(operation(a, b))
    }
  }

  private static func spans(
    _ symbol: String, _ operation: @escaping @Sendable (TimeSpan, TimeSpan) -> TimeSpan?
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .duration(let a) = left, case .duration(let b) = right else {
        throw EvaluationError.noOverload(symbol, left, right)
      }
      guard let sum = operation(a, b), sum.fitsNanoseconds else {
        throw EvaluationError(.arithmetic, "the duration is out of range")
      }
      return .duration(sum)
    }
  }

  private static func scale(
    _ symbol: String, _ operation: @escaping @Sendable (TimeSpan, Int64) -> TimeSpan?
  ) -> Function.Body {
    .binary { (left, right) throws(EvaluationError) in
      guard case .duration(let a) = left, case .int(let b) = right else {
        throw EvaluationError.noOverload(symbol, left, right)
      }
      guard let result = operation(a, b) else { throw overflow(left, symbol, right) }
      return .duration(result)
    }
  }

  private static func negateInt(_ operand: Value) throws(EvaluationError) -> Value {
    guard case .int(let value) = operand else { throw EvaluationError.noOverload("-", operand) }
    guard value != .min else { throw EvaluationError(.arithmetic, "-(\(value)) overflows") }
    return .int(-value)
  }

  private static func negateDouble(_ operand: Value) throws(EvaluationError) -> Value {
    guard case .double(let value) = operand else { throw EvaluationError.noOverload("-", operand) }
    return .double(-value)
  }

  private static func negateSpan(_ operand: Value) throws(EvaluationError) -> Value {
    guard case .duration(let value) = operand else { throw EvaluationError.noOverload("-", operand) }
    return .duration(value.negated)
  }

  private static func not(_ operand: Value) throws(EvaluationError) -> Value {
    guard case .bool(let value) = operand else { throw EvaluationError.noOverload("!", operand) }
    return .bool(!value)
  }

  private static func addTexts(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    guard case .string(let a) = left, case .string(let b) = right else {
      throw EvaluationError.noOverload("+", left, right)
    }
    return .string(Text(validUTF8: a.utf8 + b.utf8))
  }

  private static func addBytes(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    guard case .bytes(let a) = left, case .bytes(let b) = right else {
      throw EvaluationError.noOverload("+", left, right)
    }
    return .bytes(a + b)
  }

  private static func addLists(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    guard case .list(let a) = left, case .list(let b) = right else {
      throw EvaluationError.noOverload("+", left, right)
    }
    return .list(a + b)
  }

  private static func addTimes(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    guard case .timestamp(let a) = left, case .duration(let b) = right else {
      throw EvaluationError.noOverload("+", left, right)
    }
    guard let sum = a.adding(b) else { throw EvaluationError(.arithmetic, "the timestamp is out of range") }
    return .timestamp(sum)
  }

  private static func addTimesReversed(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    try addTimes(right, left)
  }

  private static func subtractTimes(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    try addTimes(left, negateSpan(right))
  }

  private static func elapsed(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    guard case .timestamp(let a) = left, case .timestamp(let b) = right else {
      throw EvaluationError.noOverload("-", left, right)
    }
    let span = a.since(b)
    guard span.fitsNanoseconds else { throw EvaluationError(.arithmetic, "the duration is out of range") }
    return .duration(span)
  }

  private static func ratio(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    guard case .size(let a) = left, case .size(let b) = right else {
      throw EvaluationError.noOverload("/", left, right)
    }
    return .double(Double(a) / Double(b))
  }
}

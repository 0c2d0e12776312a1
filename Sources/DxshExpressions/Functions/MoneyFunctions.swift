/// Money: `usd(5)`, `money(d, "EUR")`, arithmetic in one currency, rounding (rule 30).
///
/// That amounts in two currencies are mixed is an arithmetic error at run time, which no type shows: like overflow it
/// is a stated exception, so `+`, `-` and the comparisons are not partial (rule 49).
extension FunctionLibrary {
  static let moneyOverloads: [Overload] =
    moneyMaking + moneyArithmetic + moneyOrder + [
      Overload(
        "amount", "money_amount", .member, [.money], .decimal, in: .dxsh,
        .unary { value throws(EvaluationError) in .box(.decimal(try money("amount", value).amount)) }),
      Overload(
        "currency", "money_currency", .member, [.money], .string, in: .dxsh,
        .unary { value throws(EvaluationError) in .text(try money("currency", value).currency) }),
      Overload(
        "round", "money_round", .member, [.money, .int], .money, in: .dxsh,
        .binary { amount, digits throws(EvaluationError) in try round(amount, to: digits, .halfEven) }),
      Overload(
        "round", "money_round_mode", .member, [.money, .int, .string], .money, partial: true, in: .dxsh,
        .ternary { amount, digits, mode throws(EvaluationError) in
          try round(amount, to: digits, roundingMode(mode))
        },
        prepare: { arguments throws(EvaluationError) in
          guard let mode = try constantMode(arguments) else { return nil }
          return .ternary { amount, digits, _ throws(EvaluationError) in try round(amount, to: digits, mode) }
        }),
      Overload(
        "math.abs", "math_abs_money", [.money], .money, in: .dxsh,
        .unary { value throws(EvaluationError) in
          let money = try money("math.abs", value)
          return .box(.money(Money(money.amount.magnitude, money.currency)))
        }),
      Overload(
        "sum", "list_sum_money", .member, [.list(.money)], .money, partial: true, in: .dxsh, .unary(sumOfMoney)),
      Overload(
        "string", "money_to_string", [.money], .string, in: .dxsh,
        .unary { value throws(EvaluationError) in .text(try money("string", value).text) }),
    ]

  private static let moneyMaking: [Overload] =
    shorthands.flatMap { name in
      let currency = name.uppercased()
      let body = Function.Body.unary { value throws(EvaluationError) in try make(name, value, currency) }
      return [
        Overload(name, "\(name)_int64", [.int], .money, in: .dxsh, body),
        Overload(name, "\(name)_decimal", [.decimal], .money, in: .dxsh, body),
        // The literal `0.50` is meant as written, which its shortest text says. NaN and infinities are no amounts.
        Overload(
          name, "\(name)_double", [.double], .money, partial: true, in: .dxsh, body,
          prepare: { arguments throws(EvaluationError) in
            guard let value = arguments.first ?? nil else { return nil }
            let money = try make(name, value, currency)
            return .unary { _ in money }
          }),
      ]
    } + [
      Overload(
        "money", "money_decimal_string", [.decimal, .string], .money, partial: true, in: .dxsh, .binary(makeMoney)),
      Overload("money", "money_int64_string", [.int, .string], .money, partial: true, in: .dxsh, .binary(makeMoney)),
      Overload("money", "string_to_money", [.string], .money, partial: true, in: .dxsh, .unary(readMoney)),
    ]

  /// The currencies that have a function of their own.
  private static let shorthands = ["usd", "eur", "gbp", "chf", "jpy", "cad", "aud"]

  private static let moneyArithmetic: [Overload] = [
    Overload("_+_", "add_money", [.money, .money], .money, in: .dxsh, moneys("+") { $0.adding($1) }),
    Overload("_-_", "subtract_money", [.money, .money], .money, in: .dxsh, moneys("-") { $0.subtracting($1) }),
    Overload("_*_", "multiply_money_int64", [.money, .int], .money, in: .dxsh, scaling("*") { $0.multiplied(by: $1) }),
    Overload(
      "_*_", "multiply_money_decimal", [.money, .decimal], .money, in: .dxsh, scaling("*") { $0.multiplied(by: $1) }),
    Overload("_*_", "multiply_int64_money", [.int, .money], .money, in: .dxsh, .binary(multiplyReversed)),
    Overload("_*_", "multiply_decimal_money", [.decimal, .money], .money, in: .dxsh, .binary(multiplyReversed)),
    Overload(
      "_/_", "divide_money_int64", [.money, .int], .money, partial: true, in: .dxsh,
      scaling("/") { $0.divided(by: $1) }),
    Overload(
      "_/_", "divide_money_decimal", [.money, .decimal], .money, partial: true, in: .dxsh,
      scaling("/") { $0.divided(by: $1) }),
    Overload("_/_", "divide_money_money", [.money, .money], .decimal, partial: true, in: .dxsh, .binary(ratio)),
    Overload(
      "-_", "negate_money", [.money], .money, in: .dxsh,
      .unary { value throws(EvaluationError) in
        let money = try money("-_", value)
        return .box(.money(Money(money.amount.negated, money.currency)))
      }),
  ]

  private static let moneyOrder: [Overload] = [
    Overload("_<_", "less_money", [.money, .money], .bool, in: .dxsh, compared("<") { $0 < $1 }),
    Overload("_<=_", "less_equals_money", [.money, .money], .bool, in: .dxsh, compared("<=") { $0 <= $1 }),
    Overload("_>_", "greater_money", [.money, .money], .bool, in: .dxsh, compared(">") { $0 > $1 }),
    Overload("_>=_", "greater_equals_money", [.money, .money], .bool, in: .dxsh, compared(">=") { $0 >= $1 }),
  ]
}

extension FunctionLibrary {
  private static func money(_ name: String, _ value: Value) throws(EvaluationError) -> Money {
    guard case .boxed(let box) = value, case .money(let money) = box.content else { throw .noOverload(name, value) }
    return money
  }

  private static func make(_ name: String, _ value: Value, _ currency: String) throws(EvaluationError) -> Value {
    switch value {
    case .int(let number): return .box(.money(Money(Decimal(number), currency)))
    case .double(let number):
      guard let amount = Decimal(shortest: number) else {
        throw EvaluationError(.arithmetic, "\(value.summary) is no amount of money")
      }
      return .box(.money(Money(amount, currency)))
    default: return .box(.money(Money(try decimal(name, value), currency)))
    }
  }

  private static func makeMoney(_ amount: Value, _ currency: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = currency else { throw .noOverload("money", amount, currency) }
    guard let code = Money.currency(text.utf8[...]) else {
      throw EvaluationError(.decode, "\(currency.summary) is no currency; one is three capital letters, such as EUR")
    }
    if case .double = amount { throw .noOverload("money", amount, currency) }
    return try make("money", amount, code)
  }

  private static func readMoney(_ value: Value) throws(EvaluationError) -> Value {
    guard case .string(let text) = value else { throw .noOverload("money", value) }
    guard let money = Money(utf8: text.utf8) else {
      throw EvaluationError(.decode, "\(value.summary) is no money, such as \"12.50 EUR\"")
    }
    return .box(.money(money))
  }

  /// Two amounts in one currency.
  private static func pair(
    _ left: Value, _ symbol: String, _ right: Value
  ) throws(EvaluationError) -> (Money, Money) {
    let (a, b) = (try money("_\(symbol)_", left), try money("_\(symbol)_", right))
    guard a.currency == b.currency else {
      throw EvaluationError(
        .arithmetic, "\(left.summary) \(symbol) \(right.summary) mixes \(a.currency) and \(b.currency)")
    }
    return (a, b)
  }

  private static func moneys(
    _ symbol: String, _ operation: @escaping @Sendable (Decimal, Decimal) -> Decimal?
  ) -> Function.Body {
    .binary { left, right throws(EvaluationError) in
      let (a, b) = try pair(left, symbol, right)
      guard let amount = operation(a.amount, b.amount) else { throw outOfRange(left, symbol, right) }
      return .box(.money(Money(amount, a.currency)))
    }
  }

  private static func compared(
    _ symbol: String, _ holds: @escaping @Sendable (Decimal, Decimal) -> Bool
  ) -> Function.Body {
    .binary { left, right throws(EvaluationError) in
      let (a, b) = try pair(left, symbol, right)
      return .bool(holds(a.amount, b.amount))
    }
  }

  /// Money by a number.
  private static func scaling(
    _ symbol: String, _ operation: @escaping @Sendable (Decimal, Decimal) -> Decimal?
  ) -> Function.Body {
    .binary { left, right throws(EvaluationError) in
      let money = try money("_\(symbol)_", left)
      let factor = if case .int(let number) = right { Decimal(number) } else { try decimal("_\(symbol)_", right) }
      guard let amount = operation(money.amount, factor) else {
        throw outOfRange(left, symbol, right, isByZero: symbol == "/" && factor.isZero)
      }
      return .box(.money(Money(amount, money.currency)))
    }
  }

  private static func multiplyReversed(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    let money = try money("_*_", right)
    let factor = if case .int(let number) = left { Decimal(number) } else { try decimal("_*_", left) }
    guard let amount = factor.multiplied(by: money.amount) else { throw outOfRange(left, "*", right) }
    return .box(.money(Money(amount, money.currency)))
  }

  private static func ratio(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
    let (a, b) = try pair(left, "/", right)
    guard let ratio = a.amount.divided(by: b.amount) else {
      throw outOfRange(left, "/", right, isByZero: b.amount.isZero)
    }
    return .box(.decimal(ratio))
  }

  private static func round(
    _ amount: Value, to digits: Value, _ mode: RoundingMode
  ) throws(EvaluationError) -> Value {
    guard case .int(let count) = digits else { throw .noOverload("round", amount, digits) }
    let money = try money("round", amount)
    guard let rounded = money.amount.rounded(to: Int(count), mode) else {
      throw EvaluationError(.arithmetic, "\(amount.summary) rounded to \(count) digits overflows")
    }
    return .box(.money(Money(rounded, money.currency)))
  }

  /// Of one currency; the sum of no elements has none, and so does not exist.
  private static func sumOfMoney(_ list: Value) throws(EvaluationError) -> Value {
    guard case .list(let elements) = list else { throw .noOverload("sum", list) }
    guard let first = elements.first else {
      throw EvaluationError(.arithmetic, "the sum of no money has no currency")
    }
    var total = try money("sum", first)
    for element in elements.dropFirst() {
      let next = try money("sum", element)
      guard next.currency == total.currency, let amount = total.amount.adding(next.amount) else {
        let sum = Value.box(.money(total))
        _ = try pair(sum, "+", element)
        throw outOfRange(sum, "+", element)
      }
      total = Money(amount, total.currency)
    }
    return .box(.money(total))
  }
}

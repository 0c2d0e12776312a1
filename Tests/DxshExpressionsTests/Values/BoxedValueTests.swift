import DxshExpressions
import Testing

/// Decimals and money as values: equality, identity, text, JSON, and what is read as one.
@Suite struct BoxedValueTests {
  @Test func equalityIsByValueAndIdentityByDigits() {
    let same = [decimal("1.50"), decimal("1.5"), decimal("1.500")]
    for left in same {
      for right in same { #expect(left == right && left.isIdentical(to: right) == (left.summary == right.summary)) }
    }
    #expect(money("1.50 EUR") == money("1.5 EUR") && !money("1.50 EUR").isIdentical(to: money("1.5 EUR")))
    #expect(money("1 EUR") != money("1 USD") && decimal("1") != money("1 EUR") && decimal("1") != .int(1))
    #expect(Constant(decimal("1.50")) != Constant(decimal("1.5")))
    #expect(Constant(money("0 EUR")).hashValue == Constant(money("-0 EUR")).hashValue)
  }

  @Test(arguments: ["12.50 EUR", "-0.01 USD", "0 XXX"])
  func moneyReadsBack(text: String) throws {
    #expect(try #require(Money(text: text)).text == text)
  }

  @Test(arguments: [
    "", "EUR", "12.50", "12.50EUR", "12.50  EUR", " 12.50 EUR", "12.50 EUR ", "12.50 eur", "12.50 EURO", "12.50 EU",
    "x EUR",
    "12.50 ÉU", "1e99 EUR", String(repeating: "1", count: 1_000_000) + " EUR",
  ])
  func noMoney(text: String) {
    #expect(Money(text: text) == nil)
  }

  @Test(arguments: [
    (decimal("-12.50"), "-12.50", "-12.50"), (decimal("0.00"), "0.00", "0.00"),
    (decimal("1e-100"), "0." + zeros(99) + "1", "0." + zeros(99) + "1"),
    (money("12.50 EUR"), "12.50 EUR", #"{"amount":"12.50","currency":"EUR"}"#),
    (.box(.ip(IPAddress(.v6, bits: 1))), "::1", #""::1""#),
  ])
  func textAndJSON(value: Value, text: String, json: String) throws {
    if case .boxed(let box) = value { #expect(box.text?.string == text) }
    #expect(TextForm.render(value).string == text)
    #expect(String(decoding: try JSONWriter.write(value), as: UTF8.self) == json)
    #expect(try JSONForm.value(JSONForm.typed(value)).isIdentical(to: value))
  }

  @Test(arguments: [
    (Type.decimal, Value.int(.min), decimal("-9223372036854775808")),
    (.decimal, .uint(.max), decimal("18446744073709551615")),
    (.decimal, .text("12.50"), decimal("12.50")), (.decimal, .double(12.5), decimal("12.5")),
    (.decimal, .double(100), decimal("100")),
    (.decimal, decimal("1.50"), decimal("1.50")), (.double, decimal("0.1"), .double(0.1)),
    (.int, decimal("5"), .int(5)),
    (.uint, decimal("18446744073709551615"), .uint(.max)), (.money, money("1.50 EUR"), money("1.50 EUR")),
    (.money, .text("12.50 EUR"), money("12.50 EUR")),
    (.money, map([(.text("amount"), .text("12.50")), (.text("currency"), .text("EUR"))]), money("12.50 EUR")),
    (
      .money, map([(.text("currency"), .text("EUR")), (.text("amount"), .double(12.5)), (.text("x"), .null)]),
      money("12.5 EUR")
    ),
    (.money, record(["amount", "currency"], .int(3), .text("USD")), money("3 USD")),
    (.optional(.money), .null, .none),
    (.list(.decimal), .list([.int(1), .double(0.5)]), .list([decimal("1"), decimal("0.5")])),
  ])
  func accepting(type: Type, value: Value, decoded: Value) throws {
    #expect(try value.decoded(as: type).isIdentical(to: decoded))
    #expect(try decoded.decoded(as: type).isIdentical(to: decoded))
  }

  @Test(arguments: [
    (Type.decimal, Value.text("n/a"), #"expected decimal, found "n/a""#),
    (.decimal, .bool(true), "expected decimal, found true"),
    (.decimal, .double(.nan), "expected decimal, found nan"),
    (.decimal, .double(1e300), "expected decimal, found 1e+300"),
    (.decimal, money("1 EUR"), "expected decimal, found 1 EUR"), (.money, decimal("1"), "expected money, found 1"),
    (.money, .int(1), "expected money, found 1"), (.money, .text("12.50"), #"expected money, found "12.50""#),
    (.money, map([(.text("amount"), .text("1"))]), "expected money, found a map"),
    (.money, map([(.text("amount"), .text("1")), (.text("currency"), .text("eur"))]), "expected money, found a map"),
    (.int, decimal("5.0"), "expected int, found 5.0"), (.uint, decimal("-5"), "expected uint, found -5"),
    (.int, decimal("9223372036854775808"), "expected int, found 9223372036854775808"),
    (.string, decimal("1"), "expected string, found 1"),
  ])
  func refusing(type: Type, value: Value, message: String) {
    let error = #expect(throws: DecodingError.self) { try value.decoded(as: type) }
    #expect(error?.message == message)
  }

  @Test func orderIsThatOfNumbersInOneCurrency() {
    func order(_ left: Value, _ right: Value) -> Numbers.Order? {
      guard case .boxed(let a) = left, case .boxed(let b) = right else { return nil }
      return a.order(to: b)
    }
    #expect(order(decimal("1.50"), decimal("1.5")) == .equal && order(decimal("2"), decimal("10")) == .less)
    #expect(order(money("2 EUR"), money("1 EUR")) == .greater && order(money("2 EUR"), money("1 USD")) == .unordered)
    #expect(order(money("2 EUR"), decimal("2")) == .unordered)
  }
}

/// A decimal that the text gives; `none` when it gives none.
func decimal(_ text: String) -> Value { Decimal(text: text).map { .box(.decimal($0)) } ?? .none }

/// Money that the text gives; `none` when it gives none.
func money(_ text: String) -> Value { Money(text: text).map { .box(.money($0)) } ?? .none }

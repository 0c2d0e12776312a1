import DxshExpressions
import Testing

@Suite struct MoneyFunctionTests {
  @Test(arguments: [
    ("usd", [Value.int(5)], money("5 USD")), ("usd", [.double(0.50)], money("0.5 USD")),
    ("eur", [decimal("0.50")], money("0.50 EUR")),
    ("gbp", [.int(.min)], money("-9223372036854775808 GBP")), ("jpy", [.double(0.1)], money("0.1 JPY")),
    ("money", [decimal("1.50"), .text("SEK")], money("1.50 SEK")), ("money", [.int(3), .text("SEK")], money("3 SEK")),
    ("money", [.text("1.50 SEK")], money("1.50 SEK")), ("_+_", [money("1.50 EUR"), money("1 EUR")], money("2.50 EUR")),
    ("_-_", [money("1 EUR"), money("1.01 EUR")], money("-0.01 EUR")),
    ("_*_", [money("1.50 EUR"), .int(3)], money("4.50 EUR")),
    ("_*_", [.int(3), money("1.50 EUR")], money("4.50 EUR")),
    ("_*_", [money("100 EUR"), decimal("0.19")], money("19.00 EUR")),
    ("_*_", [decimal("0.19"), money("100 EUR")], money("19.00 EUR")),
    ("_/_", [money("1 EUR"), .int(4)], money("0.25 EUR")),
    ("_/_", [money("1 EUR"), decimal("0.5")], money("2 EUR")),
    ("_/_", [money("1 EUR"), money("4 EUR")], decimal("0.25")),
    ("-_", [money("1.50 EUR")], money("-1.50 EUR")), ("math.abs", [money("-1.50 EUR")], money("1.50 EUR")),
    ("_<_", [money("1 EUR"), money("1.5 EUR")], .bool(true)),
    ("_<=_", [money("1.50 EUR"), money("1.5 EUR")], .bool(true)),
    ("_>_", [money("1 EUR"), money("1.5 EUR")], .bool(false)),
    ("_>=_", [money("1.50 EUR"), money("1.5 EUR")], .bool(true)),
    ("_==_", [money("1.50 EUR"), money("1.5 EUR")], .bool(true)),
    ("_==_", [money("1 EUR"), money("1 USD")], .bool(false)),
    ("string", [money("-1.50 EUR")], .text("-1.50 EUR")),
  ])
  func functions(name: String, arguments: [Value], result: Value) throws {
    #expect(try call(name, .global, arguments).isIdentical(to: result))
  }

  @Test(arguments: [
    ("amount", [money("1.50 EUR")], decimal("1.50")), ("currency", [money("1.50 EUR")], Value.text("EUR")),
    ("round", [money("2.345 EUR"), .int(2)], money("2.34 EUR")),
    ("round", [money("5 EUR"), .int(2)], money("5.00 EUR")),
    ("round", [money("2.345 EUR"), .int(2), .text("half_up")], money("2.35 EUR")),
    ("sum", [.list([money("1 EUR"), money("0.50 EUR"), money("-0.25 EUR")])], money("1.25 EUR")),
  ])
  func members(name: String, arguments: [Value], result: Value) throws {
    #expect(try call(name, .member, arguments).isIdentical(to: result))
  }

  @Test(arguments: [
    ("_+_", [money("5 USD"), money("3 EUR")], "5 USD + 3 EUR mixes USD and EUR", EvaluationError.Kind.arithmetic),
    ("_<_", [money("5 USD"), money("3 EUR")], "5 USD < 3 EUR mixes USD and EUR", .arithmetic),
    ("_/_", [money("5 USD"), money("3 EUR")], "5 USD / 3 EUR mixes USD and EUR", .arithmetic),
    ("_/_", [money("5 USD"), money("0 USD")], "5 USD / 0 USD divides by zero", .arithmetic),
    ("_/_", [money("5 USD"), .int(0)], "5 USD / 0 divides by zero", .arithmetic),
    ("_*_", [money("1e33 USD"), .int(10)], "1" + zeros(33) + " USD * 10 overflows", .arithmetic),
    (
      "_-_", [money("-9e33 USD"), money("1e33 USD")], "-9" + zeros(33) + " USD - 1" + zeros(33) + " USD overflows",
      .arithmetic
    ),
    ("usd", [.double(.nan)], "nan is no amount of money", .arithmetic),
    ("usd", [.double(1e34)], "1e+34 is no amount of money", .arithmetic),
    ("money", [.int(1), .text("eur")], #""eur" is no currency; one is three capital letters, such as EUR"#, .decode),
    ("money", [.text("1")], #""1" is no money, such as "12.50 EUR""#, .decode),
  ])
  func failing(name: String, arguments: [Value], message: String, kind: EvaluationError.Kind) {
    let error = #expect(throws: EvaluationError.self) { try call(name, .global, arguments) }
    #expect(error == EvaluationError(kind, message))
  }

  @Test(arguments: [
    ([], "the sum of no money has no currency"), ([money("1 EUR"), money("2 USD")], "1 EUR + 2 USD mixes EUR and USD"),
    ([money("9e33 EUR"), money("1e33 EUR")], "9" + zeros(33) + " EUR + 1" + zeros(33) + " EUR overflows"),
  ])
  func sumsThatDoNotExist(elements: [Value], message: String) throws {
    guard case .unary(let sum)? = FunctionLibrary.function(withID: "list_sum_money")?.body else { return }
    #expect(throws: EvaluationError(.arithmetic, message)) { try sum(.list(elements)) }
  }

  @Test func constantAmountsAreReadOnce() throws {
    let prepare = try #require(FunctionLibrary.function(withID: "usd_double")?.prepare)
    #expect(throws: EvaluationError.self) { try prepare([.double(.infinity)]) }
    guard case .unary(let apply) = try #require(try prepare([.double(0.5)])) else { return }
    #expect(try apply(.null) == money("0.50 USD"))
  }
}

import DxshExpressions
import Testing

@Suite struct DecimalFunctionTests {
  @Test(arguments: [
    ("_+_", [decimal("1.50"), decimal("1")], decimal("2.50")), ("_-_", [decimal("1"), decimal("0.9")], decimal("0.1")),
    ("_*_", [decimal("1.5"), decimal("1.5")], decimal("2.25")),
    ("_/_", [decimal("1"), decimal("8")], decimal("0.125")),
    ("-_", [decimal("1.50")], decimal("-1.50")), ("_<_", [decimal("1.5"), decimal("1.50")], .bool(false)),
    ("_<=_", [decimal("1.5"), decimal("1.50")], .bool(true)), ("_>_", [decimal("2"), decimal("1.50")], .bool(true)),
    ("_>=_", [decimal("1"), decimal("1.50")], .bool(false)), ("decimal", [.text("12.50")], decimal("12.50")),
    ("decimal", [.int(-5)], decimal("-5")), ("decimal", [.uint(.max)], decimal("18446744073709551615")),
    ("decimal", [decimal("1.0")], decimal("1.0")), ("int", [decimal("-1.9")], .int(-1)),
    ("double", [decimal("0.1")], .double(0.1)), ("string", [decimal("-1.50")], .text("-1.50")),
    ("math.abs", [decimal("-1.50")], decimal("1.50")),
  ])
  func functions(name: String, arguments: [Value], result: Value) throws {
    #expect(try call(name, .global, arguments).isIdentical(to: result))
  }

  @Test(arguments: [
    ("round", [decimal("2.345"), .int(2)], decimal("2.34")),
    ("round", [decimal("2.345"), .int(2), .text("half_up")], decimal("2.35")),
    ("round", [decimal("2.341"), .int(2), .text("up")], decimal("2.35")),
    ("round", [decimal("-2.349"), .int(2), .text("down")], decimal("-2.34")),
    ("round", [decimal("-2.341"), .int(2), .text("floor")], decimal("-2.35")),
    ("round", [decimal("-2.349"), .int(2), .text("ceiling")], decimal("-2.34")),
    ("round", [decimal("1"), .int(.max)], decimal("1." + zeros(33))),
    ("round", [decimal("1"), .int(.min)], decimal("0")),
    ("sum", [.list([decimal("0.1"), decimal("0.20"), decimal("-0.3")])], decimal("0.00")),
  ])
  func members(name: String, arguments: [Value], result: Value) throws {
    #expect(try call(name, .member, arguments).isIdentical(to: result))
  }

  @Test func theSumOfNoDecimalsIsZero() throws {
    guard case .unary(let sum)? = FunctionLibrary.function(withID: "list_sum_decimal")?.body else { return }
    #expect(try sum(.list([])).isIdentical(to: decimal("0")))
  }

  @Test(arguments: [
    (
      "_+_", [decimal("9e33"), decimal("1e33")], "9" + zeros(33) + " + 1" + zeros(33) + " overflows",
      EvaluationError.Kind.arithmetic
    ),
    ("_*_", [decimal("1e33"), decimal("-10")], "1" + zeros(33) + " * -10 overflows", .arithmetic),
    ("_/_", [decimal("1"), decimal("0.0")], "1 / 0.0 divides by zero", .arithmetic),
    ("_/_", [decimal("1e33"), decimal("0.1")], "1" + zeros(33) + " / 0.1 overflows", .arithmetic),
    ("decimal", [.text("1.5€")], #""1.5€" is no decimal of up to 34 digits"#, .decode),
    ("int", [decimal("1e20")], "1" + zeros(20) + " is no int", .decode),
  ])
  func failing(name: String, arguments: [Value], message: String, kind: EvaluationError.Kind) {
    let error = #expect(throws: EvaluationError.self) { try call(name, .global, arguments) }
    #expect(error == EvaluationError(kind, message))
  }

  @Test func modesThatAreNone() throws {
    let message = #""half" is no way to round; these are: half_even, half_up, up, down, floor, ceiling"#
    let failure = EvaluationError(.decode, message)
    #expect(throws: failure) { try call("round", .member, [decimal("1"), .int(0), .text("half")]) }
    for id in ["decimal_round_mode", "money_round_mode"] {
      let prepare = try #require(FunctionLibrary.function(withID: id)?.prepare)
      #expect(throws: failure) { try prepare([nil, nil, .text("half")]) }
      #expect(try prepare([nil, .int(2), nil]) == nil)
      #expect(try prepare([nil, nil, .text("up")]) != nil)
    }
  }

  @Test func roundingBeyondTheRange() {
    let error = #expect(throws: EvaluationError.self) {
      try call("round", .member, [decimal("1"), .int(-40), .text("up")])
    }
    #expect(error == EvaluationError(.arithmetic, "1 rounded to -40 digits overflows"))
  }

  @Test func noValueTrapsAndNoneIsForPlainCEL() {
    for overload in overloads(of: [.decimal, .money]) {
      callWithEverything([overload])
      #expect(overload.dialects == .dxsh, "\(overload.function.id)")
    }
  }
}

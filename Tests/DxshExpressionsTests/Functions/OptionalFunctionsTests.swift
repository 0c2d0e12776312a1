import DxshExpressions
import DxshTime
import Testing

@Suite struct OptionalFunctionsTests {
  @Test(arguments: [
    CallCase("cel_optional_of", .int(1), gives: .present(.int(1))),
    CallCase("cel_optional_of", .none, gives: .present(.none)),
    CallCase("cel_optional_none", gives: .none),
    CallCase("cel_optional_hasValue", .present(.null), gives: .bool(true)),
    CallCase("cel_optional_hasValue", .present(.none), gives: .bool(true)),
    CallCase("cel_optional_hasValue", .none, gives: .bool(false)),
    CallCase(failing: "cel_optional_hasValue", .int(1)),
    CallCase(failing: "cel_optional_hasValue", .box(.type(.int))),
    CallCase("cel_optional_value", .present(.present(.int(1))), gives: .present(.int(1))),
    CallCase(failing: "cel_optional_value", .none),
    CallCase("cel_optional_or_optional", .none, .present(.int(1)), gives: .present(.int(1))),
    CallCase("cel_optional_or_optional", .present(.int(0)), .none, gives: .present(.int(0))),
    CallCase("cel_optional_or_optional", .none, .none, gives: .none),
    CallCase(failing: "cel_optional_or_optional", .none, .int(1)),
    CallCase("cel_optional_orValue_value", .none, .int(1), gives: .int(1)),
    CallCase("cel_optional_orValue_value", .present(.int(0)), .int(1), gives: .int(0)),
    CallCase(failing: "cel_optional_orValue_value", .int(0), .int(1)),
    CallCase(
      "cel_optional_unwrap", .list([.present(.int(1)), .none, .present(.none)]), gives: .list([.int(1), .none])),
    CallCase("cel_optional_unwrapOpt", .list([]), gives: .list([])),
    CallCase(failing: "cel_optional_unwrapOpt", .ints(1)),
    CallCase(failing: "cel_optional_unwrapOpt", .none),
  ])
  func ofPlainCEL(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("optional_of", .int(1), gives: .int(1)),
    CallCase("optional_none", gives: .none),
    CallCase("optional_hasValue", .int(0), gives: .bool(true)),
    CallCase("optional_hasValue", .none, gives: .bool(false)),
    CallCase("optional_value", .int(0), gives: .int(0)),
    CallCase(failing: "optional_value", .none),
    CallCase("optional_or_optional", .none, .int(1), gives: .int(1)),
    CallCase("optional_orValue_value", .int(0), .int(1), gives: .int(0)),
    CallCase("list_unwrap_opt", .list([.none, .int(1)]), gives: .ints(1)),
    CallCase("optional_unwrap", .list([.none, .int(1)]), gives: .ints(1)),
    CallCase(failing: "list_unwrap_opt", .int(1)),
  ])
  func ofFiles(_ call: CallCase) { call.check() }

  @Test(
    arguments: [
      .null, .bool(false), .int(0), .uint(0), .double(0), .double(-0.0), .text(""), .bytes([]), .list([]), .map(.empty),
      .timestamp(.epoch), .duration(.zero), .size(0), .record(RecordValue(RecordShape(["a"]), [.none])),
    ] as [Value])
  func zeroValues(value: Value) {
    CallCase("cel_optional_ofNonZeroValue", value, gives: .none).check()
    CallCase("optional_ofNonZeroValue", value, gives: .none).check()
  }

  @Test(
    arguments: [
      .bool(true), .int(-1), .double(.nan), .double(.leastNonzeroMagnitude), .text("\0"), .bytes([0]), .ints(0),
      .present(.none),
      .box(.type(.null)), .duration(TimeSpan(nanoseconds: 1)),
    ] as [Value])
  func otherValues(value: Value) {
    CallCase("cel_optional_ofNonZeroValue", value, gives: .present(value)).check()
    CallCase("optional_ofNonZeroValue", value, gives: value).check()
  }

  @Test func eachDialectHasItsOwn() {
    for name in ["hasValue", "value", "or", "orValue", "unwrapOpt", "optional.of", "optional.none", "optional.unwrap"] {
      let overloads = FunctionLibrary.overloads(named: name)
      #expect(overloads.map(\.dialects) == [.dxsh, .cel], "\(name)")
    }
  }
}

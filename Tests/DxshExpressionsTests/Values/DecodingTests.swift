import DxshExpressions
import DxshTime
import Testing

/// What becomes of values that arrive, JSON text standing for what comes from outside.
@Suite struct DecodingTests {
  private static let order = Type.record(
    RecordType([.init("id", .string), .init("total", .double), .init("note", .optional(.string))]))
  private static let tier = Type.enumeration(
    EnumType("Tier", [.init("free", wireName: "free"), .init("pro", wireName: "pro-2")]))

  @Test(arguments: [
    (Type.int, "1", Value.int(1)), (.uint, "1", .uint(1)), (.double, "1", .double(1)), (.double, "1.5", .double(1.5)),
    (.bool, "true", .bool(true)), (.string, #""x""#, .text("x")), (.null, "null", .null),
    (.bytes, #""AP8Q""#, .bytes([0, 255, 16])), (.bytes, #""AA""#, .bytes([0])),
    (.timestamp, #""1970-01-01T00:00:00Z""#, .timestamp(.epoch)),
    (.duration, #""1m30s""#, .duration(TimeSpan(nanoseconds: 90_000_000_000))),
    (.size, #""64MiB""#, .size(67_108_864)), (.size, "1500", .size(1500)),
    (tier, #""pro-2""#, .text("pro-2")),
    (.optional(.int), "null", .none), (.optional(.int), "3", .int(3)), (.optional(.json), "null", .none),
    (.list(.double), "[1,2.5,3]", .list([.double(1), .double(2.5), .double(3)])), (.list(.never), "[]", .list([])),
    (.map(.string, .double), #"{"a":1}"#, map([(.text("a"), .double(1))])),
    (.map(.int, .bool), #"{"1":true,"-2":false}"#, map([(.int(1), .bool(true)), (.int(-2), .bool(false))])),
    (.map(.bool, .int), #"{"true":1}"#, map([(.bool(true), .int(1))])),
    (.json, #"{"a":[1,null]}"#, map([(.text("a"), .list([.int(1), .null]))])),
    (.dyn, "[1]", .list([.int(1)])),
    (order, #"{"id":"7","total":5,"extra":[1]}"#, record(["id", "total", "note"], .text("7"), .double(5), .none)),
    (order, #"{"note":null,"total":5.5,"id":"7"}"#, record(["id", "total", "note"], .text("7"), .double(5.5), .none)),
    (order, #"{"id":"7","total":5,"note":"x"}"#, record(["id", "total", "note"], .text("7"), .double(5), .text("x"))),
  ])
  func accepting(type: Type, json: String, value: Value) throws {
    let decoded = try JSONReader.read(Array(json.utf8)).decoded(as: type)
    #expect(same(decoded, value), "\(decoded) is not \(value)")
    #expect(same(try decoded.decoded(as: type), value), "decoding again changes it")
  }

  @Test(arguments: [
    (Type.int, "1.0", "expected int, found 1.0"), (.int, #""1""#, #"expected int, found "1""#),
    (.int, "9223372036854775808", "expected int, found 9223372036854775808u"),
    (.uint, "-1", "expected uint, found -1"), (.double, "9007199254740993", "expected double, found 9007199254740993"),
    (.string, "1", "expected string, found 1"), (.bool, #""true""#, #"expected bool, found "true""#),
    (.timestamp, #""now""#, #"expected timestamp, found "now""#), (.duration, "5", "expected duration, found 5"),
    (.size, #""64 MiB""#, #"expected size, found "64 MiB""#), (.bytes, #""*""#, #"expected bytes, found "*""#),
    (.int, "null", "expected int, found null"), (.never, "1", "expected nothing, found 1"),
    (tier, #""pro""#, #"expected Tier ("free", "pro-2"), found "pro""#),
    (tier, "1", #"expected Tier ("free", "pro-2"), found 1"#),
    (.list(.int), "{}", "expected list<int>, found a map"),
    (.list(.int), "[1,[2]]", "[1]: expected int, found a list of 1"),
    (.map(.string, .int), #"{"a b":true}"#, #"["a b"]: expected int, found true"#),
    (.map(.int, .int), #"{"01":1}"#, #"["01"]: expected int, found "01""#),
    (order, "[]", "expected \(order), found a list of 0"),
    (order, #"{"id":"7"}"#, "total: expected double, found nothing"),
    (order, #"{"id":"7","total":null}"#, "total: expected double, found null"),
    (.list(order), #"[{"id":"7","total":1},{"id":"8","total":"n/a"}]"#, #"[1].total: expected double, found "n/a""#),
    (
      .list(.record(RecordType([.init("orders", .list(order))]))), #"[{"orders":[{"id":1,"total":1}]}]"#,
      "[0].orders[0].id: expected string, found 1"
    ),
    (.optional(.list(.int)), "[true]", "[0]: expected int, found true"),
  ])
  func refusing(type: Type, json: String, message: String) throws {
    let value = try JSONReader.read(Array(json.utf8))
    let error = #expect(throws: DecodingError.self) { try value.decoded(as: type) }
    #expect(error?.message == message)
  }

  @Test func theNameOfTheValueGoesBeforeThePath() throws {
    let value = try JSONReader.read(Array(#"[{"id":"8","total":"n/a"}]"#.utf8))
    let error = #expect(throws: DecodingError.self) { try value.decoded(as: .list(Self.order)) }
    #expect(error?.path == "[0].total")
    #expect(error?.message(of: "orders") == #"orders[0].total: expected double, found "n/a""#)
    let inner = #expect(throws: DecodingError.self) { try Value.map(.empty).decoded(as: Self.order) }
    #expect(inner?.message(of: "order") == "order.id: expected string, found nothing")
  }

  @Test func whatConformsIsReturnedAsItIs() throws {
    let decoder = TypeDecoder(.list(Self.order))
    let json = Array(#"[{"id":"7","total":5.0},{"id":"8","total":6.0,"note":"x"}]"#.utf8)
    let first = try decoder.decode(try JSONReader.read(json))
    let again = try decoder.decode(first)
    guard case .list(let before) = first, case .list(let after) = again else { return }
    for (one, other) in zip(before, after) {
      guard case .record(let one) = one, case .record(let other) = other else {
        Issue.record("expected records")
        continue
      }
      #expect(one === other)
    }
    guard case .record(let a) = before[0], case .record(let b) = before[1] else { return }
    #expect(a.shape === b.shape)
  }

  @Test func recordsAreProjectedAndCompleted() throws {
    let wide = record(["token", "total", "id"], .text("secret"), .int(5), .text("7"))
    #expect(same(try wide.decoded(as: Self.order), record(["id", "total", "note"], .text("7"), .double(5), .none)))
    let short = record(["id"], .text("7"))
    let error = #expect(throws: DecodingError.self) { try short.decoded(as: Self.order) }
    #expect(error?.message == "total: expected double, found nothing")
    let absent = record(["id", "total", "note"], .text("7"), .none, .none)
    #expect(throws: DecodingError.self) { try absent.decoded(as: Self.order) }
  }

  @Test func recordsBecomeMapsWhereMapsOrJSONAreExpected() throws {
    let value = record(["a", "b"], .int(1), .none)
    #expect(same(try value.decoded(as: .map(.string, .double)), map([(.text("a"), .double(1))])))
    #expect(same(try value.decoded(as: .json), map([(.text("a"), .int(1))])))
    let deep = Value.list([map([(.int(1), .timestamp(.epoch))]), .none, .size(5), .uint(3)])
    let expected = Value.list([map([(.text("1"), .text("1970-01-01T00:00:00Z"))]), .null, .int(5), .int(3)])
    #expect(same(try deep.decoded(as: .json), expected))
    let error = #expect(throws: DecodingError.self) { try Value.list([.double(.nan)]).decoded(as: .json) }
    #expect(error?.message == "[0]: expected json, found nan")
  }

  @Test func nestingOfJSONHasALimit() {
    var value = Value.list([])
    for _ in 0..<JSONReader.depthLimit + 1 { value = .list([value]) }
    let error = #expect(throws: DecodingError.self) { try value.decoded(as: .json) }
    #expect(error?.found == "a value nested more than 512 deep")
  }

  /// Equal and of the same kinds, unlike `==`, which compares numbers across kinds.
  private func same(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy(same)
    case (.map(let a), .map(let b)):
      a.entries.count == b.entries.count
        && zip(a.entries, b.entries).allSatisfy { same($0.key, $1.key) && same($0.value, $1.value) }
    case (.record(let a), .record(let b)):
      a.shape.names == b.shape.names && zip(a.fields, b.fields).allSatisfy(same)
    default: left.summary == right.summary
    }
  }
}

/// A record with these fields.
func record(_ names: [String], _ values: Value...) -> Value {
  .record(RecordValue(RecordShape(names), values))
}

import DxshExpressions
import DxshTime
import Testing

@Suite struct ListFunctionsTests {
  private static let nested: Value = .list([.int(1), .list([.int(2), .list([.int(3), .list([.int(4)])])])])

  @Test(arguments: [
    CallCase("lists_range", .int(3), gives: .ints(0, 1, 2)),
    CallCase("lists_range", .int(0), gives: .list([])),
    CallCase(failing: "lists_range", .int(-1)),
    CallCase(failing: "lists_range", .int(1_000_000_000_000)),
    CallCase(failing: "lists_range", .int(.max)),
    CallCase(failing: "lists_range", .double(3)),
    CallCase("range_int64", .int(2), gives: .ints(0, 1)),
    CallCase("range_int64", .int(-5), gives: .list([])),
    CallCase("range_int64_int64", .int(-1), .int(2), gives: .ints(-1, 0, 1)),
    CallCase("range_int64_int64", .int(2), .int(2), gives: .list([])),
    CallCase("range_int64_int64", .int(.max - 1), .int(.max), gives: .ints(.max - 1)),
    CallCase(failing: "range_int64_int64", .int(.min), .int(.max)),
  ])
  func ranges(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("cel_list_slice", .ints(1, 2, 3, 4), .int(1), .int(3), gives: .ints(2, 3)),
    CallCase("cel_list_slice", .ints(1, 2), .int(2), .int(2), gives: .list([])),
    CallCase(failing: "cel_list_slice", .ints(1, 2), .int(-1), .int(1)),
    CallCase(failing: "cel_list_slice", .ints(1, 2), .int(2), .int(1)),
    CallCase(failing: "cel_list_slice", .ints(1, 2), .int(0), .int(3)),
    CallCase("list_slice", .ints(1, 2, 3, 4), .int(1), .int(3), gives: .ints(2, 3)),
    CallCase("list_slice", .ints(1, 2), .int(.min), .int(.max), gives: .ints(1, 2)),
    CallCase("list_slice", .ints(1, 2), .int(.max), .int(.min), gives: .list([])),
    CallCase("list_slice", .ints(1, 2), .int(1), .int(0), gives: .list([])),
    CallCase("list_slice", .list([]), .int(0), .int(5), gives: .list([])),
  ])
  func slices(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("list_flatten", .list([.ints(1, 2), .list([]), .ints(3)]), gives: .ints(1, 2, 3)),
    CallCase("list_flatten", nested, gives: .list([.int(1), .int(2), .list([.int(3), .list([.int(4)])])])),
    CallCase("list_flatten", .list([.list([]), .list([])]), gives: .list([])),
    CallCase("list_flatten", .list([]), gives: .list([])),
    CallCase("list_flatten_int", nested, .int(0), gives: nested),
    CallCase("list_flatten_int", nested, .int(2), gives: .list([.int(1), .int(2), .int(3), .list([.int(4)])])),
    CallCase("list_flatten_int", nested, .int(.max), gives: .ints(1, 2, 3, 4)),
    CallCase("list_flatten_int", .list([.list([.list([])])]), .int(5), gives: .list([])),
    CallCase(failing: "list_flatten_int", nested, .int(-1)),
    CallCase(failing: "list_flatten", .int(1)),
    CallCase("list_reverse", .ints(5, 3, 1), gives: .ints(1, 3, 5)),
    CallCase("list_reverse", .list([]), gives: .list([])),
    CallCase("list_first", .ints(5, 3), gives: .int(5)),
    CallCase("list_last", .ints(5, 3), gives: .int(3)),
    CallCase("list_first", .list([]), gives: .none),
    CallCase("cel_list_first", .ints(5, 3), gives: .present(.int(5))),
    CallCase("cel_list_last", .list([.null]), gives: .present(.null)),
    CallCase("cel_list_last", .list([]), gives: .none),
    CallCase("list_zip", .ints(1, 2), .texts("a"), gives: .list([pair(.int(1), .text("a"))])),
    CallCase("list_zip", .ints(1), .list([]), gives: .list([])),
  ])
  func shapes(_ call: CallCase) { call.check() }

  private static func pair(_ first: Value, _ second: Value) -> Value {
    .record(RecordValue(RecordShape(["first", "second"]), [first, second]))
  }

  @Test(arguments: [
    CallCase("list_distinct", .ints(1, 2, 2, 3, 1), gives: .ints(1, 2, 3)),
    CallCase(
      "list_distinct", .list([.int(1), .double(1), .uint(1), .text("1"), .double(1.5), .bool(true)]),
      gives: .list([.int(1), .text("1"), .double(1.5), .bool(true)])),
    CallCase("list_distinct", .list([.ints(1), .list([.double(1)]), .ints(2)]), gives: .list([.ints(1), .ints(2)])),
    CallCase("list_distinct", .list([.double(-0.0), .int(0)]), gives: .list([.double(-0.0)])),
    CallCase(
      "list_distinct", .list([.double(.nan), .double(.nan), .list([.double(.nan)])]),
      gives: .list([.double(.nan), .double(.nan), .list([.double(.nan)])])),
    CallCase(
      "list_distinct", .list([.none, .present(.none), .none, .null]), gives: .list([.none, .present(.none), .null])),
    CallCase(
      "list_distinct", .list([.uint(.max), .double(0x1p64), .int(.max)]),
      gives: .list([.uint(.max), .double(0x1p64), .int(.max)])),
    CallCase("list_distinct", .list([]), gives: .list([])),
  ])
  func distinct(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("list_int_sort", .ints(3, .min, 2, 2), gives: .ints(.min, 2, 2, 3)),
    CallCase("list_string_sort", .texts("b", "", "é", "a", "ab"), gives: .texts("", "a", "ab", "b", "é")),
    CallCase("list_bytes_sort", .list([.bytes([2]), .bytes([1, 9])]), gives: .list([.bytes([1, 9]), .bytes([2])])),
    CallCase("list_bool_sort", .list([.bool(true), .bool(false)]), gives: .list([.bool(false), .bool(true)])),
    CallCase(
      "list_double_sort", .list([.double(.nan), .double(0), .double(.infinity), .double(-0.0), .double(-1)]),
      gives: .list([.double(-1), .double(0), .double(-0.0), .double(.infinity), .double(.nan)])),
    CallCase(
      "list_google.protobuf.Duration_sort", .list([.duration(.zero), .duration(TimeSpan(nanoseconds: -1))]),
      gives: .list([.duration(TimeSpan(nanoseconds: -1)), .duration(.zero)])),
    CallCase("list_google.protobuf.Timestamp_sort", .list([.timestamp(.epoch)]), gives: .list([.timestamp(.epoch)])),
    CallCase("list_uint_sort", .list([]), gives: .list([])),
    CallCase(failing: "list_int_sort", .list([.int(1), .text("b")])),
    CallCase(failing: "list_int_sort", .list([.int(1), .double(0)])),
    CallCase(failing: "list_int_sort", .list([.ints(1)])),
    CallCase("list_int_min", .ints(3, -1), gives: .int(-1)),
    CallCase("list_int_max", .list([]), gives: .none),
    CallCase("list_string_max", .texts("a", "b"), gives: .text("b")),
    CallCase("list_double_min", .list([.double(.nan), .double(1)]), gives: .double(1)),
    CallCase("list_double_max", .list([.double(1), .double(.nan)]), gives: .double(.nan)),
    CallCase("list_size_max", .list([.size(1), .size(2)]), gives: .size(2)),
    CallCase(failing: "list_int_max", .texts("a")),
  ])
  func order(_ call: CallCase) { call.check() }

  @Test(arguments: [
    CallCase("list_avg_int64", .ints(1, 2), gives: .double(1.5)),
    CallCase("list_avg_int64", .ints(.max, .max), gives: .double(0x1p63)),
    CallCase("list_avg_int64", .list([]), gives: .none),
    CallCase("list_avg_uint64", .list([.uint(.max), .uint(.max)]), gives: .double(0x1p64)),
    CallCase("list_avg_double", .list([.double(1), .double(4)]), gives: .double(2.5)),
    CallCase("list_avg_double", .list([.double(1e308), .double(1e308)]), gives: .double(1e308)),
    CallCase("list_avg_double", .list([.double(.infinity), .double(1)]), gives: .double(.infinity)),
    CallCase(
      "list_avg_duration", .list([.duration(.zero), .duration(TimeSpan(nanoseconds: -3))]),
      gives: .duration(TimeSpan(nanoseconds: -1))),
    CallCase("list_avg_size", .list([.size(.max), .size(.max)]), gives: .size(.max)),
    CallCase("list_avg_size", .list([.size(-3), .size(0)]), gives: .size(-1)),
    CallCase(failing: "list_avg_int64", .list([.int(1), .double(1)])),
    CallCase(failing: "list_avg_size", .ints(1)),
  ])
  func averages(_ call: CallCase) { call.check() }

  @Test(
    arguments: [
      ("contains", [1, 2, 3, 4], [2, 3], true), ("contains", [], [], true), ("contains", [], [1], false),
      ("contains", [1], [1, 1], true), ("equivalent", [], [], true), ("equivalent", [1], [1, 1], true),
      ("equivalent", [1, 2], [2], false), ("equivalent", [2], [1, 2], false), ("intersects", [1], [], false),
      ("intersects", [1], [1, 2], true), ("intersects", [], [], false), ("intersects", [3, 4], [1, 2], false),
    ] as [(String, [Int64], [Int64], Bool)])
  func sets(name: String, left: [Int64], right: [Int64], result: Bool) {
    let right = Value.list(right.map { .double(Double($0)) })
    CallCase("sets_\(name)_list_list", .list(left.map(Value.int)), right, gives: .bool(result)).check()
  }

  @Test(arguments: [
    CallCase("sets_contains_list_list", .list([.double(.nan)]), .list([.double(.nan)]), gives: .bool(false)),
    CallCase("sets_equivalent_list_list", .list([.double(.nan)]), .list([.double(.nan)]), gives: .bool(false)),
    CallCase(
      "sets_intersects_list_list", .list([.ints(1), .ints(2, 3)]),
      .list([.ints(1, 2), .list([.int(2), .double(3)])]), gives: .bool(true)),
    CallCase(failing: "sets_contains_list_list", .list([]), .text("")),
  ])
  func setsOfOtherKinds(_ call: CallCase) { call.check() }
}

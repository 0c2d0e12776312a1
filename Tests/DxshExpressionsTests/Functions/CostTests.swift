import DxshExpressions
import DxshTime
import Testing

/// Nothing allocates or works more than it charged for, and a budget that is gone stays gone.
@Suite struct CostTests {
  /// Its arguments are too large to be shown.
  struct Call: Sendable, CustomTestStringConvertible {
    let id: String
    let arguments: [Value]

    init(_ id: String, _ arguments: Value...) {
      self.id = id
      self.arguments = arguments
    }

    var testDescription: String { id }

    func run(_ meter: inout Meter) throws {
      _ = try #require(FunctionLibrary.function(withID: id)).apply(arguments, &meter)
    }
  }

  private static let many = Value.list((0..<100_000).map { .int($0) })
  private static let lists = Value.list([Value](repeating: many, count: 1000))
  private static let long = Value.text(String(repeating: "a\n", count: 50_000))

  @Test(arguments: [
    Call("lists_range", .int(20_000)), Call("range_int64", .int(20_000)),
    Call("range_int64_int64", .int(.min), .int(.max)),
    Call("list_flatten", lists), Call("list_flatten_int", lists, .int(.max)), Call("list_distinct", many),
    Call("list_zip", many, many), Call("list_int_sort", many),
    Call("list_int_min", .list([Value](repeating: .int(1), count: 20_000))),
    Call("list_string_sort", .list([Value](repeating: long, count: 100))), Call("sets_contains_list_list", many, many),
    Call("sets_equivalent_list_list", many, many), Call("sets_intersects_list_list", many, .list([])),
    Call("json_encode", lists), Call("text_lines", long), Call("text_repeat", long, .int(100)),
    Call("text_pad_start", .text(""), .int(1_000_000)),
    Call("text_pad_end_string", .text(""), .int(1_000_000), .text("ab")),
    Call("url_query", .map(MapValue(distinct: [.init(key: long, value: long)]))),
  ])
  func aSmallBudgetIsNotEnough(call: Call) throws {
    var meter = Meter(10_000)
    let error = #expect(throws: EvaluationError.self) { try call.run(&meter) }
    #expect(error?.kind == .limit)
  }

  @Test(arguments: [
    Call("lists_range", Value.int(.max)), Call("range_int64_int64", .int(.min), .int(.max)),
    Call("text_repeat", .text("ab"), .int(.max)), Call("text_pad_start", .text(""), .int(.max)),
  ])
  func theNextCallFailsToo(call: Call) throws {
    var meter = Meter(10)
    for _ in 0..<5 {
      #expect(throws: EvaluationError.self) { try call.run(&meter) }
    }
  }

  @Test(
    arguments: [
      Call("list_int_sort", many), Call("list_flatten_int", .list([many, many]), .int(5)),
      Call("text_repeat", .text("a"), .int(1_000_000)), Call("list_zip", many, many),
      Call("lists_range", .int(1_000_000)),
      Call("list_string_sort", .list((0..<20_000).map { .text("the same beginning \($0)") })),
    ])
  func largeIsPossible(call: Call) throws {
    var meter = Meter(10_000_000)
    try call.run(&meter)
  }
}

import DxshExpressions
import DxshTime
import Testing

/// Equal values are one, whatever their kinds, and none is found by comparing it with all others.
@Suite struct ValueIndexTests {
  private static func map(_ entries: (Value, Value)...) -> Value {
    .map(MapValue(distinct: entries.map { .init(key: $0, value: $1) }))
  }

  static let values: [Value] =
    RobustnessTests.values + [
      .int(1), .uint(1), .double(1), .double(1.5), .uint(1 << 63), .double(0x1p63), .double(0x1p64), .int(0),
      .double(0x1p53), .int(1 << 53), .int(1 << 53 + 1), .uint(1 << 53 + 1), .uint(1 << 60 + 1), .double(0x1p60),
      .list([.int(1 << 53 + 1)]), .list([.double(0x1p53)]), .list([.int(.max), .double(0x1p63)]),
      .list([.double(0x1p63), .uint(1 << 63)]),
      .list([.int(0)]), .list([.uint(0)]), .list([.list([.double(0)])]), .size(0), .bool(false),
      map((.text("a"), .int(1)), (.text("b"), .int(2))), map((.text("b"), .double(2)), (.text("a"), .uint(1))),
      map((.text("a"), .int(2)), (.text("b"), .int(1))), map((.int(1), .text("x"))), map((.uint(1), .text("x"))),
      map((.text("a"), .int(1))), .record(RecordValue(RecordShape(["b", "a"]), [.none, .int(1)])),
      .record(RecordValue(RecordShape(["b", "a"]), [.int(2), .int(1)])), .record(RecordValue(RecordShape([]), [])),
      .box(.decimal(Decimal(text: "1.50") ?? .zero)), .box(.optional(.double(1))), .box(.optional(.none)),
    ]

  @Test func distinctIsByEquality() throws {
    for left in Self.values {
      for right in Self.values {
        let found = try distinct([left, right])
        let isNaN = left != left || hasNaN(left)
        #expect(found.count == (left == right && !isNaN ? 1 : 2), "\(left.summary) and \(right.summary)")
      }
    }
  }

  private func hasNaN(_ value: Value) -> Bool {
    if case .map(let map) = value { return map.entries.contains { $0.value != $0.value } }
    return false
  }

  private func distinct(_ values: [Value], budget: Int = 10_000_000) throws -> [Value] {
    let function = try #require(FunctionLibrary.function(withID: "list_distinct"))
    guard case .list(let found) = try function.apply([.list(values)], budget: budget) else { return [] }
    return found
  }

  @Test(
    arguments: [
      { .int(Int64($0)) }, { .int(.max - Int64($0)) }, { .uint(.max - UInt64($0)) },
      { .list([.int(.min + Int64($0))]) }, { .double(Double($0) + 0.5) }, { .list([.int(Int64($0)), .null]) },
      { .text("text \($0)") },
      { .bytes(Array("\($0)".utf8)) }, { .duration(TimeSpan(nanoseconds: Int64($0))) }, { _ in .double(.nan) },
      { .list([.double(.nan), .int(Int64($0 % 2))]) }, { .box(.optional(.int(Int64($0)))) },
      { .map(MapValue(distinct: [.init(key: .int(Int64($0)), value: .null)])) },
      { .record(RecordValue(RecordShape(["a"]), [.int(Int64($0))])) },
    ] as [@Sendable (Int) -> Value])
  func manyOfAnyKind(make: @Sendable (Int) -> Value) throws {
    let values = (0..<20_000).map(make)
    #expect(try distinct(values, budget: 10 * values.count).count == values.count)
    let sets = try #require(FunctionLibrary.function(withID: "sets_equivalent_list_list"))
    _ = try sets.apply([.list(values), .list(values.reversed())], budget: 40 * values.count)
  }

  /// Each level holds the one below twice, so that there are 2^40 parts.
  @Test func sharedPartsAreChargedEachTime() {
    var value = Value.ints(1)
    for _ in 0..<40 { value = .list([value, value]) }
    #expect(throws: EvaluationError.self) { try distinct([value], budget: 100_000) }
  }

  @Test func deepNestingIsAnError() {
    var value = Value.list([])
    for _ in 0..<5000 { value = .list([value]) }
    #expect(throws: EvaluationError.self) { try distinct([value]) }
  }
}

import DxshExpressions
import Testing

@Suite struct MapValueTests {
  private func numbered(_ keys: [Value]) -> MapValue? {
    MapValue(keys.enumerated().map { MapValue.Entry(key: $1, value: .int(Int64($0))) })
  }

  /// Few keys are searched, many are hashed.
  @Test(arguments: [0, 1, 8, 16, 17, 1000])
  func everyKeyIsFound(count: Int) throws {
    let keys = (0..<count).map { number -> Value in
      switch number % 5 {
      case 0: .text("k\(number)")
      case 1: .text("a key of many bytes \(number)")
      case 2: .int(Int64(number) - 500)
      case 3: .uint(UInt64.max - UInt64(number))
      default: .text(String(repeating: "long ", count: 60) + "\(number)")
      }
    }
    let map = try #require(numbered(keys))
    #expect(map.entries.map(\.key) == keys)
    for (index, key) in keys.enumerated() {
      #expect(map[key] == .int(Int64(index)))
      guard case .string(let text) = key else { continue }
      #expect(map[text] == .int(Int64(index)) && map[text.string] == .int(Int64(index)))
    }
    for missing in [Value.text("none"), .text(""), .int(7_000), .bool(true), .text("a key of many bytes 9999"), .null] {
      #expect(map[missing] == nil)
    }
    if let first = keys.first { #expect(numbered(keys + [first]) == nil) }
    if let last = keys.last { #expect(numbered([last] + keys) == nil) }
  }

  @Test func numbersOfEveryKindAreOneKey() throws {
    let map = try #require(numbered([.int(1), .uint(.max), .bool(true), .text("1")]))
    #expect(map[.uint(1)] == .int(0) && map[.double(1)] == .int(0) && map[.double(1.5)] == nil)
    #expect(map[.uint(.max)] == .int(1) && map[.int(-1)] == nil && map[.bool(false)] == nil)
    #expect(map["1"] == .int(3) && map["true"] == nil)
    #expect(numbered([.int(1), .uint(1)]) == nil)
  }

  /// Keys of the same length that begin and end alike.
  @Test func keysThatLookAlike() throws {
    let keys = ["address_1_line", "address_2_line", "address_3_line", "adr", "adr\0", "", "\0"].map { Value.text($0) }
    let map = try #require(numbered(keys))
    for (index, key) in keys.enumerated() { #expect(map[key] == .int(Int64(index))) }
    #expect(map["address_4_line"] == nil && map["\0\0"] == nil && map["ad"] == nil)
  }

  @Test func equalityKnowsNoOrder() throws {
    let keys = [Value.text("a"), .int(1), .text("b")]
    let shared = MapKeys(distinct: keys.map { MapKeys.Key($0) })
    let one = Value.map(MapValue(keys: shared, values: [.int(1), .null, .double(2)]))
    #expect(one == .map(MapValue(keys: shared, values: [.int(1), .null, .int(2)])))
    #expect(one != .map(MapValue(keys: shared, values: [.int(1), .null, .int(3)])))
    let other = MapValue(distinct: [
      .init(key: .text("b"), value: .int(2)), .init(key: .text("a"), value: .int(1)),
      .init(key: .uint(1), value: .null),
    ])
    #expect(one == .map(other) && !one.isIdentical(to: .map(other)))
    #expect(one.isIdentical(to: .map(MapValue(keys: shared, values: [.int(1), .null, .double(2)]))))
    #expect(one != .map(MapValue(distinct: other.entries.dropLast())))
  }
}

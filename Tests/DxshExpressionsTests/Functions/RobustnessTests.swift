import DxshExpressions
import DxshTime
import Testing

/// No function traps, whatever the kinds of its arguments: plain CEL types everything dynamically.
@Suite struct RobustnessTests {
  static let values: [Value] = [
    .none, .null, .bool(true), .int(0), .int(-1), .int(.min), .int(.max), .uint(0), .uint(.max), .double(.nan),
    .double(-.infinity), .double(1e300), .double(-0.0), .text(""), .text("%s %.9f aé😀"), .text("(a+)+$"),
    .bytes([]), .bytes([0xFF, 0x61]), .timestamp(.epoch), .duration(.zero), .duration(TimeSpan(nanoseconds: -1)),
    .size(.min), .size(1), .list([]), .list([.int(1), .text("a"), .none, .list([.null])]), .list([.text("a")]),
    .map(.empty), .map(MapValue(distinct: [.init(key: .int(1), value: .double(.nan))])),
    .record(RecordValue(RecordShape(["a", "b"]), [.int(1), .none])), .box(.type(.list(.dyn))),
    .box(.optional(.int(1))), .box(.decimal(Decimal(text: "1.5") ?? .zero)),
    .box(.money(Money(Decimal(1 as Int64), "EUR"))), .box(.ip(IPAddress(.v4, bits: 1))),
    .box(.cidr(CIDRBlock(IPAddress(.v6, bits: 1), prefixLength: 64))),
  ]

  @Test func anyArgumentsOfAnyKind() {
    var random = SystemRandomNumberGenerator()
    for name in FunctionLibrary.names {
      for overload in FunctionLibrary.overloads(named: name) {
        let count = overload.parameters.count
        #expect(overload.function.arity == count, "\(overload.function.id)")
        let rounds =
          count == 0 ? 1 : count == 1 ? Self.values.count : count == 2 ? Self.values.count * Self.values.count : 3000
        for round in 0..<rounds {
          let arguments = (0..<count).map { position -> Value in
            let number = position == 0 ? round : round / Self.values.count
            return count > 2
              ? Self.values.randomElement(using: &random) ?? .none : Self.values[number % Self.values.count]
          }
          _ = try? overload.function.apply(arguments)
          guard let prepare = overload.function.prepare else { continue }
          let known = arguments.map { Bool.random(using: &random) ? $0 : nil }
          if let body = try? prepare(known) { _ = try? Function(overload.function.id, body).apply(arguments) }
        }
      }
    }
  }
}

import DxshCompiler
import DxshExpressions
import DxshTime

/// The variables of expressions and the parameters of generated workflows: one or two of each kind.
enum Variables {
  struct Variable: Sendable {
    let name: String
    let type: Type
    let value: Value
  }

  /// Of both languages.
  private static let scalars: [Variable] = [
    .init(name: "flag", type: .bool, value: .bool(true)),
    .init(name: "n", type: .int, value: .int(7)),
    .init(name: "lowest", type: .int, value: .int(.min)),
    .init(name: "u", type: .uint, value: .uint(.max)),
    .init(name: "x", type: .double, value: .double(2.5)),
    .init(name: "nan", type: .double, value: .double(.nan)),
    .init(name: "s", type: .string, value: .text("héllo, wörld 😀")),
    .init(name: "b", type: .bytes, value: .bytes([0xFF, 0x00, 0x41])),
    .init(name: "t", type: .timestamp, value: .timestamp(moment)),
    .init(name: "d", type: .duration, value: .duration(TimeSpan(nanoseconds: 5_400_000_000_001))),
    .init(name: "ns", type: .list(.int), value: .list([.int(3), .int(-1), .int(3)])),
    .init(name: "words", type: .list(.string), value: .list([.text("a"), .text(""), .text("b,c")])),
    .init(name: "table", type: .list(.list(.int)), value: .list([.list([.int(1)]), .list([])])),
    .init(name: "m", type: .map(.string, .int), value: map((.text("a"), .int(1)), (.text("n"), .int(2)))),
    .init(name: "names", type: .map(.int, .string), value: map((.int(1), .text("one")))),
  ]

  static let cel: [Variable] =
    scalars + [
      .init(name: "one", type: .optional(.int), value: .box(.optional(.int(1)))),
      .init(name: "nothing", type: .optional(.string), value: Value.none),
      .init(name: "address", type: .abstract("net.IP", []), value: IPAddress(text: "10.0.0.1").map { .box(.ip($0)) }),
      .init(
        name: "block", type: .abstract("net.CIDR", []), value: CIDRBlock(text: "10.0.0.0/8").map { .box(.cidr($0)) }),
      .init(name: "kind", type: .type(.int), value: .box(.type(.int))),
      .init(name: "any", type: .dyn, value: map((.text("a"), .list([.double(1), .null])))),
      .init(name: "q.r", type: .int, value: .int(4)),
    ]

  static let files: [Variable] =
    scalars + [
      .init(name: "one", type: .optional(.int), value: .int(1)),
      .init(name: "nothing", type: .optional(.string), value: Value.none),
      .init(name: "bytes_", type: .size, value: .size(65_536)),
      .init(name: "amount", type: .decimal, value: Decimal(text: "-12.50").map { .box(.decimal($0)) }),
      .init(name: "price", type: .money, value: Money(text: "12.50 EUR").map { .box(.money($0)) }),
      .init(
        name: "row", type: record,
        value: .record(RecordValue(RecordShape(["id", "count", "note"]), [.text("r1"), .int(2), .none]))),
      .init(
        name: "attachment", type: .file,
        value: Artifact(name: "a b.txt", size: 3, digest: String(repeating: "a0", count: 32)).map { .box(.file($0)) }),
      .init(name: "data", type: .json, value: map((.text("a"), .list([.double(1), .null])))),
      .init(name: "rows", type: .list(record), value: .list([])),
    ]

  private static let record = Type.record(
    RecordType([.init("id", .string), .init("count", .int), .init("note", .optional(.string))]))

  private static let moment: Timestamp = Timestamp(text: "2024-02-29T23:59:59.999999999Z") ?? .epoch

  private static func map(_ entries: (Value, Value)...) -> Value {
    .map(MapValue(distinct: entries.map { MapValue.Entry(key: $0.0, value: $0.1) }))
  }

  static func environment(isChecked: Bool) -> CELEnvironment {
    var environment = CELEnvironment()
    environment.isChecked = isChecked
    for (slot, variable) in cel.enumerated() {
      environment.variables[variable.name] = .init(variable.type, slot: slot)
    }
    return environment
  }

  /// With the values of the variables of `cel`.
  static func frame() -> Frame {
    let frame = Frame(slots: cel.count, parent: nil)
    for (slot, variable) in cel.enumerated() { frame.values[slot] = variable.value }
    return frame
  }

  /// The value for a parameter of a workflow; nil when none has its name and type.
  static func value(named name: String, of type: Type) -> Value? {
    files.first { $0.name == name && $0.type == type }?.value
  }
}

extension Variables.Variable {
  /// A variable whose text is known to be one of the type.
  fileprivate init(name: String, type: Type, value: Value?) {
    guard let value else { preconditionFailure("the text of \(name) is no \(type)") }
    self.init(name: name, type: type, value: value as Value)
  }
}

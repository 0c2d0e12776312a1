import DxshExpressions
import DxshTime

/// Calls the overload of a name that takes values of these types, as a checked expression would.
func call(_ name: String, _ style: Overload.Style, _ arguments: Value...) throws -> Value {
  try call(name, style, arguments)
}

func call(_ name: String, _ style: Overload.Style, _ arguments: [Value]) throws -> Value {
  let types = arguments.map(type)
  let overload = FunctionLibrary.overloads(named: name).first { overload in
    overload.style == style && overload.parameters.count == types.count
      && zip(overload.parameters, types).allSatisfy { parameter, type in
        var substitution = Substitution()
        return substitution.match(parameter, type)
      }
  }
  guard let overload else { throw EvaluationError.noOverload(name) }
  return try Evaluator.evaluate(
    .call(overload.function, arguments.map { .constant(Constant($0)) }), in: .empty)
}

/// The type that a value has; of a list that of its first element.
private func type(_ value: Value) -> Type {
  switch value {
  case .none: .optional(.never)
  case .null: .null
  case .bool: .bool
  case .int: .int
  case .uint: .uint
  case .double: .double
  case .string: .string
  case .bytes: .bytes
  case .timestamp: .timestamp
  case .duration: .duration
  case .size: .size
  case .list(let elements): .list(elements.first.map(type) ?? .never)
  case .map, .record: .dyn
  case .boxed(let box):
    switch box.content {
    case .optional(let wrapped): .optional(type(wrapped))
    case .type(let type): .type(type)
    case .decimal: .decimal
    case .money: .money
    case .ip: .abstract("net.IP", [])
    case .cidr: .abstract("net.CIDR", [])
    case .file: .file
    case .failure: .never
    }
  }
}

/// One value of every kind, to call functions with values that they do not take.
let oneOfEachKind: [Value] = [
  .none, .null, .bool(true), .int(.min), .uint(.max), .double(.nan), .text("x"), .bytes([255]), .timestamp(.epoch),
  .duration(.zero), .size(.min), .list([]), .list([.none]), .map(.empty),
  .record(RecordValue(RecordShape(["a"]), [.none])), .box(.optional(.null)), .box(.type(.int)),
  .box(.decimal(Decimal(-1 as Int64))), .box(.money(Money(.zero, "EUR"))),
  .box(.ip(IPAddress(.v4, bits: 1))), .box(.cidr(CIDRBlock(IPAddress(.v6, bits: 1), prefixLength: 8))),
]

/// The overloads of all functions that take or give one of these types.
func overloads(of types: Set<Type>) -> [Overload] {
  FunctionLibrary.names.sorted().flatMap { FunctionLibrary.overloads(named: $0) }.filter { overload in
    (overload.parameters + [overload.result]).contains { type in
      if case .list(let element) = type { types.contains(element) } else { types.contains(type) }
    }
  }
}

/// Calls every one of the overloads with every mix of kinds, of which none may trap; what is thrown is for others to
/// look at.
func callWithEverything(_ overloads: [Overload]) {
  for overload in overloads {
    for first in oneOfEachKind {
      let function = overload.function
      switch function.body {
      case .nullary(let apply): _ = try? apply()
      case .unary(let apply): _ = try? apply(first)
      case .binary(let apply): for second in oneOfEachKind { _ = try? apply(first, second) }
      case .ternary(let apply):
        for second in oneOfEachKind { for third in oneOfEachKind { _ = try? apply(first, second, third) } }
      case .metered(let count, let apply):
        var meter = Meter(1_000_000)
        _ = try? apply(Array(repeating: first, count: count), &meter)
      }
      guard let prepare = function.prepare else { continue }
      _ = try? prepare(Array(repeating: first, count: overload.parameters.count))
      _ = try? prepare(Array(repeating: nil, count: overload.parameters.count))
    }
  }
}

extension Value {
  /// The type of plain CEL that a value of JSON has; what a list or a map holds may be anything.
  package var celType: Type {
    switch self {
    case .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .string: .string
    case .bytes: .bytes
    case .timestamp: .timestamp
    case .duration: .duration
    case .list: .list(.dyn)
    case .map: .map(.string, .dyn)
    case .none, .size, .record, .boxed: .dyn
    }
  }
}

extension Type {
  /// The type as plain CEL writes it: `map(string, list(int))`.
  package var celText: String {
    switch self {
    case .list(let element): "list(\(element.celText))"
    case .map(let key, let value): "map(\(key.celText), \(value.celText))"
    case .optional(let wrapped): "optional_type(\(wrapped.celText))"
    case .type(let type): "type(\(type.celText))"
    case .abstract(let name, let arguments):
      arguments.isEmpty ? name : "\(name)(\(arguments.map(\.celText).joined(separator: ", ")))"
    case .null: "null_type"
    case .parameter(let name): "<\(name)>"
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .dyn: description
    case .size, .decimal, .money, .json, .never, .unknown, .record, .enumeration, .secret, .connection: "dyn"
    }
  }
}

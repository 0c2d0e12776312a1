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

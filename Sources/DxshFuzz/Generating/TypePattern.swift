import DxshExpressions

/// What the type parameters of an overload stand for.
struct TypePattern {
  private(set) var bindings: [String: Type] = [:]

  subscript(name: String) -> Type? {
    get { bindings[name] }
    set { bindings[name] = newValue }
  }

  /// Whether the pattern is exactly the type, with what its parameters then stand for.
  mutating func match(_ pattern: Type, _ type: Type) -> Bool {
    switch (pattern, type) {
    case (.parameter(let name), _):
      if let bound = bindings[name] { return bound == type }
      bindings[name] = type
      return true
    case (.list(let inner), .list(let own)), (.optional(let inner), .optional(let own)),
      (.type(let inner), .type(let own)):
      return match(inner, own)
    case (.map(let key, let value), .map(let ownKey, let ownValue)): return match(key, ownKey) && match(value, ownValue)
    case (.record(let record), .record(let own)):
      return record.fields.map(\.name) == own.fields.map(\.name)
        && zip(record.fields, own.fields).allSatisfy { match($0.type, $1.type) }
    default: return pattern == type
    }
  }

  /// The pattern with its parameters replaced, all of which are bound. Optionals of plain CEL nest.
  func type(_ pattern: Type, _ dialect: Overload.Dialects) -> Type {
    switch pattern {
    case .parameter(let name): return bindings[name] ?? pattern
    case .list(let inner): return .list(type(inner, dialect))
    case .map(let key, let value): return .map(type(key, dialect), type(value, dialect))
    case .optional(let inner):
      let inner = type(inner, dialect)
      return dialect == .cel ? .optional(inner) : inner.asOptional
    case .record(let record):
      return .record(RecordType(record.fields.map { .init($0.name, type($0.type, dialect)) }))
    case .type(let inner): return .type(type(inner, dialect))
    case .secret, .abstract, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal,
      .money, .json, .null, .dyn, .never, .unknown, .enumeration, .connection:
      return pattern
    }
  }

  /// The names of the type parameters in a pattern.
  static func parameters(of pattern: Type) -> [String] {
    switch pattern {
    case .parameter(let name): [name]
    case .list(let inner), .optional(let inner), .secret(let inner), .type(let inner): parameters(of: inner)
    case .map(let key, let value): parameters(of: key) + parameters(of: value)
    case .record(let record): record.fields.flatMap { parameters(of: $0.type) }
    case .abstract(_, let arguments): arguments.flatMap { parameters(of: $0) }
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .json, .null,
      .dyn, .never, .unknown, .enumeration, .connection:
      []
    }
  }
}

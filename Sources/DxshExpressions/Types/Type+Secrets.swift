/// Secrets in types. A secret is a label for the checker alone: at run time it is the plain value (rule 40).
///
/// Inside a secret there is no other one: `secret<list<string>>`, never `secret<list<secret<string>>>`.
extension Type {
  package var isSecret: Bool {
    if case .secret = self { true } else { false }
  }

  /// Whether even this is secret, whether there is a value: `secret<T?>`. That a `secret<T>?` has one is not.
  package var isSecretlyPresent: Bool {
    if case .secret(.optional) = self { true } else { false }
  }

  /// Whether a secret is in it, at any depth.
  package var containsSecret: Bool { contains { $0.isSecret } }

  /// Whether a connection is in it, at any depth.
  package var containsConnection: Bool {
    contains { type in
      if case .connection = type { true } else { false }
    }
  }

  /// Whether a file is in it, at any depth.
  package var containsFile: Bool { contains { $0 == .file } }

  /// Whether its values stay in the memory of the run: they hold secrets, or a connection, whose settings may be.
  package var isConfined: Bool { containsSecret || containsConnection }

  /// The type with every secret in it laid open.
  package var withoutSecrets: Type {
    guard containsSecret else { return self }
    return switch self {
    case .secret(let content): content
    case .list(let element): .list(element.withoutSecrets)
    case .map(let key, let value): .map(key.withoutSecrets, value.withoutSecrets)
    case .optional(let wrapped): wrapped.withoutSecrets.asOptional
    case .record(let record): .record(RecordType(record.fields.map { .init($0.name, $0.type.withoutSecrets) }))
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .json, .null,
      .dyn, .never, .unknown, .enumeration, .parameter, .connection, .type, .abstract:
      self
    }
  }

  /// `secret<T>`, without nesting.
  package var asSecret: Type {
    switch self {
    case .secret, .unknown, .never: self
    default: .secret(withoutSecrets)
    }
  }

  private func contains(_ isFound: (Type) -> Bool) -> Bool {
    if isFound(self) { return true }
    return switch self {
    case .list(let inner), .optional(let inner), .secret(let inner): inner.contains(isFound)
    case .map(let key, let value): key.contains(isFound) || value.contains(isFound)
    case .record(let record): record.fields.contains { $0.type.contains(isFound) }
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .json, .null,
      .dyn, .never, .unknown, .enumeration, .parameter, .connection, .type, .abstract:
      false
    }
  }
}

extension Type {
  /// Whether a value of this type may stand where `target` is expected.
  ///
  /// A `T` goes where `T?` is expected; records are width-subtyped, and an optional field may be missing from
  /// the source; lists, optionals and map values are covariant, map keys invariant (rules 24, 26, 28). A `T` goes where
  /// `secret<T>` is expected, never the other way (rule 40). An optional is json: none is null there.
  package func isAssignable(to target: Type) -> Bool {
    if self == target { return true }
    switch (self, target) {
    case (.unknown, _), (.never, _), (.dyn, _), (_, .unknown): return true
    case (_, .dyn): return !isConfined
    case (.secret(let content), .secret(let expected)): return content.isAssignable(to: expected)
    case (_, .secret(let expected)): return withoutSecrets.isAssignable(to: expected)
    case (.optional(let wrapped), .optional(let expected)): return wrapped.isAssignable(to: expected)
    case (.optional, .json): return isJSONLike
    case (.optional, _): return false
    case (_, .optional(let expected)): return isAssignable(to: expected)
    case (_, .json): return isJSONLike
    case (.list(let element), .list(let expected)): return element.isAssignable(to: expected)
    case (.map(let key, let value), .map(let expectedKey, let expectedValue)):
      return (key == expectedKey || key == .never || key == .unknown || expectedKey == .unknown)
        && value.isAssignable(to: expectedValue)
    case (.record(let record), .record(let expected)): return record.isAssignable(to: expected)
    case (.enumeration(let own), .enumeration(let expected)): return own.isAssignable(to: expected)
    default: return false
    }
  }

  /// Whether every value of the type has a form in JSON that reads back as the same.
  package var isJSONLike: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string, .json, .null, .never, .unknown, .dyn, .enumeration: true
    case .bytes, .timestamp, .duration, .size, .decimal, .money, .parameter, .secret, .connection, .type, .abstract:
      false
    case .list(let element): element.isJSONLike
    case .optional(let wrapped): wrapped.isJSONLike
    case .map(let key, let value): (key == .string || key == .never) && value.isJSONLike
    case .record(let record): record.fields.allSatisfy(\.type.isJSONLike)
    }
  }

  /// The least type that both may stand for; nil when there is none.
  package func joined(with other: Type) -> Type? {
    if self == .never || self == other { return other }
    if isAssignable(to: other), !isLoose { return other }
    if other.isAssignable(to: self) { return self }
    if isAssignable(to: other) { return other }
    switch (self, other) {
    case (.optional(let wrapped), _): return wrapped.joined(with: other.unwrapped)?.asOptional
    case (_, .optional(let wrapped)): return joined(with: wrapped)?.asOptional
    case (.secret(let content), _): return content.joined(with: other.withoutSecrets)?.asSecret
    case (_, .secret(let content)): return withoutSecrets.joined(with: content)?.asSecret
    case (.list(let left), .list(let right)): return left.joined(with: right).map(Type.list)
    case (.map(let key, let left), .map(let otherKey, let right)) where key == otherKey:
      return left.joined(with: right).map { .map(key, $0) }
    case (.record(let left), .record(let right)): return .record(left.joined(with: right))
    case (.enumeration(let left), .enumeration(let right)): return left.joined(with: right).map(Type.enumeration)
    default: return nil
    }
  }

  /// Whether the type accepts everything, so that a join prefers the other side.
  private var isLoose: Bool {
    switch self {
    case .unknown, .dyn: true
    default: false
    }
  }

  /// The type without the record fields that a source of static type `source` does not have, at any depth: what a
  /// value of that source is projected to, so that a hidden field never shows through (rule 26).
  package func restricted(to source: Type) -> Type {
    switch (self, source) {
    case (.secret(let content), _): return content.restricted(to: source.withoutSecrets).asSecret
    case (_, .secret(let from)): return restricted(to: from)
    case (.optional(let wrapped), _): return wrapped.restricted(to: source.unwrapped).asOptional
    case (.list(let element), .list(let from)): return .list(element.restricted(to: from))
    case (.map(let key, let value), .map(_, let from)): return .map(key, value.restricted(to: from))
    case (.record(let record), .record(let from)):
      if record == from { return self }
      return .record(
        RecordType(
          record.fields.compactMap { field in
            from[field.name].map { RecordType.Field(field.name, field.type.restricted(to: $0)) }
          }))
    default: return self
    }
  }

  /// Whether a value of static type `source` may have another shape at run time than this type says, so that it is to
  /// be projected or decoded where it enters.
  package func needsConforming(from source: Type) -> Bool {
    switch (self, source) {
    case (.json, .json), (.dyn, _), (.unknown, _), (_, .never), (_, .unknown): false
    case (.secret(let content), _): content.needsConforming(from: source.withoutSecrets)
    case (_, .secret(let from)): needsConforming(from: from)
    case (_, .dyn): true
    case (.json, _): !source.isScalar
    case (.optional(let wrapped), _): wrapped.needsConforming(from: source.unwrapped)
    case (.list(let element), .list(let from)): element.needsConforming(from: from)
    case (.map(_, let value), .map(_, let from)): value.needsConforming(from: from)
    case (.record, .record): true
    default: false
    }
  }

  /// Whether values of the type are neither collections nor optional.
  package var isScalar: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .size, .decimal, .money, .null,
      .enumeration, .type, .abstract:
      true
    case .json, .dyn, .never, .unknown, .list, .map, .optional, .record, .parameter, .secret, .connection: false
    }
  }

  /// Whether `${e}` renders it (rule 14).
  package var rendersAsText: Bool {
    switch self {
    case .bool, .int, .uint, .double, .string, .timestamp, .duration, .size, .decimal, .money, .enumeration, .unknown,
      .never:
      true
    case .bytes, .json, .null, .dyn, .list, .map, .optional, .record, .parameter, .secret, .connection, .type,
      .abstract:
      false
    }
  }

  /// Whether values of the type can be the keys of a map.
  package var isKeyType: Bool {
    switch self {
    case .bool, .int, .uint, .string, .enumeration, .unknown, .never, .parameter: true
    case .double, .bytes, .timestamp, .duration, .size, .decimal, .money, .json, .null, .dyn, .list, .map, .optional,
      .record, .secret, .connection, .type, .abstract:
      false
    }
  }
}

extension RecordType {
  fileprivate func isAssignable(to target: RecordType) -> Bool {
    target.fields.allSatisfy { field in
      guard let own = self[field.name] else { return field.type.isOptional }
      return own.isAssignable(to: field.type)
    }
  }

  /// The fields that both have, of types that join.
  fileprivate func joined(with other: RecordType) -> RecordType {
    RecordType(
      fields.compactMap { field in
        other[field.name].flatMap { field.type.joined(with: $0) }.map { Field(field.name, $0) }
      })
  }
}

extension Value {
  /// Whether both are the same kind with the same content, so that no program can tell them apart: unlike `==`, which
  /// is CEL's, an int is never a double, NaN is NaN, `0.0` is not `-0.0`, and entries and fields have one order.
  package func isIdentical(to other: Value) -> Bool {
    switch (self, other) {
    case (.none, .none), (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)), (.size(let a), .size(let b)): a == b
    case (.uint(let a), .uint(let b)): a == b
    case (.double(let a), .double(let b)): a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
    case (.string(let a), .string(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.timestamp(let a), .timestamp(let b)): a == b
    case (.duration(let a), .duration(let b)): a == b
    case (.list(let a), .list(let b)): Self.areIdentical(a, b)
    case (.map(let a), .map(let b)):
      a === b
        || (a.keys.count == b.keys.count
          && (a.keys.isCopy(of: b.keys)
            || zip(a.keys.all, b.keys.all).allSatisfy { $0.value.isIdentical(to: $1.value) })
          && Self.areIdentical(a.values, b.values))
    case (.record(let a), .record(let b)):
      a === b || ((a.shape === b.shape || a.shape.names == b.shape.names) && Self.areIdentical(a.fields, b.fields))
    case (.boxed(let a), .boxed(let b)): a.isIdentical(to: b)
    default: false
    }
  }

  private static func areIdentical(_ left: [Value], _ right: [Value]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0.isIdentical(to: $1) }
  }

  /// Equal for identical values.
  package func hashIdentity(into hasher: inout Hasher) {
    switch self {
    case .none: hasher.combine(0 as UInt8)
    case .null: hasher.combine(1 as UInt8)
    case .bool(let value): Self.hash(2, value, into: &hasher)
    case .int(let value): Self.hash(3, value, into: &hasher)
    case .uint(let value): Self.hash(4, value, into: &hasher)
    case .double(let value): Self.hash(5, value.isNaN ? Double.nan.bitPattern : value.bitPattern, into: &hasher)
    case .string(let value): Self.hash(6, value, into: &hasher)
    case .bytes(let value): Self.hash(7, value, into: &hasher)
    case .timestamp(let value): Self.hash(8, value, into: &hasher)
    case .duration(let value): Self.hash(9, value, into: &hasher)
    case .size(let value): Self.hash(10, value, into: &hasher)
    case .list(let elements):
      Self.hash(11, elements.count, into: &hasher)
      for element in elements { element.hashIdentity(into: &hasher) }
    case .map(let map):
      Self.hash(12, map.entries.count, into: &hasher)
      for entry in map.entries {
        entry.key.hashIdentity(into: &hasher)
        entry.value.hashIdentity(into: &hasher)
      }
    case .record(let record):
      Self.hash(13, record.shape.names, into: &hasher)
      for field in record.fields { field.hashIdentity(into: &hasher) }
    case .boxed(let box): box.hashIdentity(into: &hasher)
    }
  }

  private static func hash(_ kind: UInt8, _ content: some Hashable, into hasher: inout Hasher) {
    hasher.combine(kind)
    hasher.combine(content)
  }
}

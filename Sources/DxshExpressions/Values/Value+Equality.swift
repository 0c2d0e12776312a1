extension Value: Equatable {
  /// CEL's equality: numbers compare across kinds, NaN equals nothing, different kinds are unequal. An absent
  /// record field equals one that is `none`; a record equals a map with the same names.
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none), (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.bytes(let a), .bytes(let b)): a == b
    case (.timestamp(let a), .timestamp(let b)): a == b
    case (.duration(let a), .duration(let b)): a == b
    case (.size(let a), .size(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a.isEqual(to: b)
    case (.record(let a), .record(let b)): equalRecords(a, b)
    case (.boxed(let a), .boxed(let b)): a.isEqual(to: b)
    case (.record(let a), .map(let b)), (.map(let b), .record(let a)): equal(a, b)
    default: Numbers.compare(left, right) == .equal
    }
  }

  private static func equalRecords(_ left: RecordValue, _ right: RecordValue) -> Bool {
    if left === right { return true }
    if left.shape === right.shape { return left.fields == right.fields }
    return present(left) == present(right)
      && zip(left.shape.names, left.fields).allSatisfy { name, value in value.isNone || right[name] == value }
  }

  private static func equal(_ record: RecordValue, _ map: MapValue) -> Bool {
    present(record) == map.entries.count
      && zip(record.shape.names, record.fields).allSatisfy { name, value in
        value.isNone || map[name].map { $0 == value } ?? false
      }
  }

  private static func present(_ record: RecordValue) -> Int {
    record.fields.reduce(0) { $0 + ($1.isNone ? 0 : 1) }
  }
}

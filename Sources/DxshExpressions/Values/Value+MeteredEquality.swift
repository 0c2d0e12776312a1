extension Value {
  /// CEL's equality, charged by what is compared: a value that shares its parts many times may be far larger than the
  /// memory that it takes.
  func isEqual(to other: Value, _ meter: inout Meter) throws(EvaluationError) -> Bool {
    switch (self, other) {
    case (.list(let left), .list(let right)):
      guard left.count == right.count else { return false }
      try meter.charge(left.count)
      for position in left.indices where try !left[position].isEqual(to: right[position], &meter) { return false }
      return true
    case (.map(let left), .map(let right)):
      guard left.entries.count == right.entries.count else { return false }
      try meter.charge(left.entries.count)
      for entry in left.entries {
        guard let counterpart = right[entry.key], try entry.value.isEqual(to: counterpart, &meter) else { return false }
      }
      return true
    case (.record(let left), .record(let right)) where left.shape === right.shape:
      try meter.charge(left.fields.count)
      for position in left.fields.indices where try !left.fields[position].isEqual(to: right.fields[position], &meter) {
        return false
      }
      return true
    case (.boxed(let left), .boxed(let right)):
      if case .optional(let a) = left.content, case .optional(let b) = right.content {
        try meter.charge(1)
        return try a.isEqual(to: b, &meter)
      }
      return self == other
    case (.record, _), (_, .record):
      try meter.charge(8)
      return self == other
    default: return self == other
    }
  }
}

/// `json.encode`: a value as JSON text, as steps write it (language reference, section 5).
extension FunctionLibrary {
  static let jsonOverloads: [Overload] = [
    Overload(
      "json.encode", "json_encode", [.parameterA], .string, in: .dxsh,
      .metering("json.encode", .any) { (value, meter) throws(EvaluationError) in
        try meter.charge(forAllOf: value)
        do {
          return .string(Text(validUTF8: try JSONWriter.write(value)))
        } catch {
          throw EvaluationError(.decode, "\(error)")
        }
      })
  ]
}

extension Meter {
  /// Takes the cost of writing a value with all its parts: a unit for each and for 8 bytes of text. Throws beyond
  /// `JSONReader.depthLimit` too.
  mutating func charge(forAllOf value: Value, depth: Int = 0) throws(EvaluationError) {
    guard depth <= JSONReader.depthLimit else {
      throw EvaluationError(.limit, "a value nests more than \(JSONReader.depthLimit) deep")
    }
    switch value {
    case .string(let text): try charge(1 + text.utf8.count >> 3)
    case .bytes(let bytes): try charge(1 + bytes.count >> 3)
    case .list(let elements):
      try charge(1)
      for element in elements { try charge(forAllOf: element, depth: depth + 1) }
    case .map(let map):
      try charge(1)
      for entry in map.entries {
        try charge(forAllOf: entry.key, depth: depth + 1)
        try charge(forAllOf: entry.value, depth: depth + 1)
      }
    case .record(let record):
      try charge(1)
      for (name, field) in zip(record.shape.names, record.fields) where !field.isNone {
        try charge(1 + name.utf8.count >> 3)
        try charge(forAllOf: field, depth: depth + 1)
      }
    case .boxed(let box):
      try charge(1)
      if case .optional(let value) = box.content { try charge(forAllOf: value, depth: depth + 1) }
    case .none, .null, .bool, .int, .uint, .double, .timestamp, .duration, .size: try charge(1)
    }
  }
}

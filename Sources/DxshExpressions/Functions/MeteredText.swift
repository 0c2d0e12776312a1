/// A text under construction that charges for what it takes before it takes it.
struct MeteredText {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ part: some Collection<UInt8>, _ meter: inout Meter) throws(EvaluationError) {
    try meter.charge(moving: part.count)
    bytes.append(contentsOf: part)
  }

  /// What was put together must be valid UTF-8.
  var value: Value { .string(Text(validUTF8: bytes)) }
}

/// A list of texts under construction that charges for what it takes before it takes it.
struct MeteredTexts {
  private var elements: [Value] = []

  /// The part must be valid UTF-8.
  mutating func append(_ part: ArraySlice<UInt8>, _ meter: inout Meter) throws(EvaluationError) {
    // An element of its own is a reference in the list and a header beside the bytes.
    try meter.charge(2)
    try meter.charge(moving: part.count)
    elements.append(.string(Text(validUTF8: Array(part))))
  }

  var value: Value { .list(elements) }
}

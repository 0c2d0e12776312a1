import DxshTime

/// A text that the clauses of a format add their arguments to.
struct FormattedText {
  private var text = MeteredText()

  var value: Value { text.value }

  mutating func append(_ bytes: ArraySlice<UInt8>, _ meter: inout Meter) throws(EvaluationError) {
    try text.append(bytes, &meter)
  }

  /// The precision counts for fixed and scientific numbers.
  mutating func append(
    _ value: Value, as conversion: FormatPiece.Conversion, precision: Int, _ meter: inout Meter
  ) throws(EvaluationError) {
    switch conversion {
    case .text: try append(value, depth: 0, &meter)
    case .decimal: try text.append(Self.decimal(value), &meter)
    case .fixed:
      // Up to 309 digits stand before the point.
      try meter.charge(moving: precision + 310)
      try text.append(NumberText.fixed(Self.number(value, "%f"), precision: precision), &meter)
    case .scientific:
      try meter.charge(moving: precision + 310)
      try text.append(NumberText.scientific(Self.number(value, "%e"), precision: precision), &meter)
    case .binary:
      if case .bool(let flag) = value {
        try text.append(flag ? "1".utf8 : "0".utf8, &meter)
      } else {
        try text.append(Self.integer(value, "%b", "an int, uint or bool", radix: 2), &meter)
      }
    case .octal: try text.append(Self.integer(value, "%o", "an int or uint", radix: 8), &meter)
    case .hexadecimal: try appendHexadecimal(value, uppercase: false, &meter)
    case .upperHexadecimal: try appendHexadecimal(value, uppercase: true, &meter)
    }
  }

  private mutating func appendHexadecimal(
    _ value: Value, uppercase: Bool, _ meter: inout Meter
  ) throws(EvaluationError) {
    let bytes: [UInt8]
    switch value {
    case .string(let text): bytes = text.utf8
    case .bytes(let content): bytes = content
    default:
      let clause = uppercase ? "%X" : "%x"
      try text.append(
        Self.integer(value, clause, "an int, uint, string or bytes", radix: 16, uppercase: uppercase), &meter)
      return
    }
    try meter.charge(moving: 2 * bytes.count)
    try text.append(HexText.encode(bytes, uppercase: uppercase), &meter)
  }

  private static func decimal(_ value: Value) throws(EvaluationError) -> [UInt8] {
    switch value {
    case .int(let number): return Array(String(number).utf8)
    case .uint(let number): return Array(String(number).utf8)
    case .double(let number): return NumberText.plain(number)
    default: throw unfit("%d", "an int, uint or double", value)
    }
  }

  private static func number(_ value: Value, _ clause: String) throws(EvaluationError) -> Double {
    switch value {
    case .int(let number): return Double(number)
    case .uint(let number): return Double(number)
    case .double(let number): return number
    default: throw unfit(clause, "an int, uint or double", value)
    }
  }

  private static func integer(
    _ value: Value, _ clause: String, _ expected: String, radix: Int, uppercase: Bool = false
  ) throws(EvaluationError) -> [UInt8] {
    switch value {
    case .int(let number): return Array(String(number, radix: radix, uppercase: uppercase).utf8)
    case .uint(let number): return Array(String(number, radix: radix, uppercase: uppercase).utf8)
    default: throw unfit(clause, expected, value)
    }
  }

  private static func unfit(_ clause: String, _ expected: String, _ value: Value) -> EvaluationError {
    EvaluationError(.decode, "`\(clause)` takes \(expected), not \(value.summary)")
  }
}

// MARK: - %s

extension FormattedText {
  /// How deeply the values in a list or map may nest.
  private static let depthLimit = 1000

  private mutating func append(_ value: Value, depth: Int, _ meter: inout Meter) throws(EvaluationError) {
    switch value {
    case .null: try text.append("null".utf8, &meter)
    case .bytes(let bytes): try appendText(of: bytes, &meter)
    case .list(let elements): try append(elements, depth: depth, &meter)
    case .map(let map):
      try append(map.entries.map { ($0.key, $0.value) }, depth: depth, &meter)
    case .record(let record):
      let fields = zip(record.shape.names, record.fields).filter { !$1.isNone }
      try append(fields.map { (.text($0), $1) }, depth: depth, &meter)
    case .string(let content): try text.append(content.utf8, &meter)
    case .none, .bool, .int, .uint, .double, .timestamp, .duration, .size, .boxed:
      try text.append(Self.scalar(value), &meter)
    }
  }

  private static func scalar(_ value: Value) throws(EvaluationError) -> [UInt8] {
    switch value {
    case .double(let number): return NumberText.plain(number)
    case .timestamp(let time): return withoutTrailingZeros(time.utf8)
    case .duration(let span):
      // By the specification through a double.
      let seconds = Double(span.seconds) + Double(span.nanoseconds) / 1e9
      return NumberText.plain(seconds) + [0x73]
    case .boxed(let box):
      if case .type(let type) = box.content { return Array(type.nameInCEL.utf8) }
      guard let text = box.text else { break }
      return text.utf8
    default:
      guard let text = TextForm.rendering(value) else { break }
      return text.utf8
    }
    throw unfit("%s", "a value that has a text", value)
  }

  /// The fraction of a second with no more digits than it needs.
  private static func withoutTrailingZeros(_ time: [UInt8]) -> [UInt8] {
    guard time.contains(0x2E), time.last == 0x5A else { return time }
    var digits = time.dropLast()
    while digits.last == 0x30 { digits.removeLast() }
    return digits + [0x5A]
  }

  /// Each run of bytes that are not UTF-8 becomes one U+FFFD.
  private mutating func appendText(of bytes: [UInt8], _ meter: inout Meter) throws(EvaluationError) {
    guard UTF8Check.firstInvalid(in: bytes) != nil else { return try text.append(bytes, &meter) }
    try meter.charge(moving: 3 * bytes.count)
    var valid: [UInt8] = []
    var isInvalid = false
    var position = 0
    while position < bytes.count {
      let length = UTF8Check.length(of: bytes, at: position)
      if length > 0 {
        valid += bytes[position..<(position + length)]
      } else if !isInvalid {
        valid += [0xEF, 0xBF, 0xBD]
      }
      isInvalid = length == 0
      position += max(1, length)
    }
    try text.append(valid, &meter)
  }

  private mutating func append(_ elements: [Value], depth: Int, _ meter: inout Meter) throws(EvaluationError) {
    try Self.check(depth)
    try text.append("[".utf8, &meter)
    for (position, element) in elements.enumerated() {
      if position > 0 { try text.append(", ".utf8, &meter) }
      try append(element, depth: depth + 1, &meter)
    }
    try text.append("]".utf8, &meter)
  }

  /// In the order of the keys' texts.
  private mutating func append(
    _ entries: [(key: Value, value: Value)], depth: Int, _ meter: inout Meter
  ) throws(EvaluationError) {
    try Self.check(depth)
    var keyed: [(key: [UInt8], value: Value)] = []
    for entry in entries {
      var key = FormattedText()
      try key.append(entry.key, depth: depth + 1, &meter)
      try meter.charge(2)
      keyed.append((key.text.bytes, entry.value))
    }
    keyed.sort { $0.key.lexicographicallyPrecedes($1.key) }
    try text.append("{".utf8, &meter)
    for (position, entry) in keyed.enumerated() {
      if position > 0 { try text.append(", ".utf8, &meter) }
      try text.append(entry.key, &meter)
      try text.append(": ".utf8, &meter)
      try append(entry.value, depth: depth + 1, &meter)
    }
    try text.append("}".utf8, &meter)
  }

  private static func check(_ depth: Int) throws(EvaluationError) {
    guard depth < depthLimit else {
      throw EvaluationError(.limit, "`format` takes values that nest at most \(depthLimit) deep")
    }
  }
}

extension Type {
  /// The name that CEL gives the type, without its parameters: `google.protobuf.Timestamp`, `list`.
  fileprivate var nameInCEL: String {
    switch self {
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .null: "null_type"
    case .list: "list"
    case .map: "map"
    case .optional: "optional_type"
    case .type: "type"
    case .abstract(let name, _): name
    case .bool, .int, .uint, .double, .string, .bytes, .size, .decimal, .money, .json, .dyn, .never, .unknown, .record,
      .enumeration, .parameter, .secret, .connection:
      description
    }
  }
}

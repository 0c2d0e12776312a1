import DxshTime

/// Writes values as JSON text.
///
/// Fields of records that are none are omitted; none elsewhere is `null`. Timestamps are RFC 3339 text, durations
/// text in seconds (`1.5s`), sizes a number of bytes, bytes base64 text, doubles the shortest text that reads back as
/// the same double, whole ones with `.0`. Keys of maps become text.
package struct JSONWriter {
  package struct Options: Sendable {
    /// Each element and field on its own line, two spaces deeper.
    package var isIndented = false
    /// How deeply lists and objects may nest, up to `JSONReader.Options.deepest`.
    package var depth = JSONReader.depthLimit
    /// How many bytes the text may have, nil for any number. Set it for values that nobody has measured: a value whose
    /// parts are shared is small and may have a text of any size.
    package var limit: Int?

    package init() {}
  }

  private let options: Options
  private let depthLimit: Int
  private let limit: Int
  private var text: [UInt8] = []
  private var depth = 0

  /// Without a newline at the end.
  package static func write(_ value: Value, indented: Bool = false) throws(JSONWriteError) -> [UInt8] {
    var options = Options()
    options.isIndented = indented
    return try write(value, options)
  }

  /// Without a newline at the end.
  package static func write(_ value: Value, _ options: Options) throws(JSONWriteError) -> [UInt8] {
    var writer = JSONWriter(options)
    try writer.append(value)
    try writer.reserve(0)
    return writer.text
  }

  private init(_ options: Options) {
    self.options = options
    self.depthLimit = min(options.depth, JSONReader.Options.deepest)
    self.limit = options.limit ?? .max
  }

  /// Throws when there is no room for more bytes.
  private func reserve(_ count: Int) throws(JSONWriteError) {
    guard text.count <= limit - count else {
      throw JSONWriteError("the text has more than the limit of \(limit) bytes")
    }
  }

  private mutating func append(_ value: Value) throws(JSONWriteError) {
    switch value {
    case .none, .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .int(let value), .size(let value): text.appendDecimal(value)
    case .uint(let value): text.appendDecimal(value)
    case .double(let value):
      guard value.isFinite else { throw JSONWriteError("JSON has no \(value)") }
      text.append(contentsOf: value.description.utf8)
    case .string(let value): try appendString(value.utf8)
    case .bytes(let value):
      try reserve(value.count / 3 * 4)
      try appendString(Base64.encode(value))
    case .timestamp(let value): try appendString(value.utf8)
    case .duration(let value): try appendString(Array(value.jsonText.utf8))
    case .list(let elements): try appendList(elements)
    case .map(let map): try appendMap(map)
    case .record(let record): try appendRecord(record)
    case .boxed(let box): try append(box)
    }
  }

  private mutating func appendList(_ elements: [Value]) throws(JSONWriteError) {
    try enter(0x5B)
    for (index, element) in elements.enumerated() {
      try separate(isFirst: index == 0)
      do throws(JSONWriteError) { try append(element) } catch { throw error.within("[\(index)]") }
    }
    leave(0x5D, isEmpty: elements.isEmpty)
  }

  private mutating func appendRecord(_ record: RecordValue) throws(JSONWriteError) {
    try enter(0x7B)
    var isFirst = true
    for (name, value) in zip(record.shape.names, record.fields) where !value.isNone {
      try separate(isFirst: isFirst)
      isFirst = false
      try appendString(Array(name.utf8))
      appendColon()
      do throws(JSONWriteError) { try append(value) } catch { throw error.within(".\(name)") }
    }
    leave(0x7D, isEmpty: isFirst)
  }

  private mutating func appendMap(_ map: MapValue) throws(JSONWriteError) {
    try enter(0x7B)
    var texts: [Text]?
    for (index, key) in map.keys.all.enumerated() {
      try separate(isFirst: index == 0)
      if case .string(let text) = key.value {
        try appendString(text.utf8)
      } else {
        if texts == nil { texts = try JSONKeys.texts(of: map) }
        try appendString(texts?[index].utf8 ?? [])
      }
      appendColon()
      do throws(JSONWriteError) { try append(map.values[index]) } catch { throw error.within("[\(key.value.summary)]") }
    }
    leave(0x7D, isEmpty: map.keys.count == 0)
  }

  /// Money is `{ "amount": "12.50", "currency": "EUR" }`, a decimal a number with all its digits.
  private mutating func append(_ box: BoxedValue) throws(JSONWriteError) {
    switch box.content {
    case .optional(let value): try append(value)
    case .decimal(let number): text.append(contentsOf: number.utf8)
    case .money(let money): try append(money.asMap)
    case .file(let artifact): try append(.map(artifact.asMap))
    case .type, .failure: throw JSONWriteError("JSON has no form for \(box.summary)")
    case .ip, .cidr: try appendString(box.text?.utf8 ?? [])
    }
  }

  private mutating func enter(_ bracket: UInt8) throws(JSONWriteError) {
    guard depth < depthLimit else { throw JSONWriteError("nested more than \(depthLimit) deep") }
    depth += 1
    text.append(bracket)
  }

  private mutating func separate(isFirst: Bool) throws(JSONWriteError) {
    try reserve(0)
    if !isFirst { text.append(0x2C) }
    if options.isIndented { appendLineStart() }
  }

  private mutating func leave(_ bracket: UInt8, isEmpty: Bool) {
    depth -= 1
    if options.isIndented, !isEmpty { appendLineStart() }
    text.append(bracket)
  }

  private mutating func appendLineStart() {
    text.append(0x0A)
    text.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  private mutating func appendColon() {
    text.append(0x3A)
    if options.isIndented { text.append(0x20) }
  }

  private mutating func append(_ word: String) {
    text.append(contentsOf: word.utf8)
  }

  private mutating func appendString(_ content: [UInt8]) throws(JSONWriteError) {
    try reserve(content.count)
    text.append(0x22)
    content.withUnsafeBufferPointer { content in
      var run = 0
      while true {
        let end = JSONWord.endOfRun(in: content, from: run)
        text.append(contentsOf: UnsafeBufferPointer(rebasing: content[run..<end]))
        if end == content.count { break }
        appendEscape(content[end])
        run = end + 1
      }
    }
    text.append(0x22)
  }

  private mutating func appendEscape(_ byte: UInt8) {
    switch byte {
    case 0x22: append("\\\"")
    case 0x5C: append("\\\\")
    case 0x08: append("\\b")
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0C: append("\\f")
    case 0x0D: append("\\r")
    default:
      let digits = Array("0123456789abcdef".utf8)
      append("\\u00")
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}

extension [UInt8] {
  /// Appends the decimal digits of an integer.
  fileprivate mutating func appendDecimal<T: FixedWidthInteger>(_ number: T) {
    if number < 0 { append(0x2D) }
    let start = count
    var rest = number.magnitude
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      append(0x30 + UInt8(truncatingIfNeeded: digit))
      rest = quotient
    } while rest > 0
    self[start...].reverse()
  }
}

import DxshTime

/// Writes values as JSON text.
///
/// Fields of records that are none are omitted; none elsewhere is `null`. Timestamps are RFC 3339 text, durations
/// text in seconds (`1.5s`), sizes a number of bytes, bytes base64 text, doubles the shortest text that reads back as
/// the same double, whole ones with `.0`. Keys of maps become text.
package struct JSONWriter {
  private let isIndented: Bool
  private var text: [UInt8] = []
  private var depth = 0

  /// Without a newline at the end. `indented` puts each element and field on its own line, two spaces deeper.
  package static func write(_ value: Value, indented: Bool = false) throws(JSONWriteError) -> [UInt8] {
    var writer = JSONWriter(isIndented: indented)
    try writer.append(value)
    return writer.text
  }

  private init(isIndented: Bool) {
    self.isIndented = isIndented
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
    case .string(let value): appendString(value.utf8)
    case .bytes(let value): appendString(Base64.encode(value))
    case .timestamp(let value): appendString(value.utf8)
    case .duration(let value): appendString(Array(value.jsonText.utf8))
    case .list(let elements): try appendList(elements)
    case .map(let map): try appendMap(map)
    case .record(let record): try appendRecord(record)
    case .boxed(let box): try append(box)
    }
  }

  private mutating func appendList(_ elements: [Value]) throws(JSONWriteError) {
    try enter(0x5B)
    for (index, element) in elements.enumerated() {
      separate(isFirst: index == 0)
      do throws(JSONWriteError) { try append(element) } catch { throw error.within("[\(index)]") }
    }
    leave(0x5D, isEmpty: elements.isEmpty)
  }

  private mutating func appendRecord(_ record: RecordValue) throws(JSONWriteError) {
    try enter(0x7B)
    var isFirst = true
    for (name, value) in zip(record.shape.names, record.fields) where !value.isNone {
      separate(isFirst: isFirst)
      isFirst = false
      appendString(Array(name.utf8))
      appendColon()
      do throws(JSONWriteError) { try append(value) } catch { throw error.within(".\(name)") }
    }
    leave(0x7D, isEmpty: isFirst)
  }

  private mutating func appendMap(_ map: MapValue) throws(JSONWriteError) {
    try enter(0x7B)
    var keys: [Text] = []
    for (index, entry) in map.entries.enumerated() {
      separate(isFirst: index == 0)
      if case .string(let text) = entry.key {
        appendString(text.utf8)
      } else {
        if keys.isEmpty { keys = try JSONKeys.texts(of: map) }
        appendString(keys[index].utf8)
      }
      appendColon()
      do throws(JSONWriteError) { try append(entry.value) } catch { throw error.within("[\(entry.key.summary)]") }
    }
    leave(0x7D, isEmpty: map.entries.isEmpty)
  }

  /// Money is `{ "amount": "12.50", "currency": "EUR" }`, a decimal a number with all its digits.
  private mutating func append(_ box: BoxedValue) throws(JSONWriteError) {
    switch box.content {
    case .optional(let value): try append(value)
    case .decimal(let number): text.append(contentsOf: number.utf8)
    case .money(let money): try append(money.asMap)
    case .type, .failure: throw JSONWriteError("JSON has no form for \(box.summary)")
    case .ip, .cidr: appendString(box.text?.utf8 ?? [])
    }
  }

  private mutating func enter(_ bracket: UInt8) throws(JSONWriteError) {
    guard depth < JSONReader.depthLimit else {
      throw JSONWriteError("nested more than \(JSONReader.depthLimit) deep")
    }
    depth += 1
    text.append(bracket)
  }

  private mutating func separate(isFirst: Bool) {
    if !isFirst { text.append(0x2C) }
    if isIndented { appendLineStart() }
  }

  private mutating func leave(_ bracket: UInt8, isEmpty: Bool) {
    depth -= 1
    if isIndented, !isEmpty { appendLineStart() }
    text.append(bracket)
  }

  private mutating func appendLineStart() {
    text.append(0x0A)
    text.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  private mutating func appendColon() {
    text.append(0x3A)
    if isIndented { text.append(0x20) }
  }

  private mutating func append(_ word: String) {
    text.append(contentsOf: word.utf8)
  }

  private mutating func appendString(_ bytes: [UInt8]) {
    text.append(0x22)
    var run = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x20 || byte == 0x22 || byte == 0x5C {
        text.append(contentsOf: bytes[run..<position])
        appendEscape(byte)
        run = position + 1
      }
      position += 1
    }
    text.append(contentsOf: bytes[run...])
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

/// Why a value has no JSON form, and where in it.
package struct JSONWriteError: Error, Hashable, Sendable {
  /// From the outside to the place: `[3].total`, `["a b"].x`; empty for the value itself.
  package private(set) var path = ""
  /// One sentence, without the place and without a full stop.
  package let message: String

  init(_ message: String) {
    self.message = message
  }

  fileprivate func within(_ step: String) -> JSONWriteError {
    var error = self
    error.path = step + path
    return error
  }
}

extension JSONWriteError: CustomStringConvertible {
  package var description: String {
    path.isEmpty ? message : "\(path.first == "." ? String(path.dropFirst()) : path): \(message)"
  }
}

/// The keys of maps as JSON needs them: text.
enum JSONKeys {
  /// One text for each entry. Throws when a key has none, or two have the same (`1` and `"1"`).
  static func texts(of map: MapValue) throws(JSONWriteError) -> [Text] {
    var keys: [Text] = []
    keys.reserveCapacity(map.entries.count)
    var isPlain = true
    for entry in map.entries {
      if case .string(let text) = entry.key {
        keys.append(text)
      } else if let text = text(of: entry.key) {
        keys.append(text)
        isPlain = false
      } else {
        throw JSONWriteError("\(entry.key.summary) is no key of a JSON object")
      }
    }
    if !isPlain {
      var seen: Set<Text> = []
      for key in keys where !seen.insert(key).inserted {
        throw JSONWriteError("two keys of the map are \"\(key.string)\" as text")
      }
    }
    return keys
  }

  private static func text(of key: Value) -> Text? {
    switch key {
    case .bool(let value): Text(value ? "true" : "false")
    case .int(let value): Text(String(value))
    case .uint(let value): Text(String(value))
    case .string(let value): value
    case .none, .null, .double, .bytes, .timestamp, .duration, .size, .list, .map, .record, .boxed: nil
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

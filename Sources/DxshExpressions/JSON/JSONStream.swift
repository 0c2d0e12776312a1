/// Writes compact JSON piece by piece, without a value in between: for the forms that are written often and large.
///
/// Nests as deep as it is told to: a stream that is `flat` writes one list instead, which `JSONStream.restored`
/// reads back, so that JSON's limit on nesting (`JSONReader.depthLimit`) can be met.
package struct JSONStream {
  package private(set) var bytes: [UInt8] = []
  /// The deepest nesting so far.
  package private(set) var depth = 0
  private let isFlat: Bool
  private var needsComma = false
  private var level = 0
  /// The lists and objects around the place, when flat.
  private var parts: [Parts] = []

  /// What a list or an object has so far.
  private struct Parts {
    var count = 0
    var keys: [[UInt8]] = []
  }

  package init(isFlat: Bool = false) {
    self.isFlat = isFlat
    if isFlat { bytes.append(0x5B) }
  }

  /// The bytes of a whole text.
  package consuming func finished() -> [UInt8] {
    if isFlat { bytes.append(0x5D) }
    return bytes
  }

  package mutating func beginList() { begin(0x5B) }

  package mutating func endList() {
    guard isFlat else { return end(0x5D) }
    close()
    appendRaw("[\(parts.removeLast().count)]")
  }

  package mutating func beginObject() { begin(0x7B) }

  package mutating func endObject() {
    guard isFlat else { return end(0x7D) }
    close()
    bytes.append(0x5B)
    for (index, key) in parts.removeLast().keys.enumerated() {
      if index > 0 { bytes.append(0x2C) }
      bytes.append(contentsOf: key)
    }
    bytes.append(0x5D)
  }

  /// A key of plain ASCII without quotes, before its value.
  package mutating func key(_ name: StaticString) {
    if isFlat { return parts[parts.count - 1].keys.append([0x22] + name.buffer + [0x22]) }
    separate()
    appendQuoted(name)
    bytes.append(0x3A)
    needsComma = false
  }

  /// Any key, before its value.
  package mutating func key(text name: String) {
    if isFlat {
      var stream = JSONStream()
      stream.text(name)
      return parts[parts.count - 1].keys.append(stream.bytes)
    }
    separate()
    appendQuoted(name)
    bytes.append(0x3A)
    needsComma = false
  }

  /// A text of plain ASCII without quotes.
  package mutating func word(_ word: StaticString) {
    startScalar()
    appendQuoted(word)
  }

  package mutating func text(_ text: String) {
    startScalar()
    appendQuoted(text)
  }

  package mutating func text(_ text: Text) {
    startScalar()
    text.utf8.withUnsafeBufferPointer { appendQuoted($0) }
  }

  package mutating func number(_ number: Int) {
    startScalar()
    appendDecimal(number)
  }

  package mutating func number(_ number: UInt64) {
    startScalar()
    appendDecimal(number)
  }

  /// Finite.
  package mutating func number(_ number: Double) {
    startScalar()
    appendRaw(number.description)
  }

  package mutating func flag(_ flag: Bool) {
    startScalar()
    appendRaw(flag ? "true" : "false")
  }

  package mutating func null() {
    startScalar()
    appendRaw("null")
  }
}

extension JSONStream {
  private mutating func begin(_ bracket: UInt8) {
    if isFlat {
      parts.append(Parts())
    } else {
      separate()
      bytes.append(bracket)
      needsComma = false
    }
    level += 1
    depth = max(depth, level)
  }

  private mutating func end(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
    level -= 1
  }

  /// The end of a list or an object, when flat: it is a part of what is around it.
  private mutating func close() {
    level -= 1
    separate()
    if parts.count > 1 { parts[parts.count - 2].count += 1 }
  }

  private mutating func startScalar() {
    separate()
    if isFlat, !parts.isEmpty { parts[parts.count - 1].count += 1 }
  }

  private mutating func separate() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  private mutating func appendRaw(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func appendQuoted(_ word: StaticString) {
    bytes.append(0x22)
    bytes.append(contentsOf: word.buffer)
    bytes.append(0x22)
  }

  private mutating func appendQuoted(_ text: String) {
    var text = text
    text.withUTF8 { appendQuoted($0) }
  }

  private mutating func appendQuoted(_ text: UnsafeBufferPointer<UInt8>) {
    bytes.append(0x22)
    var run = 0
    for position in text.indices {
      let byte = text[position]
      guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
      bytes.append(contentsOf: text[run..<position])
      appendEscape(byte)
      run = position + 1
    }
    bytes.append(contentsOf: text[run...])
    bytes.append(0x22)
  }

  /// RFC 8259, section 7.
  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(0x5C)
    switch byte {
    case 0x08: bytes.append(0x62)
    case 0x09: bytes.append(0x74)
    case 0x0A: bytes.append(0x6E)
    case 0x0C: bytes.append(0x66)
    case 0x0D: bytes.append(0x72)
    case 0x22, 0x5C: bytes.append(byte)
    default:
      appendRaw("u00")
      for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    }
  }

  private mutating func appendDecimal(_ number: some FixedWidthInteger) {
    if number < 0 { bytes.append(0x2D) }
    if number.magnitude < 10 { return bytes.append(0x30 + UInt8(truncatingIfNeeded: number.magnitude)) }
    let start = bytes.count
    var rest = number.magnitude
    while rest > 0 {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(0x30 + UInt8(truncatingIfNeeded: digit))
      rest = quotient
    }
    bytes[start...].reverse()
  }
}

extension StaticString {
  fileprivate var buffer: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}

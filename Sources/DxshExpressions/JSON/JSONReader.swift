/// Reads one JSON text (RFC 8259, strictly): an object becomes a map with text keys in the order of the text, an
/// integer `.int` or, above Int64, `.uint`, a number with a fraction or an exponent `.double`.
///
/// Refused besides what is not JSON: repeated keys, integers beyond UInt64, doubles that would be infinite, text
/// that is not UTF-8 (lone surrogates in escapes included) and nesting deeper than `depthLimit`.
package struct JSONReader {
  /// How deeply lists and objects may nest.
  package static let depthLimit = 512

  let bytes: [UInt8]
  var position = 0
  private var depth = 0
  /// Keys that were read lately, by a small hash: the objects of one list have the same keys.
  var recentKeys = [Text](repeating: "", count: 256)

  package static func read(_ bytes: [UInt8]) throws(JSONError) -> Value {
    var reader = JSONReader(bytes: bytes)
    reader.skipSpace()
    let value = try reader.readValue()
    reader.skipSpace()
    guard reader.position == bytes.count else {
      throw reader.error("expected the end of the text, found \(reader.found)")
    }
    return value
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func readValue() throws(JSONError) -> Value {
    guard position < bytes.count else { throw error("expected a value, found \(found)") }
    switch bytes[position] {
    case 0x7B: return try readObject()
    case 0x5B: return try readList()
    case 0x22: return .string(try readString())
    case 0x2D, 0x30...0x39: return try readNumber()
    case 0x74 where takeWord("true"): return .bool(true)
    case 0x66 where takeWord("false"): return .bool(false)
    case 0x6E where takeWord("null"): return .null
    default: throw error("expected a value, found \(found)")
    }
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard length <= bytes.count - position else { return false }
    for index in 0..<length where bytes[position + index] != word.utf8Start[index] { return false }
    position += length
    return true
  }

  private mutating func readList() throws(JSONError) -> Value {
    try enter()
    var elements: [Value] = []
    if !take(0x5D) {
      repeat {
        skipSpace()
        elements.append(try readValue())
        skipSpace()
      } while take(0x2C)
      guard take(0x5D) else { throw error("expected a comma or ']', found \(found)") }
    }
    depth -= 1
    return .list(elements)
  }

  private mutating func readObject() throws(JSONError) -> Value {
    let start = position
    try enter()
    var entries: [MapValue.Entry] = []
    var seen = SeenHashes()
    var areDistinct = true
    if !take(0x7D) {
      repeat {
        skipSpace()
        guard position < bytes.count, bytes[position] == 0x22 else {
          throw error("expected a key in double quotes, found \(found)")
        }
        let key = try readKey()
        if !seen.insert(key.hash) { areDistinct = false }
        skipSpace()
        guard take(0x3A) else { throw error("expected a colon, found \(found)") }
        skipSpace()
        entries.append(MapValue.Entry(key: .string(key.text), value: try readValue()))
        skipSpace()
      } while take(0x2C)
      guard take(0x7D) else { throw error("expected a comma or '}', found \(found)") }
    }
    depth -= 1
    if areDistinct { return .map(MapValue(distinct: entries)) }
    guard let map = MapValue(entries) else { throw repeatedKey(entries, from: start) }
    return .map(map)
  }

  private mutating func enter() throws(JSONError) {
    guard depth < Self.depthLimit else { throw error("nested more than \(Self.depthLimit) deep") }
    depth += 1
    position += 1
    skipSpace()
  }

  mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }
}

/// The hashes of the keys of one object: keys are distinct if their hashes are.
private struct SeenHashes {
  private var bits = SIMD4<UInt64>.zero

  /// False when the hash was there.
  mutating func insert(_ hash: UInt8) -> Bool {
    let bit: UInt64 = 1 << UInt64(hash & 63)
    let word = Int(hash >> 6)
    defer { bits[word] |= bit }
    return bits[word] & bit == 0
  }
}

extension JSONReader {
  func error(_ message: String, at offset: Int? = nil) -> JSONError {
    JSONError(message, at: offset ?? position, in: bytes)
  }

  /// What stands at the position, for messages.
  var found: String {
    guard position < bytes.count else { return "the end of the text" }
    if bytes[position...].starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark" }
    let byte = bytes[position]
    if byte < 0x20 || byte == 0x7F { return "the control character \(byte)" }
    let character = String(decoding: bytes[position...].prefix(4), as: UTF8.self).prefix(1)
    return byte == 0x27 ? "a single quote" : "'\(character)'"
  }

  private func repeatedKey(_ entries: [MapValue.Entry], from start: Int) -> JSONError {
    var seen: Set<MapKey> = []
    let repeated = entries.first { !seen.insert(MapKey($0.key)).inserted }
    return error("the object that begins here has the key \(repeated?.key.summary ?? "") twice", at: start)
  }
}

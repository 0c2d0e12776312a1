/// Reads one JSON text (RFC 8259, strictly): an object becomes a map with text keys in the order of the text, an
/// integer `.int` or, above Int64, `.uint`, a number with a fraction or an exponent `.double`, unless the options say
/// otherwise.
///
/// Refused besides what is not JSON: repeated keys, integers beyond UInt64, doubles that would be infinite, text
/// that is not UTF-8 (lone surrogates in escapes included), and what is larger or nests deeper than the options allow.
///
/// Does not recurse, and works in time proportional to the text. Its functions are mutating even where they change
/// nothing: to lend a reader, the compiler copies it.
package struct JSONReader: ~Copyable {
  /// How deeply lists and objects may nest by default.
  package static let depthLimit = 512

  let bytes: UnsafeBufferPointer<UInt8>
  let options: Options
  private let depthLimit: Int
  var position = 0
  /// The finished values of the lists and objects around the position.
  var values = ValueStack()
  /// What the position is in, and what that is in.
  var part = Part(kind: .text, start: 0)
  private var outerParts: [Part] = []
  var keys: JSONKeyStack
  var texts: JSONTexts

  /// The text, a list or an object that is being read.
  struct Part {
    enum Kind { case text, list, object }

    let kind: Kind
    /// The position of its bracket.
    let start: Int
    /// The number of its finished values, on top of the stack.
    var count = 0
    /// The shape that the object's keys follow so far; nil when its keys are on the stack of keys.
    var shape: Int?
  }

  package static func read(_ bytes: [UInt8], _ options: Options = Options()) throws(JSONError) -> Value {
    try bytes.withUnsafeBufferPointer { buffer throws(JSONError) in
      var reader = JSONReader(bytes: buffer, options)
      return try reader.read()
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>, _ options: Options) {
    self.bytes = bytes
    self.options = options
    self.keys = JSONKeyStack(JSONSlots(textSize: bytes.count))
    self.texts = JSONTexts(JSONSlots(textSize: bytes.count))
    self.depthLimit = min(options.depth, Options.deepest)
  }

  private mutating func read() throws(JSONError) -> Value {
    guard bytes.count <= options.byteLimit else {
      throw error("the text has \(bytes.count) bytes, more than the limit of \(options.byteLimit)")
    }
    repeat { try readValue() } while try endValue()
    return values.pop(1)[0]
  }

  /// The next value, up to the first one inside that has no parts; the position is then behind it.
  private mutating func readValue() throws(JSONError) {
    while true {
      skipSpace()
      guard position < bytes.count else { throw error("expected a value, found \(found)") }
      switch bytes[position] {
      case 0x7B:
        try begin(.object)
        if takeEnd(0x7D) { return values.push(.map(.empty)) }
        try readFirstKey()
      case 0x5B:
        try begin(.list)
        if takeEnd(0x5D) { return values.push(.list([])) }
      case 0x22: return values.push(.string(try readString()))
      case 0x2D, 0x30...0x39: return values.push(try readNumber())
      case 0x74 where takeWord("true"): return values.push(.bool(true))
      case 0x66 where takeWord("false"): return values.push(.bool(false))
      case 0x6E where takeWord("null"): return values.push(.null)
      default: throw error("expected a value, found \(found)")
      }
    }
  }

  /// What follows a value: the ends of the lists and objects that it is the last of, and a comma. False at the end of
  /// the text.
  private mutating func endValue() throws(JSONError) -> Bool {
    while true {
      part.count += 1
      skipSpace()
      let byte = position < bytes.count ? bytes[position] : 0
      switch (part.kind, byte) {
      case (.list, 0x2C):
        position += 1
        return true
      case (.object, 0x2C):
        position += 1
        skipSpace()
        try readKey()
        return true
      case (.list, 0x5D):
        position += 1
        values.push(.list(values.pop(part.count)))
        end()
      case (.object, 0x7D):
        position += 1
        values.push(.map(try object()))
        end()
      case (.text, _):
        guard position == bytes.count else { throw error("expected the end of the text, found \(found)") }
        return false
      case (.list, _): throw error("expected a comma or ']', found \(found)")
      case (.object, _): throw error("expected a comma or '}', found \(found)")
      }
    }
  }

  /// At a bracket.
  private mutating func begin(_ kind: Part.Kind) throws(JSONError) {
    guard outerParts.count < depthLimit else { throw error("nested more than \(depthLimit) deep") }
    outerParts.append(part)
    part = Part(kind: kind, start: position)
    position += 1
    skipSpace()
  }

  private mutating func end() {
    part = outerParts.removeLast()
  }

  /// The end of a list or an object without parts.
  private mutating func takeEnd(_ bracket: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == bracket else { return false }
    position += 1
    end()
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard length <= bytes.count - position else { return false }
    for index in 0..<length where bytes[position + index] != word.utf8Start[index] { return false }
    position += length
    return true
  }

  @inline(__always)
  mutating func skipSpace() {
    while position < bytes.count, bytes[position] <= 0x20 {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return
      }
    }
  }
}

extension JSONReader {
  func error(_ message: String, at offset: Int? = nil) -> JSONError {
    JSONError(message, at: offset ?? position, in: bytes)
  }

  /// What stands at the position, for messages.
  var found: String {
    guard position < bytes.count else { return "the end of the text" }
    let next = Array(bytes[position...].prefix(4))
    if next.starts(with: [0xEF, 0xBB, 0xBF]) { return "a byte order mark" }
    if next[0] < 0x20 || next[0] == 0x7F { return "the control character \(next[0])" }
    return next[0] == 0x27 ? "a single quote" : "'\(String(decoding: next, as: UTF8.self).prefix(1))'"
  }
}

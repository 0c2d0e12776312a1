import DxshExpressions

/// JSON: reading what was written gives the same value; a decoded value is one of its type.
enum JSONProbe {
  static func run(_ input: [UInt8]) throws(Finding) {
    guard let first = input.first, let value = try? JSONReader.read(Array(input.dropFirst())) else { return }
    for isIndented in [false, true] { try readBack(value, isIndented: isIndented) }
    let types = Variables.files.map(\.type)
    let type = types[Int(first) % types.count]
    guard let decoded = try? value.decoded(as: type) else { return }
    guard type.keeps(decoded) else {
      throw Finding("decoded as \(type), \(value) is \(decoded)")
    }
    guard let again = try? decoded.decoded(as: type), again.isIdentical(to: decoded) else {
      throw Finding("decoded as \(type) twice, \(value) is another value")
    }
    _ = try? JSONWriter.write(decoded)
  }

  private static func readBack(_ value: Value, isIndented: Bool) throws(Finding) {
    let text: [UInt8]
    do {
      text = try JSONWriter.write(value, indented: isIndented)
    } catch {
      throw Finding("what was read cannot be written: \(error)")
    }
    guard let copy = try? JSONReader.read(text), copy.isIdentical(to: value) else {
      throw Finding("read back, the value is another one: \(String(decoding: text, as: UTF8.self))")
    }
  }
}

extension Type {
  /// Whether the value is one of the type as files keep it, its parts included: a present optional is its content.
  fileprivate func keeps(_ value: Value) -> Bool {
    switch (self, value) {
    case (.optional, .none): true
    case (.optional(let content), _): content.keeps(value)
    case (.list(let element), .list(let elements)): elements.allSatisfy { element.keeps($0) }
    case (.map(let key, let content), .map(let map)):
      map.entries.allSatisfy { key.keeps($0.key) && content.keeps($0.value) }
    case (.record(let type), .record(let record)):
      type.fields.count == record.fields.count
        && zip(type.fields, record.fields).allSatisfy { $0.type.keeps($1) }
    default: admits(value)
    }
  }
}

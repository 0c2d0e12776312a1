import DxshExpressions

/// JSON: reading what was written gives the same value; a decoded value is one of its type.
enum JSONProbe {
  static func run(_ input: [UInt8]) throws(Finding) {
    guard let first = input.first, let value = try? JSONReader.read(Array(input.dropFirst())) else { return }
    for isIndented in [false, true] { try readBack(value, isIndented: isIndented) }
    let types = Variables.files.map(\.type)
    let type = types[Int(first) % types.count]
    guard let decoded = try? value.decoded(as: type) else { return }
    guard type.admits(decoded) else {
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

import CDxshTOML

/// A TOML text as a tree with the places of its parts.
struct TOMLDocument {
  /// A line and a column in Unicode scalars, both from 1.
  struct Place: Equatable {
    var line: Int
    var column: Int
  }

  struct Entry {
    /// Empty in an array.
    var key: String
    /// That of the key, in an array that of the value.
    var place: Place
    var valuePlace: Place
    var value: Value
  }

  indirect enum Value {
    /// In the order of the text.
    case table([Entry])
    case array([Entry])
    case text(String)
    case integer(Int64)
    /// A fraction, a truth value or a time, none of which has a use here.
    case other
  }

  struct Mistake: Error {
    var message: String
    var place: Place
  }

  let entries: [Entry]

  init(_ bytes: [UInt8]) throws(Mistake) {
    let document = bytes.withUnsafeBytes {
      dxsh_toml_read($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard let document else {
      throw Mistake(message: "there is no memory to read it", place: Place(line: 1, column: 1))
    }
    defer { dxsh_toml_close(document) }
    var (line, column): (Int32, Int32) = (1, 1)
    if let problem = dxsh_toml_problem(document, &line, &column) {
      throw Mistake(message: String(cString: problem), place: Place(line: Int(line), column: Int(column)))
    }
    var index = 0
    entries = Self.entries(of: document, from: &index, depth: 0)
  }

  private static func entries(of document: OpaquePointer, from index: inout Int, depth: Int32) -> [Entry] {
    var result: [Entry] = []
    while index < dxsh_toml_count(document) {
      let entry = dxsh_toml_entry(document, index)
      guard entry.depth == depth else { break }
      index += 1
      let value: Value =
        switch Int(entry.kind) {
        case Int(DXSH_TOML_TABLE): .table(entries(of: document, from: &index, depth: depth + 1))
        case Int(DXSH_TOML_ARRAY): .array(entries(of: document, from: &index, depth: depth + 1))
        case Int(DXSH_TOML_TEXT): .text(text(entry.text, entry.text_length))
        case Int(DXSH_TOML_INTEGER): .integer(entry.integer)
        default: .other
        }
      result.append(
        Entry(
          key: text(entry.key, entry.key_length), place: Place(line: Int(entry.line), column: Int(entry.column)),
          valuePlace: Place(line: Int(entry.value_line), column: Int(entry.value_column)), value: value))
    }
    // Tables are kept by key.
    return result.sorted { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
  }

  private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
    guard let start else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
  }
}

/// The status and headers of an answer, put together line by line.
struct HTTPHead {
  /// Of all header lines of one answer together: interim answers and trailers count.
  static let sizeLimit = 256 << 10

  /// Nil before a whole status line has come. Interim answers (1xx) do not count.
  private(set) var status: Int?
  /// Whether the empty line after the headers has come.
  private(set) var isComplete = false
  private var fields: [(name: String, values: [String])] = []
  private var positions: [String: Int] = [:]
  private var size = 0
  private var isInBlock = false

  /// A line with its end. False when there are more than anybody needs.
  mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
    size += line.count
    guard size <= Self.sizeLimit else { return false }
    // What follows the body is no part of the head.
    if isComplete { return true }
    let text = line.prefix { $0 != 0x0A && $0 != 0x0D }
    if !isInBlock {
      isInBlock = true
      begin(text)
    } else if text.isEmpty {
      isInBlock = false
      isComplete = status != nil
    } else if status != nil {
      appendField(text)
    }
    return true
  }

  /// `HTTP/1.1 404 Not Found`
  private mutating func begin(_ line: Slice<UnsafeRawBufferPointer>) {
    let words = String(decoding: line, as: UTF8.self).split(separator: " ", maxSplits: 2)
    guard words.count > 1, let number = Int(words[1]), number >= 200 || number == 101 else { return }
    status = number
  }

  private mutating func appendField(_ line: Slice<UnsafeRawBufferPointer>) {
    let text = String(decoding: line, as: UTF8.self)
    if line.first == 0x20 || line.first == 0x09 {
      // A continuation (RFC 9112, section 5.2).
      guard let last = fields.indices.last, let value = fields[last].values.indices.last else { return }
      fields[last].values[value] += " " + text.trimmed
      return
    }
    guard let colon = text.utf8.firstIndex(of: 0x3A) else { return }
    let name = text[..<colon].lowercased()
    let value = text[text.utf8.index(after: colon)...].trimmed
    if let position = positions[name] {
      fields[position].values.append(value)
    } else {
      positions[name] = fields.count
      fields.append((name, [value]))
    }
  }

  /// The first value of a header; `name` in lower case.
  func first(_ name: String) -> String? { positions[name].map { fields[$0].values[0] } }

  var joinedFields: [HTTPResponseField] {
    fields.map { HTTPResponseField(name: $0.name, value: $0.values.joined(separator: ", ")) }
  }

  /// Where the answer sends its reader (RFC 9110, section 15.4).
  var redirect: String? {
    guard let status, [301, 302, 303, 307, 308].contains(status) else { return nil }
    return first("location")
  }
}

extension StringProtocol {
  /// Without spaces and tabs at both ends.
  fileprivate var trimmed: String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let start = firstIndex(where: { !blank($0) }), let end = lastIndex(where: { !blank($0) }) else { return "" }
    return String(self[start...end])
  }
}

/// Makes lines of bytes that come in parts; what is not UTF-8 becomes U+FFFD.
struct LineSplitter: Sendable {
  private var rest: [UInt8] = []

  /// The lines that are whole now.
  mutating func add(_ bytes: [UInt8]) -> [String] {
    var lines: [String] = []
    var start = 0
    while let end = bytes[start...].firstIndex(of: 10) {
      lines.append(Self.line(rest + bytes[start..<end]))
      rest = []
      start = end + 1
    }
    rest += bytes[start...]
    return lines
  }

  /// No more will come: the last line, where nothing ended it.
  mutating func end() -> String? {
    defer { rest = [] }
    return rest.isEmpty ? nil : Self.line(rest)
  }

  private static func line(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.last == 13 ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }
}

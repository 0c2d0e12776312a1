extension Token {
  /// How far back, in bytes, the start of a line is looked for.
  private static let longLine = 4_000

  /// The width of the white space at the start of its line; 0 far into a long line.
  func indentation(in bytes: [UInt8]) -> Int {
    var start = Int(self.start)
    let limit = max(0, start - Token.longLine)
    while start > limit, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    if start > 0, start == limit, bytes[start - 1] != UInt8(ascii: "\n") { return 0 }
    var width = 0
    while start < bytes.count, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
      width += bytes[start] == UInt8(ascii: "\t") ? 8 - width % 8 : 1
      start += 1
    }
    return width
  }
}

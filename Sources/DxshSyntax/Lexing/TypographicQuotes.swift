/// A text in the quotes of word processors, which an author pasted: “…”, ”…”, „…“, ‘…’.
struct TypographicQuotes {
  /// U+2018…U+201F in UTF-8.
  private static let length = 3
  /// Longer texts are not looked at.
  private static let maximumLength = 1_000

  private let start: Int
  private let isDouble: Bool

  init?(at offset: Int, in bytes: [UInt8]) {
    guard let isDouble = TypographicQuotes.quote(at: offset, in: bytes) else { return nil }
    start = offset
    self.isDouble = isDouble
  }

  /// The offset after the closing quote, which is any quote of the same width on the line.
  func end(in bytes: [UInt8]) -> Int? {
    var offset = start + TypographicQuotes.length
    let limit = min(bytes.count, start + TypographicQuotes.maximumLength)
    while offset < limit, bytes[offset] != UInt8(ascii: "\n") {
      if TypographicQuotes.quote(at: offset, in: bytes) == isDouble { return offset + TypographicQuotes.length }
      offset += 1
    }
    return nil
  }

  /// Whether a double (true) or a single quote (false) stands at an offset; nil for anything else.
  private static func quote(at offset: Int, in bytes: [UInt8]) -> Bool? {
    guard offset + length <= bytes.count, bytes[offset] == 0xE2, bytes[offset + 1] == 0x80 else { return nil }
    switch bytes[offset + 2] {
    case 0x98...0x9B: return false
    case 0x9C...0x9F: return true
    default: return nil
    }
  }
}

/// A place in a short text that is being read byte by byte.
struct ByteCursor {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { position == bytes.count }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func take() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// Takes the character if it comes next.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let next, UInt32(next) == character.value else { return false }
    position += 1
    return true
  }

  /// Takes `text` if it comes next.
  mutating func take(text: StaticString) -> Bool {
    let wanted = Array("\(text)".utf8)
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  /// Takes a digit if one comes next: 0 … 9.
  mutating func takeDigit() -> Int? {
    guard let next, next &- 0x30 < 10 else { return nil }
    position += 1
    return Int(next &- 0x30)
  }

  /// Takes exactly `count` digits, at most 18.
  mutating func takeDigits(_ count: Int) -> Int? {
    var value = 0
    for _ in 0..<count {
      guard let digit = takeDigit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }
}

extension [UInt8] {
  /// Appends a number that is not negative, with zeros before it up to `width` digits.
  mutating func appendDecimal(_ value: Int64, width: Int) {
    let digits = String(value).utf8
    for _ in digits.count..<Swift.max(width, digits.count) { append(0x30) }
    append(contentsOf: digits)
  }

  /// Appends `.` and the digits of a fraction of a second, trailing zeros removed in groups of `group`; nothing
  /// for 0. `nanoseconds` is 0 … 999,999,999.
  mutating func appendFraction(_ nanoseconds: Int32, group: Int) {
    guard nanoseconds != 0 else { return }
    append(0x2E)
    appendDecimal(Int64(nanoseconds), width: 9)
    while suffix(group).allSatisfy({ $0 == 0x30 }) { removeLast(group) }
  }
}

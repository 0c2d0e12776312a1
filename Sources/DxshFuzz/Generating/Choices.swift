/// Bytes as decisions; when they are used up every decision is the first, so that what is made of them ends.
struct Choices {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position >= bytes.count }

  mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    position += 1
    return bytes[position - 1]
  }

  /// Below a number from 1 to 65,536.
  mutating func below(_ count: Int) -> Int {
    if count <= 256 { return Int(byte()) % count }
    return (Int(byte()) << 8 | Int(byte())) % count
  }

  /// One of the elements, of which there are some.
  mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }
}

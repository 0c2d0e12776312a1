/// Makes lines of bytes that come in parts; what is not UTF-8 becomes U+FFFD.
struct LineSplitter: Sendable {
  private let say: @Sendable (String) -> Void
  private var rest: [UInt8] = []

  init(_ say: @escaping @Sendable (String) -> Void) {
    self.say = say
  }

  mutating func add(_ bytes: [UInt8]) {
    var start = 0
    while let end = bytes[start...].firstIndex(of: 10) {
      tell(rest + bytes[start..<end])
      rest = []
      start = end + 1
    }
    rest += bytes[start...]
  }

  /// No more will come.
  mutating func end() {
    if !rest.isEmpty { tell(rest) }
    rest = []
  }

  private func tell(_ line: [UInt8]) {
    say(String(decoding: line.last == 13 ? line.dropLast() : line[...], as: UTF8.self))
  }
}

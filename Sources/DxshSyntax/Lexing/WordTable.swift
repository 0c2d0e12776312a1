/// Finds the `Word` of an identifier from its bytes, without making a String.
struct WordTable: Sendable {
  private struct Entry: Sendable {
    var key: UInt64
    var length: UInt8
    var word: Word
  }

  static let shared = WordTable()

  /// The longest known word.
  private let maximumLength: Int
  private let mask: Int
  /// Open addressing; a free place has the word `none`.
  private var entries: [Entry]

  private init() {
    let words = Word.allCases.filter { $0 != .none }
    assert(words.allSatisfy { !isDigit($0.rawValue.utf8.last ?? 0) }, "`word` looks up no name that ends with a digit")
    maximumLength = words.map(\.rawValue.utf8.count).max() ?? 0
    mask = 255
    entries = Array(repeating: Entry(key: 0, length: 0, word: .none), count: mask + 1)
    for word in words {
      let bytes = Array(word.rawValue.utf8)
      let key = WordTable.key(bytes[...])
      var place = slot(key)
      while entries[place].word != .none { place = (place + 1) & mask }
      entries[place] = Entry(key: key, length: UInt8(bytes.count), word: word)
    }
  }

  func word(_ bytes: [UInt8], from start: Int, to end: Int) -> Word {
    if end - start > maximumLength { return .none }
    return word(bytes, from: start, to: end, key: WordTable.key(bytes[start..<end]))
  }

  /// - key: the last eight of the bytes as one number
  func word(_ bytes: [UInt8], from start: Int, to end: Int, key: UInt64) -> Word {
    let length = end - start
    // Many names end with a digit, and no word does.
    if length < 2 || length > maximumLength || isDigit(bytes[end - 1]) { return .none }
    var place = slot(key)
    while entries[place].word != .none {
      let entry = entries[place]
      if entry.key == key, Int(entry.length) == length {
        return length <= 8 || bytes[start..<end].elementsEqual(entry.word.rawValue.utf8) ? entry.word : .none
      }
      place = (place + 1) & mask
    }
    return .none
  }

  private static func key(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

  private func slot(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 56) & mask
  }
}

import Glibc

/// Finds some bytes in other bytes in time proportional to both, by the algorithm of Knuth, Morris and Pratt; a short
/// part is tried at every place instead.
struct ByteSearch {
  private static let shortPart = 16

  private let part: [UInt8]
  /// For each beginning of `part` the length of the longest shorter beginning that is also its end; empty for a part
  /// that is tried at every place.
  private let borders: [Int32]

  /// `part` is not empty.
  init(for part: [UInt8]) {
    self.init(part, prepared: part.count > Self.shortPart)
  }

  private init(_ part: [UInt8], prepared: Bool) {
    self.part = part
    guard prepared else {
      self.borders = []
      return
    }
    var borders = [Int32](repeating: 0, count: part.count)
    var border = 0
    for index in part.indices.dropFirst() {
      while border > 0, part[index] != part[border] { border = Int(borders[border - 1]) }
      if part[index] == part[border] { border += 1 }
      borders[index] = Int32(truncatingIfNeeded: border)
    }
    self.borders = borders
  }

  /// The first offset at `start` or later at which the part stands.
  func first(in text: [UInt8], from start: Int = 0) -> Int? {
    borders.isEmpty ? firstTried(in: text, from: start) : firstMatched(in: text, from: start)
  }

  private func firstTried(in text: [UInt8], from start: Int) -> Int? {
    text.withUnsafeBufferPointer { text in
      var position = start
      while text.count - position >= part.count {
        guard let next = Self.offset(of: part[0], in: text, from: position), text.count - next >= part.count else {
          return nil
        }
        if part.indices.allSatisfy({ part[$0] == text[next + $0] }) { return next }
        position = next + 1
      }
      return nil
    }
  }

  private func firstMatched(in text: [UInt8], from start: Int) -> Int? {
    text.withUnsafeBufferPointer { text in
      var position = start
      var matched = 0
      while text.count - position >= part.count - matched {
        if matched == 0 {
          guard let next = Self.offset(of: part[0], in: text, from: position) else { return nil }
          position = next
        }
        matched = advance(matched, over: text[position])
        position += 1
        if matched == part.count { return position - matched }
      }
      return nil
    }
  }

  /// The last offset up to `end` at which `part`, which is not empty, stands.
  static func last(_ part: [UInt8], in text: [UInt8], upTo end: Int) -> Int? {
    ByteSearch(part.reversed(), prepared: true).firstFromRight(in: text, from: min(text.count, end + part.count))
  }

  /// The part stands from right to left.
  private func firstFromRight(in text: [UInt8], from end: Int) -> Int? {
    text.withUnsafeBufferPointer { text in
      var position = end
      var matched = 0
      while position >= part.count - matched {
        position -= 1
        matched = advance(matched, over: text[position])
        if matched == part.count { return position }
      }
      return nil
    }
  }

  /// How much of the part's beginning stands behind one more byte.
  @inline(__always)
  private func advance(_ matched: Int, over byte: UInt8) -> Int {
    var matched = matched
    while matched > 0, part[matched] != byte { matched = Int(borders[matched - 1]) }
    return part[matched] == byte ? matched + 1 : matched
  }

  private static func offset(of byte: UInt8, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard let base = text.baseAddress, let found = memchr(base + start, Int32(byte), text.count - start) else {
      return nil
    }
    return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
  }
}

/// What a printer reads from the source text.
extension Printer {
  /// How the author wrote what a range covers; nil without a source.
  func spelling(_ range: SourceRange) -> String? {
    spelledBytes(range).map { String(decoding: $0, as: UTF8.self) }
  }

  func spelledBytes(_ range: SourceRange) -> ArraySlice<UInt8>? {
    guard let source, range.file == source.id, !range.isEmpty, !isFromYAML else { return nil }
    return source.bytes[Int(range.start)..<Int(range.end)]
  }

  /// Whether the author put a bracketed thing on several lines; no without a source.
  func isOnSeveralLines(_ range: SourceRange) -> Bool {
    guard keepsLines, let source, range.file == source.id, !isFromYAML else { return false }
    return source.bytes[Int(range.start)..<Int(range.end)].contains(UInt8(ascii: "\n"))
  }

  /// Whether an empty line stands before the line on which an offset is the first thing.
  func hasEmptyLine(before offset: UInt32) -> Bool {
    guard let start = startOfLine(Int(offset)), start > 0 else { return false }
    return startOfLine(start - 1) != nil
  }

  /// Whether an element with its comments and documentation stands apart from what is before it.
  func isApart(_ range: SourceRange) -> Bool {
    if source == nil { return false }
    if let first = comments.firstLeading(range.start) { return hasEmptyLine(before: first.range.start) }
    return hasEmptyLine(before: documentedStart(of: range.start))
  }

  /// Where the `///` lines before an offset begin; the offset itself where there are none.
  /// - floor: where the comment before them ends
  func documentedStart(of offset: UInt32, after floor: UInt32 = 0) -> UInt32 {
    documentedLines(before: offset, after: floor).last ?? offset
  }

  /// Where the `///` lines before an offset start, the last one first; empty lines and other comments may stand
  /// between.
  func documentedLines(before offset: UInt32, after floor: UInt32 = 0) -> [UInt32] {
    guard let source, var line = startOfLine(Int(offset)) else { return [] }
    let bytes = source.bytes
    let marks = isFromYAML ? ("##", "###", "#") : ("///", "////", "//")
    var starts: [UInt32] = []
    while line > Int(floor) {
      var first = line - 1
      while first > 0, bytes[first - 1] != UInt8(ascii: "\n") { first -= 1 }
      var text = first
      while text < line - 1, isSpace(bytes[text]) { text += 1 }
      let content = bytes[text..<(line - 1)]
      if content.starts(with: marks.0.utf8), !content.starts(with: marks.1.utf8) {
        if text < Int(floor) { break }
        starts.append(UInt32(text))
      } else if !content.isEmpty, !content.starts(with: marks.2.utf8) {
        break
      }
      line = first
    }
    return starts
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r") || byte == 0x0C
  }

  /// Where the word before an offset starts, when it is this one; else the offset.
  func startOfWord(_ word: String, before offset: UInt32) -> UInt32 {
    guard let bytes = source?.bytes else { return offset }
    var end = min(Int(offset), bytes.count)
    while end > 0, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    let start = end - word.utf8.count
    guard start >= 0, bytes[start..<end].elementsEqual(word.utf8) else { return offset }
    return UInt32(start)
  }

  /// The start of the line of an offset when only white space stands between; nil else.
  private func startOfLine(_ offset: Int) -> Int? {
    guard let source else { return nil }
    let bytes = source.bytes
    var start = min(offset, bytes.count)
    while start > 0 {
      switch bytes[start - 1] {
      case UInt8(ascii: "-") where isFromYAML: start -= 1
      // The `?` of an optional element belongs to it.
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0C, UInt8(ascii: "?"): start -= 1
      case UInt8(ascii: "\n"): return start
      default: return nil
      }
    }
    return 0
  }
}

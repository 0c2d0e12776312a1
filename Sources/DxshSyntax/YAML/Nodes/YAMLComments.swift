/// The `#` comments of a YAML text, which libyaml drops: they stand between scalars and on the first lines of blocks.
struct YAMLComments {
  private struct Found {
    var start: UInt32
    var end: UInt32
    var ownLine: Bool
    var isDocumentation: Bool
    /// The first byte after it that is neither white space nor the `-` of an element.
    var next: UInt32
    var isTaken = false
  }

  private var found: [Found] = []
  private let bytes: [UInt8]

  init(of document: YAMLDocument) {
    bytes = document.file.bytes
    guard bytes.contains(UInt8(ascii: "#")) else { return }
    var offset = bytes.starts(with: EncodingCheck.byteOrderMark) ? EncodingCheck.byteOrderMark.count : 0
    for index in document.scalars {
      let scalar = document[index]
      scan(offset, Int(scalar.start))
      if scalar.style.isBlock { scan(Int(scalar.start), endOfLine(Int(scalar.start))) }
      offset = max(offset, Int(scalar.end))
    }
    scan(offset, document.cut.map(Int.init) ?? bytes.count)
  }

  private mutating func scan(_ start: Int, _ end: Int) {
    var offset = start
    while offset < min(end, bytes.count) {
      guard bytes[offset] == UInt8(ascii: "#"), offset == 0 || bytes[offset - 1] <= UInt8(ascii: " ") || offset == 3
      else {
        offset += 1
        continue
      }
      let last = endOfLine(offset)
      let isDocumentation = isHash(offset + 1) && !isHash(offset + 2)
      found.append(
        Found(
          start: UInt32(offset), end: UInt32(last), ownLine: startsLine(offset), isDocumentation: isDocumentation,
          next: UInt32(endOfGap(last))))
      offset = last
    }
  }

  private func isHash(_ index: Int) -> Bool { index < bytes.count && bytes[index] == UInt8(ascii: "#") }

  private func endOfLine(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") { end += 1 }
    return end
  }

  private func startsLine(_ offset: Int) -> Bool {
    var start = offset
    while start > 0, bytes[start - 1] == UInt8(ascii: " ") || bytes[start - 1] == UInt8(ascii: "\t") { start -= 1 }
    return start == 0 || bytes[start - 1] == UInt8(ascii: "\n") || bytes[start - 1] == UInt8(ascii: "\r")
  }

  /// The text of the `##` lines directly before an element; only its `-` may stand between.
  mutating func documentation(before start: UInt32) -> String? {
    if found.isEmpty { return nil }
    var (low, high) = (0, found.count)
    while low < high {
      let middle = (low + high) / 2
      if found[middle].end <= start { low = middle + 1 } else { high = middle }
    }
    var lines: [String] = []
    var next = start
    var index = low - 1
    while index >= 0, found[index].ownLine, found[index].next >= next {
      if found[index].isDocumentation {
        found[index].isTaken = true
        lines.append(content(of: found[index]))
      }
      next = found[index].start
      index -= 1
    }
    return lines.isEmpty ? nil : lines.reversed().joined(separator: "\n")
  }

  private func endOfGap(_ start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] <= UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "-") { end += 1 }
    return end
  }

  private func content(of comment: Found) -> String {
    var start = Int(comment.start) + 2
    if start < Int(comment.end), bytes[start] == UInt8(ascii: " ") { start += 1 }
    return String(decoding: bytes[start..<Int(comment.end)], as: UTF8.self)
  }

  /// The comments that document nothing.
  func remaining(in file: FileID) -> [Comment] {
    found.filter { !$0.isTaken }.map {
      Comment(range: SourceRange(file: file, start: $0.start, end: $0.end), ownLine: $0.ownLine)
    }
  }

  /// The `##` comments that document nothing, one range for each run of lines.
  func misplaced(in file: FileID) -> [SourceRange] {
    var ranges: [SourceRange] = []
    var last = -2
    for (index, comment) in found.enumerated() where comment.isDocumentation && !comment.isTaken {
      if last == index - 1, comment.ownLine {
        ranges[ranges.count - 1].end = comment.end
      } else {
        ranges.append(SourceRange(file: file, start: comment.start, end: comment.end))
      }
      last = index
    }
    return ranges
  }
}

/// Where the bytes of a decoded scalar stand in its file.
struct OffsetMap {
  /// A run of bytes that are written as they are read, or of bytes that one escape or line end stands for.
  private struct Run {
    var decoded: Int
    var source: Int
    /// Of the source.
    var end: Int
    var isCopy: Bool
  }

  private var runs: [Run] = []
  private let last: Int

  /// Walks over a scalar's source and its text side by side. Survives any pair of texts.
  init(_ text: [UInt8], of node: YAMLNode, in bytes: [UInt8]) {
    last = Int(node.end)
    var walk = Walk(text: text, bytes: bytes, node: node)
    walk.run(into: &self)
  }

  fileprivate mutating func add(_ decoded: Int, source: Int, length: Int = 1) {
    let isCopy = length == 1
    if isCopy, let before = runs.last, before.isCopy, before.end == source,
      source - before.source == decoded - before.decoded
    {
      runs[runs.count - 1].end += 1
      return
    }
    runs.append(Run(decoded: decoded, source: source, end: source + length, isCopy: isCopy))
  }

  func source(of offset: UInt32) -> UInt32 {
    guard let run = run(at: Int(offset)) else { return UInt32(last) }
    let distance = run.isCopy ? Int(offset) - run.decoded : 0
    return UInt32(min(run.source + distance, run.end))
  }

  /// The end of a range is after the source of its last byte.
  func range(_ range: SourceRange) -> SourceRange {
    let start = source(of: range.start)
    guard range.end > range.start, let run = run(at: Int(range.end) - 1) else {
      return SourceRange(file: range.file, start: start, end: start)
    }
    let end = run.isCopy ? min(run.source + Int(range.end) - run.decoded, run.end) : run.end
    return SourceRange(file: range.file, start: start, end: max(start, UInt32(end)))
  }

  private func run(at offset: Int) -> Run? {
    var (low, high) = (0, runs.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if runs[middle].decoded <= offset { low = middle } else { high = middle }
    }
    return low < runs.count ? runs[low] : nil
  }
}

/// The two texts while they are walked over.
private struct Walk {
  let text: [UInt8]
  let bytes: [UInt8]
  let style: YAMLNode.Style
  let end: Int
  var source: Int
  var decoded = 0
  /// Of the lines of a block scalar.
  var indentation = 0

  init(text: [UInt8], bytes: [UInt8], node: YAMLNode) {
    self.text = text
    self.bytes = bytes
    style = node.style
    end = min(Int(node.end), bytes.count)
    source = Int(node.start) + (node.style.isQuoted ? 1 : 0)
    if style.isBlock { skipHeader() }
  }

  private mutating func skipHeader() {
    while source < end, bytes[source] != UInt8(ascii: "\n") { source += 1 }
    source += 1
    // The first line with text says how far all are indented; an indicator of the header says it too.
    var line = source
    while line < end {
      var column = line
      while column < end, bytes[column] == UInt8(ascii: " ") { column += 1 }
      if column < end, bytes[column] != UInt8(ascii: "\n"), bytes[column] != UInt8(ascii: "\r") {
        let leading = text.drop { $0 == UInt8(ascii: "\n") }.prefix { $0 == UInt8(ascii: " ") }.count
        indentation = max(0, column - line - leading)
        break
      }
      line = column + 1
    }
    skipIndentation()
  }

  private mutating func skipIndentation() {
    var left = style.isBlock ? indentation : Int.max
    while source < end, left > 0 {
      let byte = bytes[source]
      guard byte == UInt8(ascii: " ") || !style.isBlock && byte == UInt8(ascii: "\t") else { return }
      source += 1
      left -= 1
    }
  }

  mutating func run(into map: inout OffsetMap) {
    while decoded < text.count, source < end {
      let byte = bytes[source]
      if style == .doubleQuoted, byte == UInt8(ascii: "\\") {
        escape(into: &map)
      } else if style == .singleQuoted, byte == UInt8(ascii: "'") {
        map.add(decoded, source: source, length: 2)
        source += 2
        decoded += 1
      } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        lineEnd(into: &map)
      } else if byte == text[decoded] {
        map.add(decoded, source: source)
        source += 1
        decoded += 1
      } else {
        // White space that folding drops.
        source += 1
      }
    }
  }

  private mutating func lineEnd(into map: inout OffsetMap) {
    let length =
      bytes[source] == UInt8(ascii: "\r") && source + 1 < end && bytes[source + 1] == UInt8(ascii: "\n") ? 2 : 1
    if text[decoded] == UInt8(ascii: "\n") || text[decoded] == UInt8(ascii: " ") {
      map.add(decoded, source: source, length: length)
      decoded += 1
    }
    source += length
    skipIndentation()
  }

  private mutating func escape(into map: inout OffsetMap) {
    let start = source
    let kind = source + 1 < end ? bytes[source + 1] : 0
    source += 2
    if kind == UInt8(ascii: "\n") || kind == UInt8(ascii: "\r") { return skipIndentation() }
    if kind == UInt8(ascii: "x") { source += 2 }
    if kind == UInt8(ascii: "u") { source += 4 }
    if kind == UInt8(ascii: "U") { source += 8 }
    map.add(decoded, source: start, length: source - start)
    decoded += 1
    while decoded < text.count, text[decoded] & 0xC0 == 0x80 { decoded += 1 }
  }
}

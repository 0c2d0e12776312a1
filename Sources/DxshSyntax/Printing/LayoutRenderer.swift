/// Fits a layout into a width. Linear in the layout times the width, without recursion.
struct LayoutRenderer {
  private enum Mode {
    case flat
    case broken
    /// A hugging group that begins on the line and breaks further in.
    case stuck
  }

  private let width: Int
  private let commands: [Layout.Command]
  private let bytes: [UInt8]
  /// Where the bytes of the next text start.
  private var offset = 0
  private var output: [UInt8] = []
  /// In Unicode scalars, as `LineIndex` counts.
  private var column = 0
  private var indentation = 0
  /// That of the line being written.
  private var lineIndentation = 0
  private var modes: [Mode] = [.broken]
  /// The bytes of comments for the end of the line.
  private var comments: [Range<Int>] = []
  /// Whether a text on this line can follow without a space.
  private var isAtGap = true

  private init(_ layout: Layout, width: Int) {
    commands = layout.commands
    bytes = layout.bytes
    self.width = width
    output.reserveCapacity(bytes.count + bytes.count / 2)
  }

  /// The text, without a line end after it.
  static func text(of layout: Layout, width: Int) -> String {
    var renderer = LayoutRenderer(layout, width: width)
    return renderer.run()
  }

  private mutating func run() -> String {
    for index in commands.indices { carryOut(commands[index], at: index) }
    flushComments()
    return String(decoding: output, as: UTF8.self)
  }

  private mutating func carryOut(_ command: Layout.Command, at index: Int) {
    switch command {
    case .text(let text): write(text)
    case .gap:
      if !isAtGap { write(UInt8(ascii: " ")) }
    case .line(let isSpace, let isApart):
      if mode == .broken || !comments.isEmpty { endLine(isApart: isApart) } else if isSpace { write(UInt8(ascii: " ")) }
    case .hardLine(let isApart): endLine(isApart: isApart)
    case .bodyLine: endLine(isApart: lineIndentation == indentation)
    case .commaIfBroken:
      if mode == .broken { write(UInt8(ascii: ",")) }
    case .commaIfFlat:
      if mode != .broken { write(UInt8(ascii: ",")) }
    case .comment(let text): comments.append(take(text))
    case .begin(let group): modes.append(mode(of: group, at: index))
    case .end: modes.removeLast()
    case .indent(let count): indentation += Int(count)
    case .indentIfBroken(let count):
      if mode == .broken { indentation += Int(count) }
    }
  }

  private var mode: Mode { modes[modes.count - 1] }

  /// The bytes of the next text.
  private mutating func take(_ text: Layout.Text) -> Range<Int> {
    let start = offset
    offset += Int(text.length)
    return start..<offset
  }

  private mutating func write(_ text: Layout.Text) {
    let range = take(text)
    output += bytes[range]
    column = (text.isOneLine ? column : 0) + Int(text.lastWidth)
    let last = bytes[range.upperBound - 1]
    isAtGap = last == UInt8(ascii: " ") || last == UInt8(ascii: "(")
  }

  private mutating func write(_ byte: UInt8) {
    output.append(byte)
    column += 1
    isAtGap = byte == UInt8(ascii: " ")
  }

  private mutating func endLine(isApart: Bool) {
    flushComments()
    if isApart { output.append(UInt8(ascii: "\n")) }
    beginLine()
    column = indentation
    lineIndentation = indentation
    isAtGap = true
  }

  private mutating func beginLine() {
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }

  private mutating func flushComments() {
    if comments.isEmpty { return }
    for (index, comment) in comments.enumerated() {
      if index > 0 { beginLine() } else if !isAtGap { output.append(UInt8(ascii: " ")) }
      output += bytes[comment]
    }
    comments = []
  }

  // MARK: Fitting

  private func mode(of group: Layout.Group, at index: Int) -> Mode {
    if mode == .flat { return .flat }
    switch group.style {
    case .flat: return .flat
    case .fitting, .reluctant:
      return !group.isBroken && fits(from: index, at: column) ? .flat : .broken
    case .hugging(let indent):
      if group.isBroken { return .stuck }
      if fits(from: index, at: column) { return .flat }
      return fits(from: index, at: indentation + Int(indent) - 1) ? .broken : .stuck
    }
  }

  /// Whether a group that begins at an index, on one line, and what follows it up to the next possible line end, fit
  /// when it begins at a column.
  private func fits(from start: Int, at column: Int) -> Bool {
    var rest = width - column
    var depth = 0
    var flatDepth = 0
    var index = start
    while index < commands.count {
      switch commands[index] {
      case .text(let text):
        rest -= Int(text.firstWidth)
        if !text.isOneLine { return rest >= 0 }
      case .gap, .indent, .indentIfBroken, .comment: break
      case .line(let isSpace, _):
        if depth == 0, flatDepth == 0 { return rest >= 0 }
        if isSpace { rest -= 1 }
      case .hardLine, .bodyLine: return rest >= 0
      case .commaIfBroken:
        if depth == 0, flatDepth == 0 { rest -= 1 }
      case .commaIfFlat:
        if depth > 0 || flatDepth > 0 { rest -= 1 }
      case .begin(let group):
        if index == start || depth > 0 {
          depth += 1
        } else if flatDepth > 0 {
          flatDepth += 1
        } else if isFlat(group) {
          flatDepth = 1
        }
      case .end:
        if depth > 0 { depth -= 1 } else if flatDepth > 0 { flatDepth -= 1 }
      }
      if rest < 0 { return false }
      index += 1
    }
    return true
  }
}

extension LayoutRenderer {
  /// Whether what stands before a group counts on it to stay on one line.
  private func isFlat(_ group: Layout.Group) -> Bool {
    switch group.style {
    case .flat: true
    case .reluctant: !group.isBroken
    case .fitting, .hugging: false
    }
  }
}

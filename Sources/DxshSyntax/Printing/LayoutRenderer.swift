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
  private var output = ""
  /// In Unicode scalars, as `LineIndex` counts.
  private var column = 0
  private var indentation = 0
  /// That of the line being written.
  private var lineIndentation = 0
  private var modes: [Mode] = [.broken]
  /// Comments for the end of the line.
  private var comments: [String] = []
  /// Whether a text on this line can follow without a space.
  private var isAtGap = true

  private init(_ layout: Layout, width: Int) {
    commands = layout.commands
    self.width = width
  }

  /// The text, without a line end after it.
  static func text(of layout: Layout, width: Int) -> String {
    var renderer = LayoutRenderer(layout, width: width)
    return renderer.run()
  }

  private mutating func run() -> String {
    for index in commands.indices { carryOut(commands[index], at: index) }
    flushComments()
    return output
  }

  private mutating func carryOut(_ command: Layout.Command, at index: Int) {
    switch command {
    case .text(let text): write(text)
    case .gap:
      if !isAtGap { write(" ") }
    case .line(let flat, let isApart):
      if mode != .broken, comments.isEmpty { write(flat) } else { endLine(isApart: isApart) }
    case .hardLine(let isApart): endLine(isApart: isApart)
    case .bodyLine: endLine(isApart: lineIndentation == indentation)
    case .ifBroken(let text):
      if mode == .broken { write(text) }
    case .ifFlat(let text):
      if mode != .broken { write(text) }
    case .comment(let text): comments.append(text)
    case .begin(let group): modes.append(mode(of: group, at: index))
    case .end: modes.removeLast()
    case .indent(let count): indentation += count
    }
  }

  private var mode: Mode { modes[modes.count - 1] }

  private mutating func write(_ text: String) {
    if text.isEmpty { return }
    output += text
    let last = Layout.lastLine(of: text)
    column = last.isWhole ? column + last.width : last.width
    isAtGap = text.utf8.last == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: "(")
  }

  private mutating func endLine(isApart: Bool) {
    flushComments()
    output += isApart ? "\n\n" : "\n"
    output += String(repeating: " ", count: indentation)
    column = indentation
    lineIndentation = indentation
    isAtGap = true
  }

  private mutating func flushComments() {
    for (index, comment) in comments.enumerated() {
      if index > 0 {
        output += "\n" + String(repeating: " ", count: indentation)
      } else if !isAtGap {
        output += " "
      }
      output += comment
    }
    comments = []
  }

  // MARK: Fitting

  private func mode(of group: Layout.Group, at index: Int) -> Mode {
    if mode == .flat { return .flat }
    switch group.style {
    case .flat: return .flat
    case .fitting:
      return !group.isBroken && fits(from: index, at: column) ? .flat : .broken
    case .hugging(let indent):
      if group.isBroken { return .stuck }
      if fits(from: index, at: column) { return .flat }
      return fits(from: index, at: indentation + indent - 1) ? .broken : .stuck
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
        let first = Layout.firstLine(of: text)
        rest -= first.width
        if !first.isWhole { return rest >= 0 }
      case .gap, .indent, .comment: break
      case .line(let flat, _):
        if depth > 0 || flatDepth > 0 { rest -= flat.utf8.count } else { return rest >= 0 }
      case .hardLine, .bodyLine: return rest >= 0
      case .ifBroken(let text):
        if depth == 0, flatDepth == 0 { rest -= text.utf8.count }
      case .ifFlat(let text):
        if depth > 0 || flatDepth > 0 { rest -= text.utf8.count }
      case .begin(let group):
        if index == start || depth > 0 {
          depth += 1
        } else if flatDepth > 0 {
          flatDepth += 1
        } else if case .flat = group.style {
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

extension Layout {
  /// A line of a text in columns, and whether it is the whole text.
  struct Line {
    var width: Int
    var isWhole: Bool
  }

  static func firstLine(of text: String) -> Line {
    var width = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") { return Line(width: width, isWhole: false) }
      if byte & 0xC0 != 0x80 { width += 1 }
    }
    return Line(width: width, isWhole: true)
  }

  static func lastLine(of text: String) -> Line {
    var width = 0
    for byte in text.utf8.reversed() {
      if byte == UInt8(ascii: "\n") { return Line(width: width, isWhole: false) }
      if byte & 0xC0 != 0x80 { width += 1 }
    }
    return Line(width: width, isWhole: true)
  }
}

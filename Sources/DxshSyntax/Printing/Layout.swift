/// A text with the places where its lines may break: what a printer writes and `LayoutRenderer` fits into a width.
///
/// A flat list of commands, after Oppen ("Prettyprinting", 1980) and Wadler: groups are either on one line or broken at
/// each of their own lines. The bytes of all texts lie in one buffer, in the order of the commands, so that a command
/// holds no reference. Equal layouts give equal texts.
struct Layout: Sendable, Equatable {
  /// Bytes that are written as they are. Columns count Unicode scalars, as `LineIndex` does.
  struct Text: Sendable, Equatable {
    /// In bytes; they follow those of the text before.
    var length: Int32 = 0
    /// Of the first line.
    var firstWidth: Int32 = 0
    /// Of the last line.
    var lastWidth: Int32 = 0
    var isOneLine = true

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
      length = Int32(bytes.count)
      for byte in bytes {
        if byte == UInt8(ascii: "\n") {
          isOneLine = false
          lastWidth = 0
        } else if byte & 0xC0 != 0x80 {
          lastWidth += 1
          if isOneLine { firstWidth += 1 }
        }
      }
    }

    mutating func append(_ other: Text) {
      length += other.length
      if isOneLine { firstWidth += other.firstWidth }
      lastWidth = other.isOneLine ? lastWidth + other.lastWidth : other.lastWidth
      isOneLine = isOneLine && other.isOneLine
    }
  }

  enum Style: Sendable, Equatable {
    /// On one line where it fits, else broken.
    case fitting
    /// Begins with a line: stays on the line where all of it fits, goes to the next line where it fits there, and else
    /// begins here and breaks further in. The number is the indentation of the next line.
    case hugging(Int32)
    /// The same as `fitting`, but what stands before it is broken rather than this.
    case reluctant
    /// Never broken.
    case flat
  }

  struct Group: Sendable, Equatable {
    var style: Style
    /// Something in it needs lines of its own.
    var isBroken = false
  }

  enum Command: Sendable, Equatable {
    /// May hold line ends of its own, which no indentation follows.
    case text(Text)
    /// A space, unless the line begins here or the text ends with one.
    case gap
    /// Where a group may break; on one line it is a space or nothing. `isApart` keeps an empty line before a broken
    /// one.
    case line(isSpace: Bool, isApart: Bool)
    /// Where a line ends, with an empty line or without.
    case hardLine(isApart: Bool)
    /// The line end after the `{` of a block; with an empty line where the line of the `{` is indented like the block.
    case bodyLine
    /// A comma that stands at the end of a broken group only.
    case commaIfBroken
    /// A comma that separates the elements of a group that is on one line.
    case commaIfFlat
    /// A comment that goes to the end of the line.
    case comment(Text)
    case begin(Group)
    case end
    /// Changes the indentation of the lines that follow.
    case indent(Int32)
    /// The same in a broken group only.
    case indentIfBroken(Int32)
  }

  private(set) var commands: [Command] = []
  /// Of the texts and comments.
  private(set) var bytes: [UInt8] = []
  /// The groups that are open, as indexes of their `begin`.
  private var open: [Int] = []

  mutating func add(_ command: Command) { commands.append(command) }

  mutating func text(_ text: String) { addText(store(text)) }

  mutating func text(_ bytes: ArraySlice<UInt8>) {
    self.bytes += bytes
    addText(bytes.withUnsafeBufferPointer { Text($0) })
  }

  private mutating func addText(_ text: Text) {
    if text.length == 0 { return }
    if case .text(var before)? = commands.last {
      before.append(text)
      commands[commands.count - 1] = .text(before)
    } else {
      commands.append(.text(text))
    }
  }

  private mutating func store(_ text: String) -> Text {
    var text = text
    return text.withUTF8 { utf8 in
      bytes.append(contentsOf: utf8)
      return Text(utf8)
    }
  }

  mutating func begin(_ style: Style) {
    open.append(commands.count)
    commands.append(.begin(Group(style: style)))
  }

  mutating func end() {
    open.removeLast()
    commands.append(.end)
  }

  /// A line end that every open group has to break for.
  mutating func hardLine(isApart: Bool = false) {
    commands.append(.hardLine(isApart: isApart))
    breakOpenGroups()
  }

  mutating func bodyLine() {
    commands.append(.bodyLine)
    breakOpenGroups()
  }

  /// A comment at the end of the line; every open group breaks, so that a line ends soon.
  mutating func comment(_ text: String) {
    commands.append(.comment(store(text)))
    breakOpenGroups()
  }

  mutating func breakOpenGroups() {
    for index in open.reversed() {
      guard case .begin(var group) = commands[index] else { continue }
      if group.isBroken { break }
      group.isBroken = true
      commands[index] = .begin(group)
    }
  }
}

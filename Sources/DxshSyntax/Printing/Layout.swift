/// A text with the places where its lines may break: what a printer writes and `LayoutRenderer` fits into a width.
///
/// A flat list of commands, after Oppen ("Prettyprinting", 1980) and Wadler: groups are either on one line or broken at
/// each of their own lines.
struct Layout: Sendable {
  enum Style: Sendable {
    /// On one line where it fits, else broken.
    case fitting
    /// Begins with a line: stays on the line where all of it fits, goes to the next line where it fits there, and else
    /// begins here and breaks further in. The number is the indentation of the next line.
    case hugging(Int)
    /// Never broken.
    case flat
  }

  struct Group: Sendable {
    var style: Style
    /// Something in it needs lines of its own.
    var isBroken = false
  }

  enum Command: Sendable {
    /// May hold line ends of its own, which no indentation follows.
    case text(String)
    /// A space, unless the line begins here or the text ends with one.
    case gap
    /// Where a group may break; on one line it is the text. `isApart` keeps an empty line before a broken one.
    case line(flat: String, isApart: Bool)
    /// Where a line ends, with an empty line or without.
    case hardLine(isApart: Bool)
    /// The line end after the `{` of a block; with an empty line where the line of the `{` is indented like the block.
    case bodyLine
    /// What stands at the end of a broken group only.
    case ifBroken(String)
    /// What separates the elements of a group that is on one line.
    case ifFlat(String)
    /// A comment that goes to the end of the line.
    case comment(String)
    case begin(Group)
    case end
    /// Changes the indentation of the lines that follow.
    case indent(Int)
  }

  private(set) var commands: [Command] = []
  /// The groups that are open, as indexes of their `begin`.
  private var open: [Int] = []

  mutating func add(_ command: Command) { commands.append(command) }

  mutating func text(_ text: String) { commands.append(.text(text)) }

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
    commands.append(.comment(text))
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

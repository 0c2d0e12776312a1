/// A fenced block of an example in Markdown.
///
/// What stands behind the fence says what it is: `cel` is plain CEL, `dxsh` is what a file says, `expr` holds in both;
/// `fails` behind it says that each expression is refused or has no value. A line that is indented, or begins with a
/// closing bracket, continues the one before. Lines that begin with `//` say something to the reader.
struct CodeBlock: Sendable {
  enum Language: String, Sendable {
    case cel, dxsh, expr
  }

  let language: Language
  /// Whether each expression has to fail. If not, each has to be true.
  let isOfFailures: Bool
  /// Types, constants, functions and workflows, which the expressions see.
  private(set) var declarations: [String] = []
  /// `let` items, which the expressions see.
  private(set) var bindings: [String] = []
  private(set) var expressions: [String] = []

  /// Nil when no example is in it: a console, a signature.
  init?(info: Substring, lines: [Substring]) {
    let words = info.split(separator: " ")
    guard let first = words.first, let language = Language(rawValue: String(first)) else { return nil }
    self.language = language
    isOfFailures = words.dropFirst().contains("fails")
    for statement in Self.statements(lines) {
      switch statement.prefix(while: { $0 != " " }) {
      case "type", "enum", "const", "func", "workflow": declarations.append(statement)
      case "let": bindings.append(statement)
      default: expressions.append(statement)
      }
    }
  }

  private static func statements(_ lines: [Substring]) -> [String] {
    var statements: [String] = []
    var continues = false
    for line in lines {
      guard let first = line.first, !line.hasPrefix("//") else {
        continues = false
        continue
      }
      if continues, " }])".contains(first) {
        statements[statements.count - 1] += "\n" + line
      } else {
        statements.append(String(line))
      }
      continues = true
    }
    return statements
  }

  /// The blocks of a text that hold examples.
  static func all(in text: String) -> [CodeBlock] {
    var blocks: [CodeBlock] = []
    var open: (info: Substring, lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block = open.flatMap({ CodeBlock(info: $0.info, lines: $0.lines) }) { blocks.append(block) }
        open = open == nil ? (line.dropFirst(3), []) : nil
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }
}

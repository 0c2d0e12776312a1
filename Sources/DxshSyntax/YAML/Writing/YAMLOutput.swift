/// Lines of YAML in block style. The `-` of a list's element stands on the first line that the element writes.
struct YAMLOutput {
  private(set) var lines: [String] = []
  private var indentation = 0
  /// How many `-` the next line starts with.
  private var dashes = 0
  /// Whether the last line belongs to a text of several lines, where a comment would be text.
  private(set) var endsInText = false
  /// Where the last line ended before a comment was added to it.
  private var commented = -1
  /// Whether a comment can be added to the last line.
  var takesComment: Bool { !endsInText && commented != lines.count }

  var count: Int { lines.count }

  /// Where a comment before the next line stands: at its first `-`.
  private var column: Int { indentation - 2 * dashes }

  mutating func line(_ text: String) {
    lines.append(
      String(repeating: " ", count: column) + String(repeating: "- ", count: dashes) + text)
    dashes = 0
    endsInText = false
  }

  /// A line of a text of several lines, which is indented by two more than what is around it.
  mutating func textLine(_ text: some StringProtocol) {
    lines.append(text.isEmpty ? "" : String(repeating: " ", count: indentation + 2) + text)
    endsInText = true
  }

  mutating func empty() {
    if let last = lines.last, !last.isEmpty { lines.append("") }
  }

  mutating func indented(_ body: (inout YAMLOutput) -> Void) {
    indent()
    body(&self)
    outdent()
  }

  mutating func indent() { indentation += 2 }

  mutating func outdent() { indentation -= 2 }

  mutating func dash() {
    indentation += 2
    dashes += 1
  }

  /// A comment before what comes next.
  mutating func comment(_ text: String) {
    lines.append(String(repeating: " ", count: max(0, column)) + text)
    endsInText = false
    commented = lines.count
  }

  /// Comments before a line that has been written.
  mutating func insert(_ comments: [String], at line: Int) {
    if comments.isEmpty { return }
    if commented == lines.count { commented += comments.count }
    let next = line < lines.count ? lines[line].prefix { $0 == " " } : ""
    lines.insert(contentsOf: comments.map { next + $0 }, at: min(line, lines.count))
  }

  /// Adds to the end of the last line.
  mutating func append(_ text: String) {
    if !lines.isEmpty { lines[lines.count - 1] += text }
  }

  mutating func append(comment: String) {
    append("  " + comment)
    commented = lines.count
  }

  var text: String {
    var lines = lines
    while lines.last == "" { lines.removeLast() }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }
}

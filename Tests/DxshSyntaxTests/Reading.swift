import DxshSyntax
import DxshTestSupport
import Testing

/// What a test says about a text: its tree and its diagnostics as `E0001 LINE:COLUMN`.
struct Reading: Equatable {
  var tree: String
  var problems: [String]
}

func sourceFile(_ text: String, name: String = "test.dxsh") -> SourceFile {
  SourceFile(id: FileID(0), name: name, text: text)
}

func problems(_ diagnostics: [Diagnostic], in file: SourceFile) -> [String] {
  let lines = LineIndex(file)
  return diagnostics.map { diagnostic in
    let position = lines.position(of: Int(diagnostic.range.start))
    return "\(diagnostic.code.rawValue) \(position.line):\(position.column)"
  }
}

/// A whole file.
func read(_ text: String) -> Reading {
  let file = sourceFile(text)
  let parsed = parse(file)
  return Reading(tree: TreePrinter.text(parsed.tree), problems: problems(parsed.diagnostics, in: file))
}

/// The items of a workflow `workflow w() {`, which is line 1.
func readItems(_ text: String) -> Reading {
  var reading = read("workflow w() {\n\(text)\n}")
  reading.tree = String(reading.tree.dropFirst("(workflow w {".count).dropLast("})".count))
  return reading
}

/// One expression.
func readExpression(_ text: String) -> Reading {
  let file = sourceFile(text)
  let parsed = parseExpression(file)
  return Reading(tree: TreePrinter.text(parsed.tree), problems: problems(parsed.diagnostics, in: file))
}

/// Expects a text without mistakes and this tree.
func expectExpression(_ text: String, _ tree: String, _ location: Testing.SourceLocation = #_sourceLocation) {
  #expect(readExpression(text) == Reading(tree: tree, problems: []), sourceLocation: location)
}

func expectItems(_ text: String, _ tree: String, _ location: Testing.SourceLocation = #_sourceLocation) {
  #expect(readItems(text) == Reading(tree: tree, problems: []), sourceLocation: location)
}

/// Expects one diagnostic and what the parser made of the text.
func expectProblem(
  _ text: String, _ problem: String, _ tree: String, _ location: Testing.SourceLocation = #_sourceLocation
) {
  #expect(readItems(text) == Reading(tree: tree, problems: [problem]), sourceLocation: location)
}

/// The text after the fixes of all its diagnostics.
func mended(_ text: String) -> String {
  var bytes = Array(text.utf8)
  let edits = parse(sourceFile(text)).diagnostics.compactMap(\.fix).flatMap(\.edits)
  for edit in edits.sorted(by: { ($0.range.start, $0.range.end) > ($1.range.start, $1.range.end) }) {
    bytes.replaceSubrange(Int(edit.range.start)..<Int(edit.range.end), with: edit.replacement.utf8)
  }
  return String(decoding: bytes, as: UTF8.self)
}

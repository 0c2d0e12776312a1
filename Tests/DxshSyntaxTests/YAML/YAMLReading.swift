import DxshSyntax
import DxshTestSupport
import Testing

func yamlFile(_ text: String) -> SourceFile { sourceFile(text, name: "test.dxsh.yaml") }

/// A whole file of the YAML form.
func readYAML(_ text: String) -> Reading {
  let file = yamlFile(text)
  let parsed = parse(file)
  return Reading(tree: orderedTree(parsed.tree), problems: problems(parsed.diagnostics, in: file))
}

/// The tree with its declarations kind by kind, since the order between kinds has no meaning.
func orderedTree(_ module: Module) -> String {
  var module = module
  module.declarations = module.declarations.enumerated()
    .sorted { ($0.element.kind, $0.offset) < ($1.element.kind, $1.offset) }.map(\.element)
  return TreePrinter.text(module)
}

extension Declaration {
  var kind: Int {
    switch self {
    case .importing: 0
    case .secret: 1
    case .constant: 2
    case .type: 3
    case .enumeration: 4
    case .connection, .connectionKind: 5
    case .function: 6
    case .node: 7
    case .defaults: 8
    case .workflow: 9
    case .test: 10
    case .unreadable: 11
    }
  }
}

/// Expects both notations to give the same tree without mistakes.
func expectSame(
  _ yaml: String, _ dxsh: String, _ location: Testing.SourceLocation = #_sourceLocation
) {
  let file = sourceFile(dxsh)
  let parsed = parse(file)
  #expect(problems(parsed.diagnostics, in: file) == [], sourceLocation: location)
  #expect(readYAML(yaml) == Reading(tree: orderedTree(parsed.tree), problems: []), sourceLocation: location)
}

enum RoundTrip {
  case same, different
  /// YAML has no form for it.
  case refused
}

/// Expects a tree to be the same after it was written as YAML.
func expectRoundTrip(_ file: SourceFile, _ location: Testing.SourceLocation = #_sourceLocation) -> RoundTrip {
  let parsed = parse(file)
  let written = printYAML(parsed.tree, of: file)
  if !written.refusals.isEmpty { return .refused }
  let again = readYAML(written.text)
  let problems = again.problems.filter { !$0.hasPrefix("W") }
  if again.tree != orderedTree(parsed.tree) || problems != [] {
    let lines = zip(again.tree.split(separator: " "), orderedTree(parsed.tree).split(separator: " "))
    let difference = lines.first { $0 != $1 }.map { "\($0) / \($1)" } ?? ""
    Issue.record(
      "\(file.name): \(problems) \(difference)\n\(String(decoding: file.bytes, as: UTF8.self))\n---\n\(written.text)",
      sourceLocation: location)
    return .different
  }
  return .same
}

import DxshCompiler
import DxshExpressions
import DxshNodes
import DxshSyntax
import DxshTime

/// What is known of the nodes and functions that files call.
enum Library {
  static let nodes = NodeLibrary(families: StandardLibrary.families) { StandardLibrary.source(of: $0) }

  /// The schedules' zones are those of the machine.
  static let time = TimeContext(asOf: Timestamp(text: "2026-01-01T00:00:00Z"), zones: .system)

  private static let declarations: [String: NodeDeclaration] = {
    var found: [String: NodeDeclaration] = [:]
    for family in StandardLibrary.families {
      guard let bytes = StandardLibrary.source(of: family) else { continue }
      for case .node(let node) in parse(SourceFile(id: FileID(0), name: family, bytes: bytes)).tree.declarations {
        found[node.path.text] = node
      }
    }
    return found
  }()

  /// The names of all nodes.
  static var nodeNames: [String] { declarations.keys.sorted() }

  /// Whether a node cannot be called without an argument.
  static func requires(_ parameter: String, of node: String) -> Bool {
    guard let found = declarations[node]?.parameters.first(where: { $0.name.text == parameter }) else { return false }
    if case .optional = found.type.kind { return false }
    return found.defaultValue == nil
  }

  /// Whether every function of a name takes so many arguments, `self` aside.
  static func takesExactly(_ count: Int, _ function: String) -> Bool {
    let overloads = FunctionLibrary.overloads(named: function, in: .dxsh)
    return !overloads.isEmpty
      && overloads.allSatisfy { $0.parameters.count - ($0.style == .member ? 1 : 0) == count }
  }
}

import DxshExpressions
import DxshPlan
import DxshSyntax

/// What a file declares for all its workflows, checked once: its secrets and connections.
///
/// Both stand in one scope of their own; a workflow gets those that it mentions.
struct Globals {
  struct Connection {
    var declaration: ConnectionDeclaration
    var type: Type
    /// A record of the kind's settings over the slots of this scope; nil with a mistake in it.
    var value: Expression?
    /// The names in this scope that it needs.
    var needs: Set<String>
  }

  /// In the order of the text, like the connections.
  var secrets: [CheckedSecret] = []
  var connections: [Connection] = []
  /// Where each name is declared.
  var names: [String: Name] = [:]
  /// The name of each slot: first the secrets'.
  var slots: [String] = []

  /// The secrets and connections that stand behind the names, directly or by way of others.
  func needed(by names: @autoclosure () -> Set<String>) -> (secrets: [CheckedSecret], connections: [Connection]) {
    if self.names.isEmpty { return ([], []) }
    let known = Dictionary(connections.map { ($0.declaration.name.text, $0.needs) }) { first, _ in first }
    var needed: Set<String> = []
    var pending = names().filter { self.names[$0] != nil }
    while let name = pending.popFirst() {
      guard needed.insert(name).inserted else { continue }
      pending.formUnion(known[name] ?? [])
    }
    return (
      secrets.filter { needed.contains($0.name.text) },
      connections.filter { needed.contains($0.declaration.name.text) }
    )
  }
}

/// A declared kind of connection.
struct ConnectionKind {
  var name: String
  var parameters: [ParameterSignature]
  var range: SourceRange
}

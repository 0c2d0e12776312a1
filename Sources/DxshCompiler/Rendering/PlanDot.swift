package import DxshPlan

/// A plan in the language of Graphviz: loops as clusters, guards as dashed edges.
package enum PlanDot {
  package static func render(_ plan: Plan) -> String {
    var text = "digraph \(quoted(plan.workflow)) {\n  node [shape=box];\n"
    for (number, scope) in plan.outermostScopes.enumerated() {
      append(scope, plan.callees, prefix: number == 0 ? "n" : "w\(number)_", indent: "  ", to: &text)
    }
    return text + "}\n"
  }

  /// The nodes of a scope are called `prefix` and their number.
  private static func append(
    _ scope: PlanScope, _ callees: [PlanCallee], prefix: String, indent: String, to text: inout String
  ) {
    for (index, node) in scope.nodes.enumerated() {
      let id = "\(prefix)\(index)"
      let scopes = node.kind.scopes
      if scopes.isEmpty {
        text += "\(indent)\(declaration(of: node, id, in: scope, callees))"
        continue
      }
      text += "\(indent)subgraph cluster_\(id) {\n\(indent)  label=\(quoted(node.path));\n"
      text += "\(indent)  \(declaration(of: node, id, in: scope, callees))"
      for (number, inside) in scopes.enumerated() {
        let prefix = number == 0 ? "\(id)_" : "\(id)_catch_"
        append(inside, callees, prefix: prefix, indent: indent + "  ", to: &text)
        for (inner, node) in inside.nodes.enumerated() where node.dependencies.isEmpty {
          text += "\(indent)  \(id) -> \(prefix)\(inner);\n"
        }
      }
      text += "\(indent)}\n"
    }
    for (index, node) in scope.nodes.enumerated() {
      for dependency in node.dependencies {
        let style = guardStyle(of: node, from: dependency)
        text += "\(indent)\(prefix)\(dependency) -> \(prefix)\(index)\(style);\n"
      }
    }
  }

  private static func guardStyle(of node: PlanNode, from dependency: Int) -> String {
    guard let guardedBy = node.guardedBy, guardedBy.condition == dependency else { return "" }
    return " [label=\"\(guardedBy.when)\", style=dashed]"
  }

  private static func declaration(
    of node: PlanNode, _ id: String, in scope: PlanScope, _ callees: [PlanCallee]
  ) -> String {
    let description = NodeDescription(node, in: scope, callees: callees)
    let lines = [description.title, description.action, description.details.joined(separator: ", ")]
    let label = quoted(lines.filter { !$0.isEmpty }.joined(separator: "\n"))
    return switch node.kind {
    case .condition: "\(id) [label=\(label), shape=diamond];\n"
    case .barrier: "\(id) [label=\(label), shape=point];\n"
    case .value, .call, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output:
      "\(id) [label=\(label)];\n"
    }
  }

  /// A double-quoted string of the language (Graphviz, "The DOT Language"); newlines become centred line breaks.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.properties.generalCategory == .control: quoted += " "
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

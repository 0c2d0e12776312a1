package import DxshPlan

/// A plan as a Mermaid flow chart, which Markdown pages show: loops as subgraphs, guards as dashed edges.
package enum PlanMermaid {
  package static func render(_ plan: Plan) -> String {
    var text = "flowchart TD\n"
    for (number, scope) in plan.outermostScopes.enumerated() {
      append(scope, plan.callees, prefix: number == 0 ? "n" : "w\(number)_", indent: "  ", to: &text)
    }
    return text
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
      text += "\(indent)subgraph \(id)_loop[\"\(escaped(node.path))\"]\n"
      text += "\(indent)  \(declaration(of: node, id, in: scope, callees))"
      for (number, inside) in scopes.enumerated() {
        let prefix = number == 0 ? "\(id)_" : "\(id)_catch_"
        append(inside, callees, prefix: prefix, indent: indent + "  ", to: &text)
        for (inner, node) in inside.nodes.enumerated() where node.dependencies.isEmpty {
          text += "\(indent)  \(id) --> \(prefix)\(inner)\n"
        }
      }
      text += "\(indent)end\n"
    }
    for (index, node) in scope.nodes.enumerated() {
      for dependency in node.dependencies {
        text += "\(indent)\(prefix)\(dependency) \(arrow(to: node, from: dependency)) \(prefix)\(index)\n"
      }
    }
  }

  private static func arrow(to node: PlanNode, from dependency: Int) -> String {
    guard let guardedBy = node.guardedBy, guardedBy.condition == dependency else { return "-->" }
    return "-. \(guardedBy.when) .->"
  }

  private static func declaration(
    of node: PlanNode, _ id: String, in scope: PlanScope, _ callees: [PlanCallee]
  ) -> String {
    let description = NodeDescription(node, in: scope, callees: callees)
    let lines = [description.title, description.action, description.details.joined(separator: ", ")]
    let label = "\"" + lines.filter { !$0.isEmpty }.map(escaped).joined(separator: "<br/>") + "\""
    return switch node.kind {
    case .condition: "\(id){\(label)}\n"
    case .barrier: "\(id)((\(label)))\n"
    case .value, .call, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output:
      "\(id)[\(label)]\n"
    }
  }

  /// Text inside a quoted label: what Mermaid or HTML would read becomes an entity code (Mermaid, "Entity codes to
  /// escape characters").
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "#", "<", ">", "&", "`", "\\": escaped += "#\(scalar.value);"
      case _ where scalar.properties.generalCategory == .control: escaped += " "
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

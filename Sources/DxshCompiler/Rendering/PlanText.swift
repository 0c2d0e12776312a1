import DxshExpressions
package import DxshPlan

/// A plan as text for a terminal: each scope level by level, the bodies of loops indented under their loop.
///
///     workflow report(day: string) -> { rows: int }
///     secret token: string = env("API_TOKEN")
///     stopped after a duration of 1h
///     3 steps, about 1 at once, longest chain 2: fetch, store
///     a run that succeeds makes 2 steps and takes at most 3m
///
///     level 1
///       fetch  http.get, read, timeout 30s, retry 3
///     level 2
///       rows   let, after fetch
///       store  file.write, idempotent, timeout 1m, after rows
package enum PlanText {
  /// With `reports`, what each pass did stands at the end.
  /// - longest: how long a run takes at most, for people, where that is known
  package static func render(
    _ plan: Plan, explaining reports: [PassReport] = [], longest: String? = nil
  ) -> String {
    let metrics = PlanMetrics(plan)
    var text = header(of: plan) + "\n" + summary(of: metrics) + "\n" + bounds(of: plan, longest) + "\n\n"
    append(plan.body, metrics, plan.callees, indent: "", to: &text)
    if let finally = plan.finally {
      text += "\nfinally\n"
      append(finally, PlanMetrics(finally), plan.callees, indent: "  ", to: &text)
    }
    for callee in plan.callees {
      let called = "workflow \(callee.workflow)(\(callee.parameters.joined(separator: ", ")))"
      text += "\n\(TerminalText.plain(called))\n"
      if let limits = limits(callee.time) { text += "  \(limits)\n" }
      append(callee.body, PlanMetrics(callee.body), plan.callees, indent: "  ", to: &text)
      guard let finally = callee.finally else { continue }
      text += "  finally\n"
      append(finally, PlanMetrics(finally), plan.callees, indent: "    ", to: &text)
    }
    if !reports.isEmpty { append(reports, to: &text) }
    return text
  }

  private static func header(of plan: Plan) -> String {
    let parameters = plan.parameters.map { ($0.name, $0.type, hasDefault: $0.defaultValue != nil) }
    let lines =
      [TerminalText.signature(of: plan.workflow, parameters, plan.result)] + plan.secrets.map(line)
      + plan.body.nodes.compactMap { connection($0, in: plan.body) }
    let limits = limits(plan.time).map { [$0] } ?? []
    return (lines + limits).map(TerminalText.plain).joined(separator: "\n")
  }

  /// Nil where there are none.
  private static func limits(_ time: PlanTimeLimits) -> String? {
    let limits = [
      time.duration.map { "a duration of \($0)" }, time.active.map { "\($0) of work" },
    ].compactMap(\.self)
    return limits.isEmpty ? nil : "stopped after " + limits.joined(separator: " or ")
  }

  private static func line(of secret: Plan.Secret) -> String {
    switch secret.source {
    case .environment(let variable): "secret \(secret.name): \(secret.type) = env(\"\(variable)\")"
    }
  }

  /// Nil when the node makes no connection.
  private static func connection(_ node: PlanNode, in scope: PlanScope) -> String? {
    node.connectionKind(in: scope).map { "connection \(node.path) = \($0)(…)" }
  }

  private static func summary(of metrics: PlanMetrics) -> String {
    let steps = metrics.callCount == 1 ? "1 step" : "\(metrics.callCount) steps"
    guard !metrics.criticalPath.isEmpty else { return steps }
    let chain = metrics.criticalPath.prefix(20).map(TerminalText.plain).joined(separator: ", ")
    let rest = metrics.criticalPath.count > 20 ? ", …" : ""
    return "\(steps), about \(metrics.width) at once, longest chain \(metrics.criticalPath.count): \(chain)\(rest)"
  }

  private static func bounds(of plan: Plan, _ longest: String?) -> String {
    let calls = CallBounds(plan)
    let made = "a run that succeeds makes \(calls.words) \(calls == CallBounds.one ? "step" : "steps")"
    return made + (longest.map { " and takes \($0)" } ?? "")
  }

  private static func append(
    _ scope: PlanScope, _ metrics: PlanMetrics, _ callees: [PlanCallee], indent: String, to text: inout String
  ) {
    let column = scope.nodes.map { TerminalText.plain($0.path).count }.max() ?? 0
    for (number, level) in metrics.levels.enumerated() {
      text += "\(indent)level \(number + 1)\n"
      for index in level {
        let node = scope.nodes[index]
        let title = TerminalText.plain(node.path)
        let padding = String(repeating: " ", count: column - title.count)
        text += "\(indent)  \(title)\(padding)  \(line(of: node, in: scope, callees))\n"
        for (number, inner) in node.kind.scopes.enumerated() {
          if number == 1 { text += "\(indent)  catch\n" }
          append(
            inner, metrics.inner[index]?[number] ?? PlanMetrics(inner), callees, indent: indent + "    ", to: &text)
        }
      }
    }
  }

  private static func line(of node: PlanNode, in scope: PlanScope, _ callees: [PlanCallee]) -> String {
    let description = NodeDescription(node, in: scope, callees: callees)
    var words = [description.action] + description.details
    if let guardedBy = node.guardedBy {
      words.append("\(guardedBy.when ? "when" : "unless") \(scope.nodes[guardedBy.condition].path)")
    }
    let others = node.dependencies.filter { $0 != node.guardedBy?.condition }
    if !others.isEmpty { words.append("after " + others.map { scope.nodes[$0].path }.joined(separator: ", ")) }
    return TerminalText.plain(words.joined(separator: ", "))
  }

  private static func append(_ reports: [PassReport], to text: inout String) {
    text += "\npasses\n"
    for report in reports {
      text += "  \(report.name): \(report.summary)\n"
      for note in report.notes { text += "    \(TerminalText.plain(note))\n" }
      if report.notes.isEmpty { text += "    nothing to do\n" }
    }
  }
}

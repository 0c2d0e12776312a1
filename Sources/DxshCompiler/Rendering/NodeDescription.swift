import DxshExpressions
import DxshPlan
import DxshTime

/// What a node is, in a few words, for the pictures of a plan.
struct NodeDescription {
  /// The node's path.
  let title: String
  /// What it does: `http.get`, `let`, `for each`.
  let action: String
  /// Its effect and policies, in a fixed order: `read`, `timeout 30s`, `retry 3`.
  let details: [String]

  /// - callees: of the plan
  init(_ node: PlanNode, in scope: PlanScope, callees: [PlanCallee]) {
    title = node.path
    switch node.kind {
    case .value: (action, details) = (node.connectionKind(in: scope).map { "connection \($0)" } ?? "let", [])
    case .call(let call): (action, details) = (call.node, Self.details(of: call))
    case .condition: (action, details) = ("condition", [])
    case .assertion: (action, details) = ("assert", [])
    case .failure(let kind, _): (action, details) = ("fail \(kind)", [])
    case .loop(let loop): (action, details) = ("for each", Self.details(of: loop))
    case .iteration(let iteration):
      (action, details) = ("repeat", ["at most \(Self.text(of: iteration.maximum)) times"])
    case .attempt: (action, details) = ("try", [])
    case .invocation(let invocation):
      action = "workflow \(callees[invocation.callee].workflow)"
      details =
        [
          invocation.retry.map(Self.text),
          invocation.deadline.map { "deadline \(Self.text(of: $0))" },
        ].compactMap(\.self)
    case .wait(let wait): (action, details) = ("wait", Self.details(of: wait))
    case .output: (action, details) = ("output", [])
    case .barrier: (action, details) = ("barrier", [])
    }
  }

  private static func details(of call: PlanCall) -> [String] {
    var details = [call.effect.rawValue, "timeout \(text(of: call.timeout))"]
    if let retry = call.retry { details.append(text(of: retry)) }
    if let startBy = call.startBy { details.append("begins within \(text(of: startBy))") }
    if let heartbeat = call.heartbeat { details.append("silent for \(text(of: heartbeat)) at most") }
    if let poll = call.poll { details.append("polled every \(text(of: poll.every))") }
    if let deadline = call.deadline { details.append("deadline \(text(of: deadline))") }
    if let breaker = call.limits?.breaker { details.append("breaker \(text(of: breaker.name))") }
    if let pool = call.limits?.pool { details.append("\(pool.capacity) at once in \(text(of: pool.name))") }
    if let rate = call.limits?.rate { details.append("\(rate.count) per \(rate.period)") }
    if let cpu = call.needs?.cpu { details.append("cpu \(text(of: cpu))") }
    if let memory = call.needs?.memory { details.append("memory \(text(of: memory))") }
    if let priority = call.needs?.priority, priority != 0 { details.append("priority \(priority)") }
    if let cache = call.cache { details.append("cached for \(text(of: cache.lifetime))") }
    if let fallback = call.fallback { details.append("else \(text(of: fallback.value))") }
    switch call.onInterrupt {
    case nil: break
    case .retry: details.append("repeated when interrupted")
    case .fail: details.append("fails when interrupted")
    case .verify(let verification): details.append("verified by \(verification.node)")
    }
    if case .call(let compensation)? = call.compensation { details.append("undone by \(compensation.node)") }
    return details
  }

  private static func text(of retry: PlanCall.Retry) -> String {
    "retry \(text(of: retry.attempts))" + (retry.budget.map { " within \(text(of: $0))" } ?? "")
  }

  private static func details(of loop: PlanLoop) -> [String] {
    var details: [String] = []
    if let parallel = loop.parallel { details.append("parallel \(text(of: parallel))") }
    switch (loop.onError, loop.first) {
    case (_, let count?): details.append("first \(text(of: count)) to complete")
    case (.stop, nil): break
    case (.skip, nil): details.append("skips failures")
    }
    return details
  }

  private static func details(of wait: PlanWait) -> [String] {
    let sources = wait.alternatives.map { alternative in
      switch alternative.source {
      case .delay(let span): "delay \(text(of: span))"
      case .until(let time): "until \(text(of: time))"
      case .signal(let name, _, _): "signal \(text(of: name))"
      }
    }
    return sources + (wait.timeout.map { ["timeout \(text(of: $0))"] } ?? [])
  }

  /// A constant as its author writes it.
  private static func text(of expression: Expression) -> String {
    guard case .constant(let constant) = expression else { return "computed" }
    return switch constant.value {
    case .duration(let span): span.description
    case .size(let bytes): SizeText.format(bytes)
    case .none, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .list, .map, .record, .boxed:
      constant.value.summary
    }
  }
}

extension PlanNode {
  /// The kind of the connection that the node makes of its settings; nil when it makes none.
  func connectionKind(in scope: PlanScope) -> String? {
    guard case .value(let slot, let settings) = kind, case .connection(let kind) = scope.slots[slot].type else {
      return nil
    }
    switch settings {
    case .record, .constant: return kind
    default: return nil
    }
  }
}

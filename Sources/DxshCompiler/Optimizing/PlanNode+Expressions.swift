import DxshExpressions
import DxshPlan

extension PlanNode.Kind {
  /// Visits every expression that the node evaluates in its own scope; not those of a loop's body.
  func forEachExpression(_ visit: (Expression) -> Void) {
    switch self {
    case .value(_, let expression), .condition(let expression), .output(let expression), .failure(_, let expression):
      visit(expression)
    case .assertion(let condition, let message):
      visit(condition)
      visit(message)
    case .call(let call): call.forEachExpression(visit)
    case .loop(let loop):
      visit(loop.sequence)
      if let parallel = loop.parallel { visit(parallel) }
      if let first = loop.first { visit(first) }
    case .iteration(let iteration):
      visit(iteration.initial)
      visit(iteration.maximum)
    case .invocation(let invocation):
      invocation.arguments.forEach(visit)
      invocation.retry?.forEachExpression(visit)
      if let deadline = invocation.deadline { visit(deadline) }
      if let fallback = invocation.fallback { visit(fallback.value) }
    case .wait(let wait): wait.forEachExpression(visit)
    case .attempt, .barrier: break
    }
  }

  /// Puts another expression in the place of each that the node evaluates in its own scope; nil keeps it.
  /// Nil when all are kept.
  func replacingExpressions(_ change: @escaping (Expression) -> Expression?) -> PlanNode.Kind? {
    switch self {
    case .value(let slot, let expression): return change(expression).map { .value(slot: slot, $0) }
    case .condition(let expression): return change(expression).map(PlanNode.Kind.condition)
    case .output(let expression): return change(expression).map(PlanNode.Kind.output)
    case .failure(let kind, let message): return change(message).map { .failure(kind: kind, message: $0) }
    case .assertion(let condition, let message):
      let (newCondition, newMessage) = (change(condition), change(message))
      guard newCondition != nil || newMessage != nil else { return nil }
      return .assertion(newCondition ?? condition, message: newMessage ?? message)
    case .call(let call): return call.replacingExpressions(change).map(PlanNode.Kind.call)
    case .loop(var loop):
      let (sequence, parallel, first) = (
        change(loop.sequence), loop.parallel.flatMap(change), loop.first.flatMap(change)
      )
      guard sequence != nil || parallel != nil || first != nil else { return nil }
      loop.first = first ?? loop.first
      loop.sequence = sequence ?? loop.sequence
      loop.parallel = parallel ?? loop.parallel
      return .loop(loop)
    case .iteration(var iteration):
      let (initial, maximum) = (change(iteration.initial), change(iteration.maximum))
      guard initial != nil || maximum != nil else { return nil }
      iteration.initial = initial ?? iteration.initial
      iteration.maximum = maximum ?? iteration.maximum
      return .iteration(iteration)
    case .invocation(var invocation):
      let arguments = invocation.arguments.map(change)
      let retry = invocation.retry?.replacingExpressions(change)
      let (deadline, fallback) = (invocation.deadline.flatMap(change), invocation.fallback.flatMap { change($0.value) })
      guard retry != nil || deadline != nil || fallback != nil || arguments.contains(where: { $0 != nil }) else {
        return nil
      }
      invocation.arguments = zip(arguments, invocation.arguments).map { $0 ?? $1 }
      invocation.retry = retry ?? invocation.retry
      invocation.deadline = deadline ?? invocation.deadline
      if let fallback { invocation.fallback?.value = fallback }
      return .invocation(invocation)
    case .wait(let wait): return wait.replacingExpressions(change).map(PlanNode.Kind.wait)
    case .attempt, .barrier: return nil
    }
  }

  /// Visits the expressions that the node evaluates in the frame of its first inner scope, when that has ended.
  func forEachInnerExpression(_ visit: (Expression) -> Void) {
    guard case .iteration(let iteration) = self else { return }
    visit(iteration.next)
    if let condition = iteration.condition { visit(condition) }
  }

  /// Puts others in their place; nil when all are kept.
  func replacingInnerExpressions(_ change: (Expression) -> Expression?) -> PlanNode.Kind? {
    guard case .iteration(var iteration) = self else { return nil }
    let (next, condition) = (change(iteration.next), iteration.condition.flatMap(change))
    guard next != nil || condition != nil else { return nil }
    iteration.next = next ?? iteration.next
    iteration.condition = condition ?? iteration.condition
    return .iteration(iteration)
  }
}

extension PlanCall {
  fileprivate func forEachExpression(_ visit: (Expression) -> Void) {
    for argument in arguments { visit(argument.value) }
    visit(timeout)
    if policies == nil { return }
    if let deadline { visit(deadline) }
    if let startBy { visit(startBy) }
    if let heartbeat { visit(heartbeat) }
    if let poll {
      visit(poll.every)
      visit(poll.condition)
      if let maximum = poll.maximum { visit(maximum) }
    }
    if let cache {
      visit(cache.lifetime)
      if let key = cache.key { visit(key) }
    }
    if let fallback { visit(fallback.value) }
    limits?.names.forEach { visit($0.name) }
    needs?.values.forEach { visit($0.value) }
    verification?.arguments.forEach { visit($0.value) }
    if case .call(let compensation)? = compensation { compensation.arguments.forEach { visit($0.value) } }
    retry?.forEachExpression(visit)
  }

  fileprivate func replacingExpressions(_ change: @escaping (Expression) -> Expression?) -> PlanCall? {
    var call = self
    var replace = Replacement(change)
    for index in call.arguments.indices {
      // Not in its place: that would copy the arguments of every call.
      if let changed = replace.changed(call.arguments[index].value) { call.arguments[index].value = changed }
    }
    replace(&call.timeout)
    if call.policies == nil { return replace.hasChanged ? call : nil }
    replace(&call.deadline)
    replace(&call.startBy)
    replace(&call.heartbeat)
    if var poll = call.poll {
      replace(&poll.every)
      replace(&poll.condition)
      replace(&poll.maximum)
      call.poll = poll
    }
    if var cache = call.cache {
      replace(&cache.lifetime)
      replace(&cache.key)
      call.cache = cache
    }
    if var fallback = call.fallback {
      replace(&fallback.value)
      call.fallback = fallback
    }
    if var limits = call.limits {
      if limits.breaker != nil { replace(&limits.breaker!.name) }
      if limits.pool != nil { replace(&limits.pool!.name) }
      if limits.rate != nil { replace(&limits.rate!.key) }
      call.limits = limits
    }
    if var needs = call.needs {
      replace(&needs.cpu)
      replace(&needs.memory)
      replace(&needs.time)
      call.needs = needs
    }
    if var verification = call.verification {
      for index in verification.arguments.indices { replace(&verification.arguments[index].value) }
      call.onInterrupt = .verify(verification)
    }
    if case .call(var compensation)? = call.compensation {
      for index in compensation.arguments.indices { replace(&compensation.arguments[index].value) }
      call.compensation = .call(compensation)
    }
    if let retry = call.retry?.replacingExpressions(change) {
      call.retry = retry
      return call
    }
    return replace.hasChanged ? call : nil
  }
}

/// Puts other expressions in the places of some.
private struct Replacement {
  private let change: (Expression) -> Expression?
  private(set) var hasChanged = false

  init(_ change: @escaping (Expression) -> Expression?) { self.change = change }

  /// What goes in an expression's place; nil where it is kept.
  mutating func changed(_ expression: Expression) -> Expression? {
    let changed = change(expression)
    if changed != nil { hasChanged = true }
    return changed
  }

  mutating func callAsFunction(_ expression: inout Expression) {
    if let changed = changed(expression) { expression = changed }
  }

  mutating func callAsFunction(_ expression: inout Expression?) {
    guard var some = expression else { return }
    self(&some)
    expression = some
  }
}

extension PlanCall.Retry {
  fileprivate func forEachExpression(_ visit: (Expression) -> Void) {
    visit(attempts)
    if let jitter { visit(jitter) }
    if let budget { visit(budget) }
    if let unless { visit(unless.condition) }
    switch backoff {
    case nil: break
    case .fixed(let delay), .linear(let delay): visit(delay)
    case .exponential(let delay, let max, let factor):
      visit(delay)
      if let max { visit(max) }
      if let factor { visit(factor) }
    }
  }

  fileprivate func replacingExpressions(_ change: @escaping (Expression) -> Expression?) -> PlanCall.Retry? {
    var retry = self
    var replace = Replacement(change)
    replace(&retry.attempts)
    replace(&retry.jitter)
    replace(&retry.budget)
    if var unless = retry.unless {
      replace(&unless.condition)
      retry.unless = unless
    }
    retry.backoff = retry.backoff?.replacingExpressions { replace(&$0) }
    return replace.hasChanged ? retry : nil
  }
}

extension PlanWait {
  fileprivate func replacingExpressions(_ change: @escaping (Expression) -> Expression?) -> PlanWait? {
    var wait = self
    var isChanged = false
    func replaced(_ expression: Expression) -> Expression {
      guard let changed = change(expression) else { return expression }
      isChanged = true
      return changed
    }
    for index in wait.alternatives.indices {
      switch wait.alternatives[index].source {
      case .delay(let span): wait.alternatives[index].source = .delay(replaced(span))
      case .until(let time): wait.alternatives[index].source = .until(replaced(time))
      case .signal(let name, let key, let type):
        wait.alternatives[index].source = .signal(name: replaced(name), key: key.map(replaced), type)
      }
    }
    wait.timeout = wait.timeout.map(replaced)
    return isChanged ? wait : nil
  }
}

extension PlanCall.Retry.Backoff {
  fileprivate func replacingExpressions(_ replace: (inout Expression) -> Void) -> Self {
    func replaced(_ expression: Expression) -> Expression {
      var expression = expression
      replace(&expression)
      return expression
    }
    return switch self {
    case .fixed(let delay): .fixed(replaced(delay))
    case .linear(let delay): .linear(replaced(delay))
    case .exponential(let delay, let max, let factor):
      .exponential(replaced(delay), max: max.map(replaced), factor: factor.map(replaced))
    }
  }
}

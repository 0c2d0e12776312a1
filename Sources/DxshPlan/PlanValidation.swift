import DxshExpressions

extension Plan {
  /// The one door to a `ValidatedPlan`: checks all that running relies on, in time linear in the plan's size.
  ///
  /// Types are not checked: that an expression fits where it stands is the compiler's promise.
  package func validated() throws(PlanError) -> ValidatedPlan {
    var validation = PlanValidation()
    try validation.check(self)
    return ValidatedPlan(
      plan: self, scopes: validation.scopes.compactMap(\.self), workflows: validation.workflows)
  }
}

/// Walks a plan and lays out its scopes.
struct PlanValidation {
  /// In the order of `ValidatedPlan.scopes`; nil while a scope is being walked.
  var scopes: [ValidatedPlan.Scope?] = []
  /// Of those that are walked through.
  private(set) var workflows: [ValidatedPlan.Workflow] = []
  private var nodeCount = 0
  /// Of a plan: numbers of the interpreter's are made of theirs.
  private static let nodeLimit = Int(Int32.max) / 4
  private var calleeParameters: [Int] = []
  /// How many of the callees may be called: those before the one that is being walked.
  private var callable = 0
  /// The scopes around the place that is being walked, outermost first.
  private var slotCounts: [Int] = []

  /// The slots of a scope that are filled before it begins.
  struct Inputs {
    /// How many from 0 on: the parameters and secrets.
    let first: Int
    /// The element and the index of a loop.
    let others: [Int]
  }

  mutating func check(_ plan: Plan) throws(PlanError) {
    try checkParameters(of: plan)
    try checkSecrets(of: plan)
    if let concurrency = plan.concurrency, concurrency < 1 {
      throw PlanError("at least 1 call has to be possible at once", path: "/concurrency")
    }
    if let memory = plan.memory, memory < 1 {
      throw PlanError("the memory of a run is above zero", path: "/memory")
    }
    try plan.time.validate("")
    calleeParameters = plan.callees.map(\.parameters.count)
    callable = plan.callees.count
    let inputs = Inputs(first: plan.parameters.count + plan.secrets.count, others: [])
    try check(plan.body, plan.finally, path: "", inputs: inputs)
    for (index, callee) in plan.callees.enumerated() {
      let path = "/callees/\(index)"
      callable = index
      try callee.time.validate(path)
      guard callee.secrets.allSatisfy(plan.secrets.indices.contains) else {
        throw PlanError("there is no such secret", path: "\(path)/secrets")
      }
      let first = callee.parameters.count + callee.secrets.count
      guard first <= callee.body.slots.count else {
        throw PlanError("what it is given needs the first \(first) slots of the body", path: "\(path)/body/slots")
      }
      try check(callee.body, callee.finally, path: path, inputs: Inputs(first: first, others: []))
    }
  }

  /// A workflow's scopes; `finally` stands inside the body's frame.
  private mutating func check(
    _ body: PlanScope, _ finally: PlanScope?, path: String, inputs: Inputs
  ) throws(PlanError) {
    let number = scopes.count
    try check(body, path: "\(path)/body", inputs: inputs)
    var last: Int?
    if let finally {
      guard !finally.slots.isEmpty else { throw PlanError("there is no slot for `run`", path: "\(path)/finally/slots") }
      last = scopes.count
      slotCounts.append(body.slots.count)
      try check(finally, path: "\(path)/finally", inputs: Inputs(first: 1, others: []))
      slotCounts.removeLast()
    }
    workflows.append(.init(body: number, finally: last))
  }

  private func checkParameters(of plan: Plan) throws(PlanError) {
    guard plan.parameters.count <= plan.body.slots.count else {
      throw PlanError("the parameters need the first \(plan.parameters.count) slots of the body", path: "/body/slots")
    }
    for (index, parameter) in plan.parameters.enumerated() {
      guard plan.body.slots[index].name == parameter.name else {
        throw PlanError("expected the slot of the parameter `\(parameter.name)`", path: "/body/slots/\(index)")
      }
      guard let value = parameter.defaultValue else { continue }
      do throws(PlanError) {
        try ExpressionValidation(slotCounts: [index]).check(value)
      } catch {
        throw error.within("/parameters/\(index)/default")
      }
    }
  }

  private func checkSecrets(of plan: Plan) throws(PlanError) {
    let first = plan.parameters.count
    guard first + plan.secrets.count <= plan.body.slots.count else {
      throw PlanError("the secrets need the \(plan.secrets.count) slots after the parameters'", path: "/body/slots")
    }
    for (index, secret) in plan.secrets.enumerated() where plan.body.slots[first + index].name != secret.name {
      throw PlanError("expected the slot of the secret `\(secret.name)`", path: "/body/slots/\(first + index)")
    }
  }

  private mutating func check(_ scope: PlanScope, path: String, inputs: Inputs) throws(PlanError) {
    guard slotCounts.count < PlanScope.nestingLimit else {
      throw PlanError("the scopes nest more than \(PlanScope.nestingLimit) deep", path: path)
    }
    let number = scopes.count
    let firstNode = nodeCount
    nodeCount += scope.nodes.count
    guard nodeCount < Self.nodeLimit, scope.slots.count < Int(Int32.max) else {
      throw PlanError("the plan is too large", path: path)
    }
    scopes.append(nil)
    slotCounts.append(scope.slots.count)
    var bodies = [Int32](repeating: -1, count: scope.nodes.count)
    var handlers = bodies
    var paths = Set<String>(minimumCapacity: scope.nodes.count)
    for (index, node) in scope.nodes.enumerated() {
      guard paths.insert(node.path).inserted else {
        throw PlanError("two nodes have the path `\(node.path)`", path: "\(path)/nodes/\(index)/path")
      }
      do throws(PlanError) {
        try checkPlace(of: node, index, in: scope)
        let first = scopes.count
        handlers[index] = try check(node.kind, inputs: inputs).map(Int32.init) ?? -1
        if scopes.count > first, handlers[index] != Int32(first) { bodies[index] = Int32(first) }
      } catch {
        throw error.within("\(path)/nodes/\(index)")
      }
    }
    slotCounts.removeLast()
    let graph = DependencyGraph(scope.nodes)
    if let cycle = graph.cycle() { throw PlanError(cycle, in: scope, path: path) }
    scopes[number] = ValidatedPlan.Scope(scope, graph, bodies: bodies, handlers: handlers, firstNode: firstNode)
  }

  /// The node's dependencies and its guard.
  private func checkPlace(of node: PlanNode, _ index: Int, in scope: PlanScope) throws(PlanError) {
    var previous = -1
    for (position, dependency) in node.dependencies.enumerated() {
      guard dependency > previous, dependency < scope.nodes.count else {
        let message =
          scope.nodes.indices.contains(dependency)
          ? "the numbers of dependencies must ascend" : "there is no node \(dependency)"
        throw PlanError(message, path: "/after/\(position)")
      }
      previous = dependency
    }
    guard let guardedBy = node.guardedBy else { return }
    guard node.dependencies.contains(guardedBy.condition) else {
      throw PlanError("the condition \(guardedBy.condition) is not among the dependencies", path: "/if/0")
    }
    guard case .condition = scope.nodes[guardedBy.condition].kind else {
      throw PlanError("the node `\(scope.nodes[guardedBy.condition].path)` is no condition", path: "/if/0")
    }
  }

  /// The number of the handler of a `try`, or of the verification of a call.
  private mutating func check(_ kind: PlanNode.Kind, inputs: Inputs) throws(PlanError) -> Int? {
    switch kind {
    case .value(let slot, let expression):
      try checkTarget(slot, inputs, "/value/0")
      try check(expression, "/value/1")
    case .call(let call):
      do throws(PlanError) { return try check(call, inputs) } catch { throw error.within("/call") }
    case .condition(let expression): try check(expression, "/condition")
    case .assertion(let condition, let message):
      try check(condition, "/assertion/0")
      try check(message, "/assertion/1")
    case .failure(_, let message): try check(message, "/failure/1")
    case .loop(let loop):
      do throws(PlanError) { try check(loop, inputs) } catch { throw error.within("/loop") }
    case .iteration(let iteration):
      do throws(PlanError) { try check(iteration, inputs) } catch { throw error.within("/repeat") }
    case .attempt(let attempt):
      do throws(PlanError) { return try check(attempt, inputs) } catch { throw error.within("/try") }
    case .invocation(let invocation):
      do throws(PlanError) { try check(invocation, inputs) } catch { throw error.within("/workflow") }
    case .wait(let wait):
      do throws(PlanError) { try check(wait, inputs) } catch { throw error.within("/wait") }
    case .output(let expression): try check(expression, "/output")
    case .barrier: break
    }
    return nil
  }

  private mutating func check(_ call: PlanCall, _ inputs: Inputs) throws(PlanError) -> Int? {
    try checkOwn(call, inputs)
    if case .call(let compensation)? = call.compensation {
      do throws(PlanError) {
        if compensation.slot != nil { throw PlanError("nobody reads the result of a compensation", path: "/slot") }
        try check(followUp: compensation, in: compensation.compensationScope)
      } catch {
        throw error.within("/compensate")
      }
    }
    guard let verification = call.verification else { return nil }
    do throws(PlanError) {
      if verification.slot != nil { throw PlanError("only the step reads its result", path: "/slot") }
      if verification.effect > .read { throw PlanError("a verification only reads", path: "/effect") }
      let number = scopes.count
      try check(followUp: verification, in: verification.verificationScope)
      return number
    } catch {
      throw error.within("/on_interrupt/1")
    }
  }

  /// A call that a step makes besides its own: its policies see nothing of the scopes around.
  private mutating func check(followUp call: PlanCall, in scope: PlanScope) throws(PlanError) {
    if call.compensation != nil { throw PlanError("what a policy calls is not undone", path: "/compensate") }
    if call.limits != nil { throw PlanError("what a policy calls has no limits", path: "/limits") }
    if call.needs != nil { throw PlanError("what a policy calls has no needs", path: "/needs") }
    if call.onInterrupt != nil { throw PlanError("what a policy calls has no such policy", path: "/on_interrupt") }
    try checkArguments(of: call)
    let around = slotCounts
    slotCounts = []
    defer { slotCounts = around }
    try check(scope, path: "", inputs: Inputs(first: call.arguments.count, others: []))
  }

  private func checkArguments(of call: PlanCall) throws(PlanError) {
    for (index, argument) in call.arguments.enumerated() {
      do throws(PlanError) {
        try check(argument.value, "/1")
      } catch {
        throw error.within("/arguments/\(index)")
      }
    }
  }

  private func checkOwn(_ call: PlanCall, _ inputs: Inputs) throws(PlanError) {
    try checkArguments(of: call)
    if let slot = call.slot { try checkTarget(slot, inputs, "/slot") }
    try check(call.timeout, "/timeout")
    if let deadline = call.deadline { try check(deadline, "/deadline") }
    if let startBy = call.startBy { try check(startBy, "/start_by") }
    if let heartbeat = call.heartbeat { try check(heartbeat, "/heartbeat") }
    if let poll = call.poll {
      try check(poll.every, "/poll/every")
      try checkTarget(poll.slot, inputs, "/poll/slot")
      try check(poll.condition, "/poll/until")
      if let maximum = poll.maximum { try check(maximum, "/poll/max") }
    }
    if let cache = call.cache {
      if call.effect > .read { throw PlanError("only what reads is cached", path: "/cache") }
      try check(cache.lifetime, "/cache/ttl")
      if let key = cache.key { try check(key, "/cache/key") }
    }
    try check(call.fallback, inputs)
    if let limits = call.limits {
      for (path, name) in limits.names { try check(name, path) }
      try limits.validate()
    }
    for (path, value) in call.needs?.values ?? [] { try check(value, path) }
    if let retry = call.retry { try check(retry, inputs) }
  }

  private func check(_ fallback: PlanCall.Fallback?, _ inputs: Inputs) throws(PlanError) {
    guard let fallback else { return }
    try checkTarget(fallback.slot, inputs, "/fallback/0")
    try check(fallback.value, "/fallback/1")
  }

  private func check(_ retry: PlanCall.Retry, _ inputs: Inputs) throws(PlanError) {
    if let unless = retry.unless {
      try checkTarget(unless.slot, inputs, "/retry/unless/0")
      try check(unless.condition, "/retry/unless/1")
    }
    try check(retry.attempts, "/retry/attempts")
    if let jitter = retry.jitter { try check(jitter, "/retry/jitter") }
    if let budget = retry.budget { try check(budget, "/retry/budget") }
    switch retry.backoff {
    case nil: break
    case .fixed(let delay), .linear(let delay): try check(delay, "/retry/backoff/1")
    case .exponential(let delay, let max, let factor):
      try check(delay, "/retry/backoff/1")
      if let max { try check(max, "/retry/backoff/2") }
      if let factor { try check(factor, "/retry/backoff/3") }
    }
  }

  private mutating func check(_ loop: PlanLoop, _ inputs: Inputs) throws(PlanError) {
    try check(loop.sequence, "/in")
    if let parallel = loop.parallel { try check(parallel, "/parallel") }
    if let first = loop.first {
      try check(first, "/first")
      guard loop.onError == .skip else { throw PlanError("the rest is not stopped by a failure", path: "/on_error") }
    }
    if let slot = loop.collectSlot { try checkTarget(slot, inputs, "/collect") }
    let inner = 0..<loop.body.slots.count
    guard inner.contains(loop.elementSlot) else {
      throw PlanError("the body has no slot \(loop.elementSlot)", path: "/element")
    }
    if let slot = loop.indexSlot, !inner.contains(slot) || slot == loop.elementSlot {
      throw PlanError("the body has no slot \(slot) beside the element's", path: "/index")
    }
    for (index, export) in loop.exports.enumerated() {
      guard inner.contains(export.inner) else {
        throw PlanError("the body has no slot \(export.inner)", path: "/exports/\(index)/0")
      }
      try checkTarget(export.outer, inputs, "/exports/\(index)/1")
    }
    let filled = Inputs(first: 0, others: [loop.elementSlot] + (loop.indexSlot.map { [$0] } ?? []))
    try check(loop.body, path: "/body", inputs: filled)
  }

  private mutating func check(_ iteration: PlanIteration, _ inputs: Inputs) throws(PlanError) {
    try check(iteration.initial, "/initial")
    try check(iteration.maximum, "/max")
    if let slot = iteration.slot { try checkTarget(slot, inputs, "/slot") }
    let inner = iteration.body.slots.indices
    guard inner.contains(iteration.stateSlot) else {
      throw PlanError("the body has no slot \(iteration.stateSlot)", path: "/state")
    }
    for (index, export) in iteration.exports.enumerated() {
      guard inner.contains(export.inner) else {
        throw PlanError("the body has no slot \(export.inner)", path: "/exports/\(index)/0")
      }
      try checkTarget(export.outer, inputs, "/exports/\(index)/1")
    }
    try check(iteration.body, path: "/body", inputs: Inputs(first: 0, others: [iteration.stateSlot]))
    slotCounts.append(iteration.body.slots.count)
    defer { slotCounts.removeLast() }
    try check(iteration.next, "/next")
    if let condition = iteration.condition { try check(condition, "/while") }
  }

  private mutating func check(_ attempt: PlanAttempt, _ inputs: Inputs) throws(PlanError) -> Int {
    for (index, export) in attempt.exports.enumerated() {
      let isInside =
        (export.body.map(attempt.body.slots.indices.contains) ?? true)
        && (export.handler.map(attempt.handler.slots.indices.contains) ?? true)
      guard isInside else { throw PlanError("there is no such slot inside", path: "/exports/\(index)") }
      try checkTarget(export.outer, inputs, "/exports/\(index)/2")
    }
    guard attempt.handler.slots.indices.contains(attempt.errorSlot) else {
      throw PlanError("the handler has no slot \(attempt.errorSlot)", path: "/error")
    }
    try check(attempt.body, path: "/body", inputs: Inputs(first: 0, others: []))
    slotCounts.append(attempt.body.slots.count)
    defer { slotCounts.removeLast() }
    let handler = scopes.count
    try check(attempt.handler, path: "/handler", inputs: Inputs(first: 0, others: [attempt.errorSlot]))
    return handler
  }

  private func check(_ invocation: PlanInvocation, _ inputs: Inputs) throws(PlanError) {
    guard invocation.callee >= 0, invocation.callee < callable else {
      throw PlanError("there is no workflow \(invocation.callee) that may be called here", path: "/callee")
    }
    guard invocation.arguments.count == calleeParameters[invocation.callee] else {
      throw PlanError("expected an argument for each parameter", path: "/arguments")
    }
    for (index, argument) in invocation.arguments.enumerated() { try check(argument, "/arguments/\(index)") }
    if let slot = invocation.slot { try checkTarget(slot, inputs, "/slot") }
    if let retry = invocation.retry { try check(retry, inputs) }
    if let deadline = invocation.deadline { try check(deadline, "/deadline") }
    try check(invocation.fallback, inputs)
  }

  /// A slot that a node of the innermost scope fills.
  func checkTarget(_ slot: Int, _ inputs: Inputs, _ path: String) throws(PlanError) {
    guard let count = slotCounts.last, slot >= 0, slot < count else {
      throw PlanError("there is no slot \(slot)", path: path)
    }
    guard slot >= inputs.first, !inputs.others.contains(slot) else {
      throw PlanError("the slot \(slot) already has a value when the scope begins", path: path)
    }
  }

  func check(_ expression: Expression, _ path: String) throws(PlanError) {
    do throws(PlanError) {
      try ExpressionValidation(slotCounts: slotCounts).check(expression)
    } catch {
      throw error.within(path)
    }
  }
}

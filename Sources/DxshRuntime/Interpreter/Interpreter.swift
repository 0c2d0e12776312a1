package import DxshExpressions
package import DxshPlan
import DxshTime

/// Decides what a run does next: folds events into the state and says which commands became due.
///
/// Pure: no I/O, no clock, no randomness; the same events in the same order give the same commands. Incremental: an
/// event costs the edges that it settles, never a walk over the graph, and nothing recurses along it.
package struct Interpreter: ~Copyable {
  package static let defaultWidth = 16

  let plan: ValidatedPlan
  let runID: String
  private(set) var instances: [ScopeInstance?] = []
  private var freeNumbers: [Int] = []
  /// Nodes whose dependencies are all settled, to be looked at.
  private var ready: [(instance: ScopeInstance, node: Int)] = []
  private var output = Value.none
  private var isCancelled = false

  /// `input` has one value for each parameter of the plan, of its type.
  package init(_ plan: ValidatedPlan, input: [Value], runID: String) {
    self.plan = plan
    self.runID = runID
    let body = makeInstance(scope: 0, parent: nil)
    for (slot, value) in input.enumerated() { body.frame.values[slot] = value }
  }

  /// The commands that are due at the start.
  package mutating func start(_ commands: inout [Command]) {
    guard let body = instances[0] else { preconditionFailure("a run has a body") }
    begin(body)
    work(&commands)
  }

  /// Takes in what happened, and appends what is due because of it.
  package mutating func apply(_ event: RunEvent, _ commands: inout [Command]) {
    switch event {
    case .succeeded(let id, let value): succeed(id, value, &commands)
    case .attemptFailed(let id, let attempt, let failure): fail(id, attempt, failure, &commands)
    case .cancelled(let id): release(id, &commands)
    case .cancelRequested:
      isCancelled = true
      guard let body = instances[0] else { break }
      let failure = RunFailure(kind: "cancelled", message: "the run was cancelled", path: "", attempt: 0)
      stop(body, failure, &commands)
      finishIfDone(body, &commands)
    }
    work(&commands)
  }

  /// The step's stable path: its name, and the index of each loop around it, outermost first.
  package func path(of id: StepID) -> String {
    guard let instance = instances[Int(id.instance)] else { preconditionFailure("the step's instance has ended") }
    return path(of: Int(id.node), in: instance)
  }

  /// The node that a step calls.
  package func call(of id: StepID) -> PlanCall {
    guard let instance = instances[Int(id.instance)],
      case .call(let call) = plan.scopes[instance.scope].nodes[Int(id.node)].kind
    else { preconditionFailure("only calls are steps") }
    return call
  }

  func path(of node: Int, in instance: ScopeInstance) -> String {
    var indices = ""
    var current = instance
    while let loop = current.loop {
      indices = "[\(current.index)]" + indices
      current = loop.owner
    }
    return plan.scopes[instance.scope].nodes[node].path + indices
  }

  // MARK: - Instances

  private mutating func makeInstance(scope: Int, parent: Frame?) -> ScopeInstance {
    let number = freeNumbers.popLast() ?? instances.count
    if number == instances.count { instances.append(nil) }
    let instance = ScopeInstance(number: number, scope: scope, of: plan, parent: parent)
    instances[number] = instance
    return instance
  }

  private mutating func begin(_ instance: ScopeInstance) {
    for node in plan.scopes[instance.scope].roots { ready.append((instance, Int(node))) }
  }

  /// Looks at everything that is ready, and at what becomes ready thereby.
  private mutating func work(_ commands: inout [Command]) {
    while let (instance, node) = ready.popLast() {
      run(node, in: instance, &commands)
    }
  }

  /// Notes that a node is over, and readies what waited for it alone.
  private mutating func settle(
    _ node: Int, in instance: ScopeInstance, as state: ScopeInstance.NodeState, _ commands: inout [Command]
  ) {
    instance.states[node] = state
    instance.unsettled -= 1
    if instance.failure == nil {
      for successor in plan.scopes[instance.scope].successors(of: node).reversed() {
        let position = Int(successor)
        instance.waiting[position] -= 1
        if instance.waiting[position] == 0 { ready.append((instance, position)) }
      }
    }
    finishIfDone(instance, &commands)
  }

  private mutating func finishIfDone(_ instance: ScopeInstance, _ commands: inout [Command]) {
    guard instance.isFinished, !instance.isOver else { return }
    instance.isOver = true
    if let loop = instance.loop {
      finish(instance, of: loop, &commands)
    } else {
      commands.append(.end(outcome(of: instance)))
    }
  }

  private func outcome(of body: ScopeInstance) -> RunOutcome {
    if isCancelled { return .cancelled }
    return body.failure.map(RunOutcome.failed) ?? .succeeded(output)
  }

  // MARK: - Nodes

  private mutating func run(_ node: Int, in instance: ScopeInstance, _ commands: inout [Command]) {
    let template = plan.scopes[instance.scope].nodes[node]
    if let guardedBy = template.guardedBy,
      instance.states[guardedBy.condition] != (guardedBy.when ? .isTrue : .isFalse)
    {
      return settle(node, in: instance, as: .skipped, &commands)
    }
    do throws(EvaluationError) {
      switch template.kind {
      case .value(let slot, let expression):
        instance.frame.values[slot] = try Evaluator.evaluate(expression, in: instance.frame)
        settle(node, in: instance, as: .done, &commands)
      case .call(let call): try start(call, node, in: instance, attempt: 1, delay: .zero, &commands)
      case .condition(let expression):
        let holds = try Evaluator.evaluate(expression, in: instance.frame) == .bool(true)
        settle(node, in: instance, as: holds ? .isTrue : .isFalse, &commands)
      case .assertion(let condition, let message):
        if try Evaluator.evaluate(condition, in: instance.frame) == .bool(true) {
          settle(node, in: instance, as: .done, &commands)
        } else {
          try fail(node, in: instance, kind: "assertion", message, &commands)
        }
      case .failure(let kind, let message): try fail(node, in: instance, kind: kind, message, &commands)
      case .loop(let loop): try start(loop, node, in: instance, &commands)
      case .output(let expression):
        output = try Evaluator.evaluate(expression, in: instance.frame)
        settle(node, in: instance, as: .done, &commands)
      case .barrier: settle(node, in: instance, as: .done, &commands)
      }
    } catch {
      fail(node, in: instance, NodeFailure(error.kind.rawValue, error.message), attempt: 0, &commands)
    }
  }

  private mutating func fail(
    _ node: Int, in instance: ScopeInstance, kind: String, _ message: Expression, _ commands: inout [Command]
  ) throws(EvaluationError) {
    let text = try Evaluator.evaluate(message, in: instance.frame)
    fail(node, in: instance, NodeFailure(kind, TextForm.render(text).string), attempt: 0, &commands)
  }

  // MARK: - Calls

  private func start(
    _ call: PlanCall, _ node: Int, in instance: ScopeInstance, attempt: Int, delay: TimeSpan,
    _ commands: inout [Command]
  ) throws(EvaluationError) {
    var arguments: [Value] = []
    arguments.reserveCapacity(call.arguments.count)
    for argument in call.arguments {
      arguments.append(try Evaluator.evaluate(argument.value, in: instance.frame))
    }
    let timeout = try RetryDecision.duration(call.timeout, in: instance.frame)
    if instance.states[node] != .running {
      instance.states[node] = .running
      instance.active += 1
    }
    commands.append(
      .call(
        StepCall(
          id: StepID(instance: instance.number, node: node), scope: instance.scope, arguments: arguments,
          attempt: attempt, delay: delay, timeout: timeout)))
  }

  private mutating func succeed(_ id: StepID, _ value: Value, _ commands: inout [Command]) {
    guard let instance = instances[Int(id.instance)] else { return }
    instance.active -= 1
    if case .call(let call) = plan.scopes[instance.scope].nodes[Int(id.node)].kind, let slot = call.slot {
      instance.frame.values[slot] = value
    }
    settle(Int(id.node), in: instance, as: .done, &commands)
  }

  private mutating func fail(_ id: StepID, _ attempt: Int, _ failure: NodeFailure, _ commands: inout [Command]) {
    guard let instance = instances[Int(id.instance)] else { return }
    let node = Int(id.node)
    guard case .call(let call) = plan.scopes[instance.scope].nodes[node].kind else { return }
    do throws(EvaluationError) {
      if instance.failure == nil,
        let delay = try RetryDecision.delay(
          after: attempt, failure, call, in: instance.frame, seed: "\(runID)/\(path(of: node, in: instance))")
      {
        return try start(call, node, in: instance, attempt: attempt + 1, delay: delay, &commands)
      }
      instance.active -= 1
      fail(node, in: instance, failure, attempt: attempt, &commands)
    } catch {
      instance.active -= 1
      fail(node, in: instance, NodeFailure(error.kind.rawValue, error.message), attempt: attempt, &commands)
    }
  }

  private mutating func release(_ id: StepID, _ commands: inout [Command]) {
    guard let instance = instances[Int(id.instance)] else { return }
    instance.active -= 1
    finishIfDone(instance, &commands)
  }

  // MARK: - Failure

  private mutating func fail(
    _ node: Int, in instance: ScopeInstance, _ failure: NodeFailure, attempt: Int, _ commands: inout [Command]
  ) {
    instance.states[node] = .done
    if instance.failure == nil {
      stop(
        instance,
        RunFailure(kind: failure.kind, message: failure.message, path: path(of: node, in: instance), attempt: attempt),
        &commands)
    }
    finishIfDone(instance, &commands)
  }

  /// Nothing new starts in the instance and those inside it; what runs is cancelled and awaited (rule 36).
  private mutating func stop(_ instance: ScopeInstance, _ failure: RunFailure, _ commands: inout [Command]) {
    var pending = [instance]
    var stopped: [ScopeInstance] = []
    while let next = pending.popLast() {
      guard next.failure == nil, !next.isOver else { continue }
      next.failure = failure
      stopped.append(next)
      for (node, state) in next.states.enumerated() where state == .running && next.loops[node] == nil {
        commands.append(.cancel(StepID(instance: next.number, node: node)))
      }
      for loop in next.loops.values {
        loop.isStopped = true
        pending += loop.running
      }
    }
    ready.removeAll { $0.instance.failure != nil }
    for instance in stopped.reversed() { finishIfDone(instance, &commands) }
  }

  // MARK: - Loops

  private mutating func start(
    _ loop: PlanLoop, _ node: Int, in instance: ScopeInstance, _ commands: inout [Command]
  ) throws(EvaluationError) {
    var keys: [Value]?
    let elements: [Value]
    switch try Evaluator.evaluate(loop.sequence, in: instance.frame) {
    case .list(let list): elements = list
    case .map(let map):
      keys = map.entries.map(\.key)
      elements = map.entries.map(\.value)
    case let other: preconditionFailure("a loop over \(other.summary)")
    }
    var width = Self.defaultWidth
    if let parallel = loop.parallel, case .int(let count) = try Evaluator.evaluate(parallel, in: instance.frame) {
      guard count >= 1 else { throw EvaluationError(.limit, "`parallel` takes at least 1, not \(count)") }
      width = Int(clamping: count)
    }
    let body = Int(plan.scopes[instance.scope].bodies[node])
    let run = LoopRun(
      owner: instance, node: node, plan: loop, body: body, keys: keys, elements: elements, width: width)
    instance.states[node] = .running
    instance.loops[node] = run
    instance.active += 1
    if plan.scopes[body].nodes.isEmpty { run.next = elements.count }
    continueLoop(run, &commands)
  }

  /// Starts iterations while there is room; ends the loop when none is left.
  private mutating func continueLoop(_ loop: LoopRun, _ commands: inout [Command]) {
    while !loop.isStopped, loop.next < loop.elements.count, loop.running.count < loop.width {
      let index = loop.next
      loop.next += 1
      let instance = iteration(of: loop)
      instance.loop = loop
      instance.index = index
      instance.frame.values[loop.plan.elementSlot] = loop.elements[index]
      if let slot = loop.plan.indexSlot { instance.frame.values[slot] = loop.keys?[index] ?? .int(Int64(index)) }
      loop.running.append(instance)
      begin(instance)
    }
    guard loop.running.isEmpty, loop.isStopped || loop.next == loop.elements.count else { return }
    end(loop, &commands)
  }

  private mutating func iteration(of loop: LoopRun) -> ScopeInstance {
    guard let spare = loop.spare.popLast() else { return makeInstance(scope: loop.body, parent: loop.owner.frame) }
    spare.reset(plan.scopes[loop.body])
    return spare
  }

  private mutating func finish(_ instance: ScopeInstance, of loop: LoopRun, _ commands: inout [Command]) {
    loop.running.removeAll { $0 === instance }
    for (position, export) in loop.plan.exports.enumerated() {
      loop.results[position][instance.index] = instance.frame.values[export.inner]
    }
    let failure = instance.failure
    let index = instance.index
    loop.spare.append(instance)
    if let failure, !loop.isStopped {
      switch loop.plan.onError {
      case .skip: loop.failures.append((index, Self.collected(failure, index, loop.elements[index])))
      case .stop: stop(loop.owner, failure, &commands)
      }
    }
    continueLoop(loop, &commands)
  }

  private mutating func end(_ loop: LoopRun, _ commands: inout [Command]) {
    guard !loop.hasEnded else { return }
    loop.hasEnded = true
    let owner = loop.owner
    for (position, export) in loop.plan.exports.enumerated() {
      owner.frame.values[export.outer] = .list(loop.results[position])
      loop.results[position] = []
    }
    if let slot = loop.plan.collectSlot {
      owner.frame.values[slot] = .list(loop.failures.sorted { $0.index < $1.index }.map(\.value))
    }
    for spare in loop.spare {
      instances[spare.number] = nil
      freeNumbers.append(spare.number)
    }
    owner.loops[loop.node] = nil
    owner.active -= 1
    settle(loop.node, in: owner, as: .done, &commands)
  }

  private static let errorShape = RecordShape(["kind", "message"])
  private static let collectedShape = RecordShape(["index", "item", "error"])

  private static func collected(_ failure: RunFailure, _ index: Int, _ item: Value) -> Value {
    let error = RecordValue(errorShape, [.text(failure.kind), .text(failure.message)])
    return .record(RecordValue(collectedShape, [.int(Int64(index)), item, .record(error)]))
  }
}

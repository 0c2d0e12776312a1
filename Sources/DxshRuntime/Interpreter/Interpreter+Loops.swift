import DxshExpressions
import DxshPlan

/// Loops: one instance of the body for each element, as many side by side as the width allows.
extension Interpreter {
  mutating func start(
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
    var width = plan.plan.concurrency ?? Self.defaultWidth
    if let parallel = loop.parallel {
      width = try PolicyValue.count(try Evaluator.evaluate(parallel, in: instance.frame), "`parallel`")
    }
    let wanted = try loop.first.map { first throws(EvaluationError) in
      try PolicyValue.count(try Evaluator.evaluate(first, in: instance.frame), "`first`")
    }
    if let failure = Self.shortage(wanted, of: elements.count) {
      return fail(node, in: instance, failure, attempt: 0, &commands)
    }
    let body = Int(plan.scopes[instance.scope].bodies[node])
    let run = InnerRun(
      owner: instance, node: node, .loop(loop), body: body, keys: keys, elements: elements, width: width)
    run.wanted = wanted
    if wanted != nil { run.begunBefore = begunBefore(node, in: instance) }
    note(run)
    if plan.scopes[body].nodes.isEmpty { run.next = elements.count }
    continueLoop(run, &commands)
  }

  /// Starts iterations while there is room; ends the loop when none is left.
  mutating func continueLoop(_ loop: InnerRun, _ commands: inout [Command]) {
    guard case .loop(let template) = loop.work else { return }
    var fresh: [ScopeInstance] = []
    while !loop.isStopped, !loop.isSatisfied, loop.next < loop.elements.count,
      loop.running.count - loop.stuck < loop.width || loop.next < loop.begunBefore
    {
      let index = loop.next
      loop.next += 1
      let instance = iteration(of: loop)
      instance.container = loop
      instance.index = index
      instance.frame.values[template.elementSlot] = loop.elements[index]
      if let slot = template.indexSlot { instance.frame.values[slot] = loop.keys?[index] ?? .int(Int64(index)) }
      loop.running.append(instance)
      rememberBegun(loop)
      fresh.append(instance)
    }
    // What is begun last is looked at first.
    for instance in fresh.reversed() { begin(instance) }
    if loop.isSatisfied, !loop.hasEnough { return }
    guard loop.running.isEmpty, loop.isStopped || loop.next == loop.elements.count else { return }
    end(loop, &commands)
  }

  /// Notes that a node with scopes inside is under way.
  func note(_ run: InnerRun) {
    run.owner.states[run.node] = .running
    run.owner.inner[run.node] = run
    run.owner.active += 1
  }

  mutating func iteration(of loop: InnerRun) -> ScopeInstance {
    guard let spare = loop.spare.popLast() else {
      return makeInstance(
        scope: loop.body, in: loop.owner.workflow, parent: loop.owner.frame, basis: loop.nextBasis)
    }
    spare.reset(plan.scopes[loop.body], basis: loop.nextBasis)
    return spare
  }

  /// Takes in an instance that has ended, and goes on with what it was an instance of.
  mutating func finish(_ instance: ScopeInstance, of inner: InnerRun, _ commands: inout [Command]) {
    inner.running.removeAll { $0 === instance }
    inner.basis = max(inner.basis, instance.lastBasis)
    switch inner.work {
    case .loop(let template): finish(instance, of: inner, template, &commands)
    case .iteration(let template, let maximum): finish(instance, of: inner, template, maximum, &commands)
    case .attempt(let template): finish(instance, of: inner, template, &commands)
    case .compensation:
      free(instance)
      inner.owner.active -= 1
      inner.owner.lastBasis = max(inner.owner.lastBasis, inner.basis)
      finishIfDone(inner.owner, &commands)
    case .verification(let verification): finish(instance, of: inner, verification, &commands)
    case .invocation: preconditionFailure("a workflow ends by itself")
    }
  }

  private mutating func finish(
    _ instance: ScopeInstance, of loop: InnerRun, _ template: PlanLoop, _ commands: inout [Command]
  ) {
    for (position, export) in template.exports.enumerated() {
      // Of one that has failed there is none, however much of it was done by then.
      loop.results[position][instance.index] = instance.failure == nil ? instance.frame.values[export.inner] : .none
    }
    let failure = instance.failure
    let index = instance.index
    if failure == nil, loop.wanted != nil {
      noteCompleted(instance, of: loop)
    } else {
      loop.spare.append(instance)
    }
    if let failure, !loop.isStopped, !failure.isCutOff {
      switch template.onError {
      case .skip:
        loop.failures.append((index, Self.collected(failure, index, loop.elements[index])))
        checkPossible(loop, after: failure, &commands)
      case .stop: stop(loop.owner, failure, &commands)
      }
    }
    continueLoop(loop, &commands)
  }

  private mutating func end(_ loop: InnerRun, _ commands: inout [Command]) {
    guard !loop.hasEnded, case .loop(let template) = loop.work else { return }
    handOverCompleted(of: loop)
    give(loop, template.exports)
    if let slot = template.collectSlot {
      loop.owner.frame.values[slot] = .list(loop.failures.sorted { $0.index < $1.index }.map(\.value))
    }
    settle(loop, &commands)
  }

  /// Gives the owner the lists of what the instances bound.
  func give(_ loop: InnerRun, _ exports: [PlanLoop.Export]) {
    for (position, export) in exports.enumerated() {
      loop.owner.frame.values[export.outer] = .list(loop.results[position])
      loop.results[position] = []
    }
  }

  /// Ends a node with scopes inside.
  mutating func settle(_ loop: InnerRun, _ commands: inout [Command]) {
    loop.hasEnded = true
    let owner = loop.owner
    for spare in loop.spare { free(spare) }
    loop.letGo()
    owner.inner[loop.node] = nil
    owner.active -= 1
    owner.basis[loop.node] = loop.basis
    settle(loop.node, in: owner, as: .done, &commands)
  }

  /// Lets the number of an instance that has ended be used again.
  mutating func free(_ instance: ScopeInstance) {
    instances[instance.number] = nil
    freeNumbers.append(instance.number)
  }

  private static let errorShape = RecordShape(["kind", "message"])
  private static let collectedShape = RecordShape(["index", "item", "error"])

  private static func collected(_ failure: RunFailure, _ index: Int, _ item: Value) -> Value {
    .record(RecordValue(collectedShape, [.int(Int64(index)), item, error(failure)]))
  }

  /// What a handler sees of a failure.
  static func error(_ failure: RunFailure) -> Value { error(failure.kind, failure.message) }

  static func error(_ kind: String, _ message: String) -> Value {
    .record(RecordValue(errorShape, [.text(kind), .text(message)]))
  }
}

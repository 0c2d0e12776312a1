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
  mutating func continueLoop(_ loop: LoopRun, _ commands: inout [Command]) {
    while !loop.isStopped, loop.next < loop.elements.count, loop.running.count - loop.stuck < loop.width {
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
    guard let spare = loop.spare.popLast() else {
      return makeInstance(scope: loop.body, parent: loop.owner.frame, basis: loop.nextBasis)
    }
    spare.reset(plan.scopes[loop.body], basis: loop.nextBasis)
    return spare
  }

  mutating func finish(_ instance: ScopeInstance, of loop: LoopRun, _ commands: inout [Command]) {
    loop.running.removeAll { $0 === instance }
    for (position, export) in loop.plan.exports.enumerated() {
      loop.results[position][instance.index] = instance.frame.values[export.inner]
    }
    let failure = instance.failure
    let index = instance.index
    loop.basis = max(loop.basis, instance.lastBasis)
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
    owner.basis[loop.node] = loop.basis
    settle(loop.node, in: owner, as: .done, &commands)
  }

  private static let errorShape = RecordShape(["kind", "message"])
  private static let collectedShape = RecordShape(["index", "item", "error"])

  private static func collected(_ failure: RunFailure, _ index: Int, _ item: Value) -> Value {
    let error = RecordValue(errorShape, [.text(failure.kind), .text(failure.message)])
    return .record(RecordValue(collectedShape, [.int(Int64(index)), item, .record(error)]))
  }
}

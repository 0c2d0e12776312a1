import DxshExpressions
import DxshPlan
import DxshTime

/// Steps of which nobody knows whether they took place: they wait for a person, and take no place from what can go on.
extension Interpreter {
  /// A scope that ends anyway does not wait for the step, unless it would have to be undone; any other does.
  mutating func suspend(_ id: StepID, _ attempt: Int, _ message: String, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    if decide(Int(id.node), in: instance, Interruption(attempt: attempt, message: message), &commands) { return }
    if instance.failure != nil, !canBeUndone(Int(id.node), in: instance) {
      commands.append(.withdraw(id))
      remember(.indeterminate, of: Int(id.node), in: instance)
      instance.states[Int(id.node)] = .done
      instance.active -= 1
      return finishIfDone(instance, &commands)
    }
    instance.states[Int(id.node)] = .indeterminate
    noteSuspended(in: instance)
  }

  /// Whether a step waits for a person.
  func isHeld(_ id: StepID) -> Bool {
    // The instance may be another's by now, of fewer nodes.
    guard let instance = instances[Int(id.instance)], instance.states.indices.contains(Int(id.node)) else {
      return false
    }
    return instance.states[Int(id.node)] == .indeterminate
  }

  mutating func retry(_ id: StepID, _ attempt: Int, _ commands: inout [Command]) {
    guard let instance = awaiting(id) else { return }
    let node = Int(id.node)
    guard case .call(let call) = plan.scopes[instance.scope].nodes[node].kind else { return }
    noteDecision(about: node, in: instance, &commands)
    takeUp(node, in: instance, &commands)
    // Its scope has failed since: nothing starts there, so it is as if it had not taken place.
    if instance.failure != nil { return release(id, &commands) }
    if instance.lacksArguments { return hold(instance, attempt: attempt, &commands) }
    do throws(EvaluationError) {
      try start(call, node, in: instance, attempt: attempt, delay: .zero, &commands)
    } catch {
      instance.active -= 1
      fail(node, in: instance, nodeFailure(error), attempt: attempt, &commands)
    }
  }

  /// An indeterminate step has been settled, or is not waited for any more.
  mutating func takeUp(_ node: Int, in instance: ScopeInstance, _ commands: inout [Command]) {
    if instance.states[node] == .settling {
      instance.states[node] = .running
      return abandonVerification(of: node, in: instance, &commands)
    }
    guard instance.states[node] == .indeterminate else { return }
    instance.states[node] = .running
    noteTakenUp(in: instance)
  }

  mutating func noteSuspended(in instance: ScopeInstance) {
    if instance.suspended == 0 { suspended.append(instance) }
    instance.suspended += 1
  }

  private mutating func noteTakenUp(in instance: ScopeInstance) {
    var next: ScopeInstance? = instance
    while let current = next {
      next = nil
      current.suspended -= 1
      if current.suspended == 0 { suspended.removeAll { $0 === current } }
      guard current.isStuck, let loop = current.container else { continue }
      current.isStuck = false
      loop.stuck -= 1
      if loop.isStuck {
        loop.isStuck = false
        next = loop.owner
      }
    }
  }

  /// An iteration in which nothing can go on without a person gives its place in the loop to the next one, unless the
  /// iterations are strictly in order (rule 34).
  mutating func makeRoom(_ commands: inout [Command]) {
    var position = 0
    while position < suspended.count {
      let instance = suspended[position]
      position += 1
      guard let loop = instance.container, loop.width > 1, !instance.isStuck, instance.active == instance.suspended
      else {
        continue
      }
      instance.isStuck = true
      loop.stuck += 1
      continueLoop(loop, &commands)
      work(&commands)
      if loop.running.count == loop.stuck, !loop.isStuck, !loop.isStopped {
        loop.isStuck = true
        noteSuspended(in: loop.owner)
      }
      // What has changed may have changed others before it.
      position = 0
    }
  }
}

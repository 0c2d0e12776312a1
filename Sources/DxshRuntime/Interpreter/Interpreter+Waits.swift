import DxshExpressions
import DxshPlan
import DxshTime

/// Waits: for a time, which the engine says, or for a signal.
///
/// Signals are kept from the run's start, whether or not somebody waits for them; each is taken once, in the order in
/// which they came, by the wait that began first (rule 12).
extension Interpreter {
  struct OpenWait {
    let plan: PlanWait
    /// Of each alternative; nil for times.
    let signals: [SignalName?]
  }

  /// A signal that nobody has waited for yet.
  struct KeptSignal {
    let value: Value
    /// Of its event in the journal.
    let position: Int
  }

  mutating func start(
    _ wait: PlanWait, _ node: Int, in instance: ScopeInstance, _ commands: inout [Command]
  ) throws(EvaluationError) {
    var signals: [SignalName?] = []
    var times: [StepWait.Time] = []
    for (number, alternative) in wait.alternatives.enumerated() {
      switch alternative.source {
      case .delay(let span):
        let at = due(after: try duration(span, node, number, in: instance))
        times.append(.init(at: at, chosen: number, isTimeOfDay: false))
        signals.append(nil)
      case .until(let expression):
        guard case .timestamp(let time) = try value(of: expression, node, number, in: instance) else {
          preconditionFailure("the checker lets only timestamps through")
        }
        times.append(.init(at: time, chosen: number, isTimeOfDay: true))
        signals.append(nil)
      case .signal(let name, let key, _): signals.append(try signal(name, key: key, in: instance))
      }
    }
    if let timeout = wait.timeout {
      let span = try duration(timeout, node, wait.alternatives.count, in: instance)
      times.append(.init(at: due(after: span), chosen: nil, isTimeOfDay: false))
    }
    instance.states[node] = .running
    instance.active += 1
    if case .waited(let chosen, let given)? = remembered(node, in: instance)?.what {
      return end(wait, node, in: instance, chosen: chosen, given, at: position, &commands)
    }
    let id = StepID(instance: instance.number, node: node)
    waits[id] = OpenWait(plan: wait, signals: signals)
    if let chosen = firstKept(of: signals), let name = signals[chosen], let kept = take(name) {
      return end(id, in: instance, chosen: chosen, kept.value, at: kept.position, &commands)
    }
    for name in Set(signals.compactMap(\.self)) { waiters[name, default: []].append(id) }
    commands.append(
      .wait(
        StepWait(
          id: id, path: path(of: node, in: instance), times: times, signals: signals.compactMap(\.self))))
  }

  /// The alternative whose signal came first, of those that are there.
  private func firstKept(of signals: [SignalName?]) -> Int? {
    signals.indices
      .compactMap { number in signals[number].flatMap { kept[$0]?.first }.map { (number, $0.position) } }
      .min { $0.1 < $1.1 }?.0
  }

  private mutating func take(_ name: SignalName) -> KeptSignal? {
    guard var queue = kept[name], !queue.isEmpty else { return nil }
    let first = queue.removeFirst()
    kept[name] = queue.isEmpty ? nil : queue
    return first
  }

  private func due(after span: TimeSpan) -> Timestamp { now.adding(span) ?? .latest }

  private mutating func duration(
    _ expression: Expression, _ node: Int, _ part: Int, in instance: ScopeInstance
  ) throws(EvaluationError) -> TimeSpan {
    guard case .duration(let span) = try value(of: expression, node, part, in: instance) else {
      preconditionFailure("the checker lets only durations through")
    }
    return span.isNegative ? .zero : span
  }

  private func signal(
    _ name: Expression, key: Expression?, in instance: ScopeInstance
  ) throws(EvaluationError) -> SignalName {
    let name = try Evaluator.evaluate(name, in: instance.frame)
    let key = try key.map { key throws(EvaluationError) in try Evaluator.evaluate(key, in: instance.frame) }
    return SignalName(
      TextForm.render(name).string, key: key.flatMap { $0.isNone ? nil : TextForm.render($0).string })
  }

  // MARK: - Ends

  mutating func takeIn(_ name: SignalName, _ value: Value, _ commands: inout [Command]) {
    guard let id = waiters[name]?.first, let wait = waits[id], let instance = instances[Int(id.instance)],
      let chosen = wait.signals.firstIndex(of: name)
    else {
      return kept[name, default: []].append(KeptSignal(value: value, position: position))
    }
    end(id, in: instance, chosen: chosen, value, at: position, &commands)
  }

  /// A time has come: of an alternative, or of the whole wait.
  mutating func ring(_ id: StepID, chosen: Int?, _ commands: inout [Command]) {
    if let run = resting.removeValue(forKey: id) {
      commands.append(.withdraw(id))
      return resume(run)
    }
    if let limit = id.limit { return pass(limit, id, &commands) }
    guard waits[id] != nil, let instance = instances[Int(id.instance)] else { return }
    end(id, in: instance, chosen: chosen, .timestamp(now), at: position, &commands)
  }

  private mutating func end(
    _ id: StepID, in instance: ScopeInstance, chosen: Int?, _ given: Value, at position: Int,
    _ commands: inout [Command]
  ) {
    guard let wait = forget(id) else { return }
    commands.append(.withdraw(id))
    remember(.waited(chosen: chosen, given), of: Int(id.node), in: instance)
    end(wait.plan, Int(id.node), in: instance, chosen: chosen, given, at: position, &commands)
  }

  private mutating func end(
    _ wait: PlanWait, _ node: Int, in instance: ScopeInstance, chosen: Int?, _ given: Value, at position: Int,
    _ commands: inout [Command]
  ) {
    instance.active -= 1
    instance.basis[node] = max(instance.basis[node], position)
    instance.completedAt = max(instance.completedAt, position)
    var value = given
    if let chosen, case .signal(_, _, let type) = wait.alternatives[chosen].source {
      do {
        value = try TypeDecoder(type).decode(given)
      } catch {
        return fail(node, in: instance, NodeFailure("decode", error.message), attempt: 1, &commands)
      }
    }
    if let slot = wait.slot { instance.frame.values[slot] = wait.value(chosen: chosen, value) }
    settle(node, in: instance, as: .done, &commands)
  }

  /// Nobody waits for it any more: its scope ends.
  mutating func withdraw(_ id: StepID, _ commands: inout [Command]) -> Bool {
    guard forget(id) != nil else { return false }
    commands.append(.withdraw(id))
    return true
  }

  private mutating func forget(_ id: StepID) -> OpenWait? {
    guard let wait = waits.removeValue(forKey: id) else { return nil }
    for name in Set(wait.signals.compactMap(\.self)) {
      waiters[name]?.removeAll { $0 == id }
      if waiters[name]?.isEmpty == true { waiters[name] = nil }
    }
    return wait
  }
}

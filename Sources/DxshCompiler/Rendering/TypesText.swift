import DxshExpressions
import DxshPlan

/// What the checker inferred of a workflow, as text for a terminal: its signature, and the type of each name.
///
///     workflow report(day: string, limit: int = …) -> { rows: int }
///       effect once: store
///       throws timeout, unavailable
///       secrets token
///       takes at most 2m30s, with 16 steps at once
///
///       step fetched: list<{ id: int }>  http.get, read
///       for row: { id: int }
///         let double_id: int
///       outside double_id: list<int>
///
/// Each workflow can besides end with `ErrorKinds.everywhere`, which are not repeated.
struct TypesText {
  private var lines: [String] = []

  /// - finder: knows the workflows that it calls
  static func render(_ workflow: CheckedWorkflow, _ finder: inout WorstCaseFinder) -> String {
    var text = TypesText()
    text.addSignature(of: workflow)
    text.addBounds(of: workflow, &finder)
    text.lines.append("")
    text.add(workflow.body, indent: "  ")
    if let finally = workflow.finally {
      text.lines.append("  finally")
      text.add(finally, indent: "    ")
    }
    return text.lines.map(TerminalText.plain).joined(separator: "\n") + "\n"
  }

  // MARK: - Signature

  private mutating func addSignature(of workflow: CheckedWorkflow) {
    let parameters = workflow.parameters.map { ($0.name, $0.type, hasDefault: $0.defaultValue != nil) }
    lines.append(TerminalText.signature(of: workflow.name, parameters, workflow.result))
    let causes = workflow.effect > .read ? workflow.steps(of: workflow.effect) : []
    lines.append("  effect \(workflow.effect.rawValue)" + (causes.isEmpty ? "" : ": " + Self.short(causes)))
    let errors = workflow.errors.names.filter { !ErrorKinds.everywhere.contains($0) }
    if !errors.isEmpty { lines.append("  throws " + errors.joined(separator: ", ")) }
    if !workflow.secrets.isEmpty { lines.append("  secrets " + workflow.secrets.map(\.label).joined(separator: ", ")) }
  }

  private mutating func addBounds(of workflow: CheckedWorkflow, _ finder: inout WorstCaseFinder) {
    lines.append("  takes \(Self.longest(of: workflow, &finder))")
  }

  /// How long a run takes at most: `at most 3m, with 16 steps at once`.
  static func longest(of workflow: CheckedWorkflow, _ finder: inout WorstCaseFinder) -> String {
    do throws(OpenEnd) {
      let worst = try finder.worstCase(of: workflow)
      return "at most \(worst.duration(on: workflow.places)), with \(workflow.places) steps at once"
    } catch {
      return "no known time at most: it depends on \(error.cause)"
    }
  }

  /// The first few of many.
  private static func short(_ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ")
    return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
  }

  // MARK: - Items

  private mutating func add(_ scope: CheckedScope, indent: String) {
    for leaf in scope.leaves { add(leaf, in: scope, indent: indent) }
  }

  private mutating func add(_ leaf: CheckedLeaf, in scope: CheckedScope, indent: String) {
    func name(_ slot: Int) -> String { "\(scope.slots[slot].name): \(scope.slots[slot].type)" }
    func outside(_ slots: [Int]) {
      if !slots.isEmpty { lines.append("\(indent)outside " + slots.map(name).joined(separator: ", ")) }
    }
    switch leaf.kind {
    case .value(let slot, _):
      if case .connection(let kind) = scope.slots[slot].type {
        lines.append("\(indent)connection \(scope.slots[slot].name): \(kind)")
      } else if !Self.isHidden(scope.slots[slot].name) {
        lines.append("\(indent)let \(name(slot))")
      }
    case .call(let call):
      let effect = (call.policies.assumedEffect == nil ? "" : "assumed to be ") + call.effect.rawValue
      lines.append("\(indent)step \(leaf.path): \(call.result)  \(call.signature.path), \(effect)")
    case .invocation(let call):
      lines.append("\(indent)step \(leaf.path): \(call.result)  workflow \(call.workflow), \(call.effect.rawValue)")
    case .wait(let wait):
      if let slot = wait.plan.slot { lines.append("\(indent)wait \(name(slot))") }
    case .loop(let loop):
      let variables = [loop.indexSlot, loop.elementSlot].compactMap { $0 }.map { slot in
        "\(loop.body.slots[slot].name): \(loop.body.slots[slot].type)"
      }
      lines.append("\(indent)for \(variables.joined(separator: ", "))")
      add(loop.body, indent: indent + "  ")
      outside(loop.exports.map(\.outer) + (loop.collectSlot.map { [$0] } ?? []))
    case .iteration(let iteration):
      let state = iteration.body.slots[iteration.stateSlot]
      lines.append("\(indent)repeat \(state.name): \(state.type)")
      add(iteration.body, indent: indent + "  ")
      outside(iteration.exports.map(\.outer))
    case .attempt(let attempt):
      lines.append("\(indent)try")
      add(attempt.body, indent: indent + "  ")
      let error = attempt.handler.slots[attempt.errorSlot]
      lines.append("\(indent)catch \(error.name)  \(Self.kinds(of: error.type))")
      add(attempt.handler, indent: indent + "  ")
    case .approval, .output, .condition, .assertion, .failure, .barrier, .invalid: break
    }
  }

  /// The kinds of failure in the record that a handler sees.
  private static func kinds(of type: Type) -> String {
    guard case .record(let record) = type, case .enumeration(let declared)? = record["kind"] else { return "" }
    return declared.members.map(\.name).joined(separator: " | ")
  }

  /// Whether no author can write the name.
  private static func isHidden(_ name: String) -> Bool { name.contains("(") }
}

extension CheckedWorkflow {
  /// The paths of the steps that have an effect, those in loops and handlers among them.
  fileprivate func steps(of effect: Effect) -> [String] {
    body.steps(of: effect) + (finally?.steps(of: effect) ?? [])
  }
}

extension CheckedScope {
  fileprivate func steps(of effect: Effect) -> [String] {
    leaves.flatMap { leaf -> [String] in
      switch leaf.kind {
      case .call(let call): call.effect == effect ? [leaf.path] : []
      case .invocation(let call): call.effect == effect ? [leaf.path] : []
      case .loop(let loop): loop.body.steps(of: effect)
      case .iteration(let iteration): iteration.body.steps(of: effect)
      case .attempt(let attempt): attempt.body.steps(of: effect) + attempt.handler.steps(of: effect)
      case .value, .condition, .assertion, .failure, .approval, .wait, .output, .barrier, .invalid: []
      }
    }
  }
}

import DxshExpressions
import DxshPlan
import DxshSyntax

/// Follows untrusted text through checked workflows, to the parameters that are sinks.
///
/// A workflow is followed once, whoever calls it: what depends on its parameters is kept for its callers.
struct UntrustedFlow {
  /// Untrusted text that reaches a sink.
  struct Finding: Hashable {
    var source: Untrusted.Source
    /// Of the step, or of what undoes it.
    var call: SourceRange
    /// The number of the step's parameter.
    var parameter: Int
    var sink: ParameterSignature.Sink
    /// The node with the sink, also where a called workflow has it.
    var node: String
  }

  /// What a workflow does with what its parameters are given.
  private struct Summary {
    var result = Untrusted.none
    /// The sinks that parameters reach, by the numbers of the parameters.
    var sinks: [Int: (sink: ParameterSignature.Sink, node: String)] = [:]
  }

  private(set) var findings: [String: [Finding]] = [:]
  /// By their `id`.
  private let workflows: [String: CheckedWorkflow]
  /// What triggers give parameters, by the workflows' `id`s and the parameters' names.
  private let delivered: [String: [String: Untrusted.Source]]
  private var summaries: [String: Summary] = [:]
  private var current = Summary()
  private var found: [Finding] = []
  private var seen: Set<Finding> = []
  private var frames: [[Untrusted]] = []
  private var types: [[Type]] = []
  /// The numbers of the leaves that are followed, the innermost last; a handler's are behind `handler`.
  private var place: [Int] = []
  /// What the states of `repeat`s were found to be, by their places: rounds only add to them, so that a body is
  /// followed again no more often than something is added, however deep `repeat`s nest.
  private var states: [[Int]: Untrusted] = [:]
  private static let handler = -1

  init(_ workflows: [CheckedWorkflow], delivered: [String: [String: Untrusted.Source]]) {
    self.delivered = delivered
    self.workflows = Dictionary(workflows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func follow(_ workflow: CheckedWorkflow) {
    if summaries[workflow.id] != nil { return }
    let outer = (current, found, seen, frames, types, place, states)
    (current, found, seen, frames, types, place, states) = (Summary(), [], [], [], [], [], [:])
    var first = [Untrusted](repeating: .none, count: workflow.body.slots.count)
    for (number, parameter) in workflow.parameters.enumerated() {
      let source = delivered[workflow.id]?[parameter.name]
      first[number] = Untrusted(source: source, parameters: [number]).asText(parameter.type)
    }
    follow(workflow.body, first)
    if let finally = workflow.finally {
      place = [Self.handler]
      follow(finally, [Untrusted](repeating: .none, count: finally.slots.count))
    }
    summaries[workflow.id] = current
    findings[workflow.id] = found
    (current, found, seen, frames, types, place, states) = outer
  }

  // MARK: - Scopes

  /// Leaves the scope's slots on the stack of frames.
  private mutating func follow(_ scope: CheckedScope, _ slots: [Untrusted]) {
    frames.append(slots)
    types.append(scope.slots.map(\.type))
    for number in DependencyGraph(dependencies: scope.leaves.map(\.dependencies)).order.map(Int.init) {
      place.append(number)
      follow(scope.leaves[number])
      place.removeLast()
    }
  }

  /// Follows a scope inside the last one; returns what its slots are.
  private mutating func inside(_ scope: CheckedScope, _ known: [Int: Untrusted] = [:]) -> [Untrusted] {
    var slots = [Untrusted](repeating: .none, count: scope.slots.count)
    for (slot, value) in known { slots[slot] = value.asText(scope.slots[slot].type) }
    follow(scope, slots)
    types.removeLast()
    return frames.removeLast()
  }

  private func untrusted(in expression: Expression) -> Untrusted {
    UntrustedExpressions(frames: frames, types: types).untrusted(in: expression)
  }

  private mutating func give(_ value: Untrusted, to slot: Int?) {
    guard let slot, !value.isNone else { return }
    let top = frames.count - 1
    frames[top][slot].join(value.asText(types[top][slot]))
  }

  private mutating func follow(_ leaf: CheckedLeaf) {
    switch leaf.kind {
    case .value(let slot, let expression): give(untrusted(in: expression), to: slot)
    case .call(let call): follow(call, path: leaf.path)
    case .invocation(let invocation): follow(invocation, path: leaf.path)
    case .wait(let wait):
      guard wait.plan.alternatives.contains(where: \.source.isSignal) else { break }
      let source = Untrusted.Source(title: "what the signals of `\(leaf.path)` bring", range: wait.range)
      give(Untrusted(source: source), to: wait.plan.slot)
    case .loop(let loop):
      let elements = untrusted(in: loop.sequence)
      var known = [loop.elementSlot: elements]
      if let index = loop.indexSlot { known[index] = elements }
      let slots = inside(loop.body, known)
      for export in loop.exports { give(slots[export.inner], to: export.outer) }
      give(elements, to: loop.collectSlot)
    case .iteration(let iteration): follow(iteration)
    case .attempt(let attempt):
      follow(attempt.body, [Untrusted](repeating: .none, count: attempt.body.slots.count))
      place.append(Self.handler)
      let handler = inside(attempt.handler)
      place.removeLast()
      types.removeLast()
      let body = frames.removeLast()
      for export in attempt.exports {
        if let slot = export.body { give(body[slot], to: export.outer) }
        if let slot = export.handler { give(handler[slot], to: export.outer) }
      }
    case .output(let expression): current.result.join(untrusted(in: expression))
    case .condition, .assertion, .failure, .approval, .barrier, .invalid: break
    }
  }

  /// The state of a round is what the one before made of it.
  private mutating func follow(_ iteration: CheckedIteration) {
    var state = untrusted(in: iteration.initial)
    if let known = states[place] { state.join(known) }
    while true {
      var slots = [Untrusted](repeating: .none, count: iteration.body.slots.count)
      slots[iteration.stateSlot] = state.asText(iteration.body.slots[iteration.stateSlot].type)
      follow(iteration.body, slots)
      var next = state
      next.join(untrusted(in: iteration.next))
      types.removeLast()
      let after = frames.removeLast()
      for export in iteration.exports { give(after[export.inner], to: export.outer) }
      if next == state { break }
      state = next
    }
    states[place] = state
    give(state, to: iteration.slot)
  }

  // MARK: - Steps

  private mutating func follow(_ call: CheckedCall, path: String) {
    let passedOn = follow(call.arguments, of: call.signature, at: call.range)
    if call.signature.bringsUntrusted {
      let source = Untrusted.Source(title: "what `\(path)` brings", range: call.range)
      give(Untrusted(source: source), to: call.slot)
    } else if call.signature.passesOn {
      give(passedOn, to: call.slot)
    }
    if let verification = call.policies.verification {
      _ = follow(verification.arguments, of: verification.signature, at: verification.range)
      if verification.signature.bringsUntrusted, !call.signature.bringsUntrusted {
        let source = Untrusted.Source(title: "what `\(path)` brings", range: verification.range)
        give(Untrusted(source: source), to: call.slot)
      }
    }
    if let compensation = call.policies.compensation {
      _ = follow(compensation.arguments, of: compensation.signature, at: compensation.range)
    }
  }

  /// Reports what reaches the sinks of a node; returns all that its arguments carry.
  private mutating func follow(
    _ arguments: [Expression], of signature: NodeSignature, at range: SourceRange
  ) -> Untrusted {
    var all = Untrusted.none
    for (number, (parameter, argument)) in zip(signature.parameters, arguments).enumerated() {
      let value = untrusted(in: argument)
      if value.isNone { continue }
      all.join(value)
      guard let sink = parameter.sink, !signature.isGuarded(sink, arguments) else { continue }
      let code = sink.kind == .shell ? untrusted(inCommand: argument) : value
      reach(sink, of: signature.path, with: code, at: range, parameter: number)
    }
    return all
  }

  /// The elements of a command that is written out are arguments of the first, and no code; but behind `-c` and `-e`.
  private func untrusted(inCommand argument: Expression) -> Untrusted {
    guard case .list(let elements) = argument, let program = elements.first else { return untrusted(in: argument) }
    var code = untrusted(in: program)
    for (flag, element) in zip(elements, elements.dropFirst()) where flag.isCodeFlag {
      code.join(untrusted(in: element))
    }
    return code
  }

  private mutating func follow(_ invocation: CheckedInvocation, path: String) {
    guard let workflow = workflows[invocation.workflow] else { return }
    follow(workflow)
    guard let summary = summaries[workflow.id] else { return }
    var result = Untrusted.none
    if let source = summary.result.source {
      result.source = .init(title: source.title + " in `\(workflow.name)`", range: invocation.range)
    }
    for (number, argument) in invocation.arguments.enumerated() {
      let value = untrusted(in: argument)
      if value.isNone { continue }
      if summary.result.parameters.contains(number) { result.join(value) }
      guard let (sink, node) = summary.sinks[number] else { continue }
      reach(sink, of: node, with: value, at: invocation.range, parameter: number)
    }
    give(result.asText(invocation.result), to: invocation.slot)
  }

  private mutating func reach(
    _ sink: ParameterSignature.Sink, of node: String, with value: Untrusted, at step: SourceRange, parameter: Int
  ) {
    for number in value.parameters where current.sinks[number] == nil { current.sinks[number] = (sink, node) }
    guard let source = value.source else { return }
    let finding = Finding(source: source, call: step, parameter: parameter, sink: sink, node: node)
    if seen.insert(finding).inserted { found.append(finding) }
  }
}

extension NodeSignature {
  /// Whether the argument is given that makes a sink safe (rule 48).
  fileprivate func isGuarded(_ sink: ParameterSignature.Sink, _ arguments: [Expression]) -> Bool {
    guard let name = sink.guardedBy, let number = parameters.firstIndex(where: { $0.name == name }) else {
      return false
    }
    if case .list(let values)? = arguments[number].constantValue { return !values.isEmpty }
    return true
  }
}

extension NodeSignature {
  /// Whether it gives back what others wrote: what it asks a server or a model for.
  var bringsUntrusted: Bool { parameters.contains { $0.sink?.kind == .url || $0.sink?.kind == .prompt } }

  /// Whether its result is made of its arguments: it does nothing else, or gives back what it is given.
  fileprivate var passesOn: Bool {
    guard effect != .pure else { return true }
    return typeParameters.contains { name in
      let own = Type.parameter(name)
      return result.mentions(own) && parameters.contains { $0.type.mentions(own) }
    }
  }
}

extension Type {
  fileprivate func mentions(_ other: Type) -> Bool {
    if self == other { return true }
    return switch self {
    case .list(let inner), .optional(let inner), .secret(let inner): inner.mentions(other)
    case .map(let key, let value): key.mentions(other) || value.mentions(other)
    case .record(let record): record.fields.contains { $0.type.mentions(other) }
    default: false
    }
  }
}

extension Expression {
  /// `-c` of shells, Python and others, `-e` of Perl, Ruby and Node.
  fileprivate var isCodeFlag: Bool {
    guard case .string(let text)? = constantValue else { return false }
    return ["-c", "-e"].contains(text.string)
  }
}

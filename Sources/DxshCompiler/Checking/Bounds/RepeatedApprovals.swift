import DxshExpressions
import DxshPlan
import DxshSyntax

/// Finds approvals in loops over any number of elements (E0509): people would be asked once for each.
///
/// An approval outside the loop binds all that a step in it does (rule 44 v), so one decision is enough.
struct RepeatedApprovals {
  private let session: CheckSession
  /// What the names of the scopes around stand for.
  private var frames: [ElementBound.Frame] = []
  /// The innermost loop around of which nobody knows how often it goes round.
  private var loop: CheckedLoop?

  init(session: CheckSession) {
    self.session = session
  }

  mutating func check(_ workflow: CheckedWorkflow) {
    if workflow.approval == nil { return }
    visit(workflow.body, [workflow.finally])
  }

  /// - inside: the scopes whose frames stand in that of the scope
  private mutating func visit(_ scope: CheckedScope, _ inside: [CheckedScope?] = []) {
    frames.append(scope.frame)
    for leaf in scope.leaves { visit(leaf) }
    for inner in inside { if let inner { visit(inner) } }
    frames.removeLast()
  }

  private mutating func visit(_ leaf: CheckedLeaf) {
    switch leaf.kind {
    case .approval(let approval):
      if let loop { session.report(.approvalPerElement(approval, in: loop)) }
    case .invocation(let invocation):
      if let loop, let approval = invocation.approval {
        session.report(.approvalPerElement(approval, in: loop, calledAt: invocation.range))
      }
    case .loop(let inner):
      let outer = loop
      var bound = ElementBound(in: frames)
      if bound.count(inner.sequence) == nil { loop = inner }
      visit(inner.body)
      loop = outer
    case .iteration(let iteration): visit(iteration.body)
    case .attempt(let attempt): visit(attempt.body, [attempt.handler])
    case .value, .call, .condition, .assertion, .failure, .wait, .output, .barrier, .invalid: break
    }
  }
}

extension CheckedScope {
  /// What its names stand for, as far as it is one expression; of the names of a loop, which are lists as long as what
  /// it goes over, that.
  fileprivate var frame: ElementBound.Frame {
    var frame: ElementBound.Frame = [:]
    /// What is bound otherwise, or in several branches.
    var others: Set<Int> = []
    func bind(_ slot: Int, _ value: Expression) {
      if frame.updateValue(value, forKey: slot) != nil { others.insert(slot) }
    }
    for leaf in leaves {
      switch leaf.kind {
      case .value(let slot, let value): bind(slot, value)
      case .loop(let loop):
        for export in loop.exports { bind(export.outer, loop.sequence) }
        if let slot = loop.collectSlot { bind(slot, loop.sequence) }
      case .call(let call): if let slot = call.slot { others.insert(slot) }
      case .invocation(let invocation): if let slot = invocation.slot { others.insert(slot) }
      case .iteration(let iteration): others.formUnion(iteration.exports.map(\.outer))
      case .attempt(let attempt): others.formUnion(attempt.exports.map(\.outer))
      case .condition, .assertion, .failure, .approval, .wait, .output, .barrier, .invalid: break
      }
    }
    return frame.filter { !others.contains($0.key) }
  }
}

extension Diagnostic {
  fileprivate static func approvalPerElement(
    _ approval: CheckedApproval, in loop: CheckedLoop, calledAt call: SourceRange? = nil
  ) -> Diagnostic {
    let called = call == nil ? [] : [Related(approval.name.range, "people are asked here")]
    return Diagnostic(
      .approvalPerElement,
      "people are asked `\(approval.name.text)` once for each element, and nobody knows how many there are",
      at: call ?? approval.name.range,
      related: called + [Related(loop.range, "these are the elements")],
      help: "ask once for all of them, before the loop, or limit them: `.slice(0, 20)`")
  }
}

import DxshExpressions
import DxshSyntax
import DxshTime

/// Checks the steps of one scope that an approval guards (rule 44): none can be reached round its approval, and what
/// they are to do is known when people decide it.
struct GateChecker {
  let session: CheckSession
  let names: ScopeNames
  let order: LeafOrder
  /// By the number of an approval's leaf: which leaves wait for it, directly or through others.
  private var waiting: [Int: [Bool]] = [:]

  init(session: CheckSession, names: ScopeNames, order: LeafOrder) {
    self.session = session
    self.names = names
    self.order = order
  }

  private var outline: Outline { names.outline }

  mutating func check(_ kinds: [CheckedLeaf.Kind]) {
    for (number, leaf) in outline.leaves.enumerated() {
      guard case .step(let step) = leaf.item, !step.requires.isEmpty else { continue }
      let scope = LeafScope(names: names, block: leaf.block)
      for gate in step.requires where !gate.isMissing { check(step, gate, scope, kinds[number]) }
    }
  }

  private mutating func check(_ step: StepItem, _ gate: Name, _ scope: LeafScope, _ kind: CheckedLeaf.Kind) {
    guard let type = scope.resolve(gate.text)?.type else {
      let approvals = approvals
      session.report(.unknownName("approval", gate.text, candidates: approvals, at: gate.range))
      return
    }
    guard names.isApproval(gate.text) else { return session.report(.noApproval(gate)) }
    if type.isOptional { return session.report(.approvalBypassed(step.name, gate)) }
    guard case .call(let call) = kind, let own = outline.sites(of: gate.text).first?.leaf else { return }
    if waiting[own] == nil { waiting[own] = leaves(waitingFor: own) }
    for (position, argument) in call.arguments.enumerated() {
      guard let cause = cause(in: argument, of: gate.text, own),
        let written = step.call.argument(for: call.signature.parameters[position].name, at: position)
      else { continue }
      session.report(.decidedUnseen(gate, cause, at: written.value.range))
    }
  }

  private var approvals: [String] {
    outline.leaves.compactMap { if case .approval(let item) = $0.item { item.name.text } else { nil } }
  }

  /// The first name in an argument whose value is known only once the gate is open; what its form asks for is part of
  /// the decision.
  private func cause(in expression: Expression, of gate: String, _ leaf: Int) -> String? {
    switch expression {
    case .field(.binding(0, let slot), "form", _) where names.slots[slot].name == gate: return nil
    case .binding(0, let slot):
      let name = names.slots[slot].name
      let waits = outline.sites(of: name).contains { $0.leaf == leaf || waiting[leaf]?[$0.leaf] == true }
      return waits ? name : nil
    default: return expression.children.lazy.compactMap { cause(in: $0, of: gate, leaf) }.first
    }
  }

  private func leaves(waitingFor leaf: Int) -> [Bool] {
    var waiting = [Bool](repeating: false, count: outline.leaves.count)
    for number in order.order {
      waiting[number] = order.dependencies[number].contains { $0 == leaf || waiting[$0] }
    }
    return waiting
  }
}

extension ScopeNames {
  /// Whether what a name means here comes from approvals alone, in each branch that binds it. That it looks like the
  /// result of one is not enough.
  fileprivate func isApproval(_ name: String) -> Bool {
    guard entries[name] != nil else { return parent?.names.isApproval(name) ?? false }
    let sites = outline.sites(of: name)
    return !sites.isEmpty
      && sites.allSatisfy { site in
        switch outline.leaves[site.leaf].item {
        case .approval: true
        case .attempt:
          (bodies[site.leaf] ?? []).allSatisfy { !$0.outline.binds(name) || $0.isApproval(name) }
        default: false
        }
      }
  }
}

extension ScopeChecker {
  /// An approval's result (language reference, section 9).
  func check(_ item: ApprovalItem, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    checkAfter(item.after, expressions)
    var deadline: Expression?
    for field in item.fields {
      switch field.name.text {
      case "title": _ = expressions.standing(in: .message).check(field.value, expecting: .string)
      case "timeout": deadline = deadline ?? self.deadline(field.value, expressions)
      case "show": _ = expressions.infer(field.value)
      default: break
      }
    }
    let resolver = TypeResolver(session: session)
    let form = ParameterChecker(session: session, resolver: resolver).check(item.form ?? [])
    var outcome = Type.enumeration(Type.approvalOutcome)
    if let choices = item.fields.value(of: "choices") {
      outcome = choices.path.flatMap { session.types.enums[$0] }.map(Type.enumeration) ?? .unknown
      choices.path.map(session.noteUse)
    }
    settle(item.name, .gate(outcome: outcome, form: RecordType(form.map { .init($0.name, $0.type) })))
    return .approval(CheckedApproval(name: item.name, deadline: deadline))
  }

  /// How long an approval waits; nil where that has a mistake.
  private func deadline(_ syntax: ExpressionSyntax, _ expressions: ExpressionChecker) -> Expression? {
    let typed = expressions.check(syntax, expecting: .duration)
    guard typed.type == .duration else { return nil }
    if case .duration(let span)? = typed.expression.constantValue, span <= .zero {
      session.report(.badPolicyValue("people need some time, so a `timeout` is above 0s", at: syntax.range))
      return nil
    }
    return typed.expression
  }
}

extension WorkflowChecker {
  /// An approval that nothing asks decides nothing, also where it is refused.
  /// - scopes: those of the workflow's body and of `finally`
  func checkApprovals(_ scopes: [ScopeNames]) {
    for names in scopes {
      for leaf in names.outline.leaves {
        guard case .approval(let item) = leaf.item, !names.entries.isUsed(item.name.text) else { continue }
        session.report(.approvalUnused(item.name))
      }
      for inner in names.bodies.sorted(by: { $0.key < $1.key }) { checkApprovals(inner.value) }
    }
  }
}

extension Type {
  fileprivate static let approvalOutcome = EnumType(
    "ApprovalOutcome", ["approve", "reject"].map { .init($0, wireName: $0) })

  fileprivate static func gate(outcome: Type, form: RecordType) -> Type {
    .record(
      RecordType([
        .init("approved", .bool), .init("outcome", outcome), .init("by", .list(.string)), .init("at", .timestamp),
        .init("comment", .optional(.string)), .init("form", .record(form)),
      ]))
  }
}

extension Diagnostic {
  fileprivate static func noApproval(_ gate: Name) -> Diagnostic {
    Diagnostic(
      .badOperand, "`\(gate.text)` is no approval", at: gate.range,
      help: "`requires` names an approval; `after` waits for anything")
  }

  fileprivate static func approvalBypassed(_ step: Name, _ gate: Name) -> Diagnostic {
    Diagnostic(
      .approvalBypassed, "`\(step.text)` can be reached where `\(gate.text)` is not asked for", at: gate.range,
      help: "put the step into the branch of its approval, or the approval where every path passes it")
  }

  fileprivate static func decidedUnseen(_ gate: Name, _ cause: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .decidedUnseen,
      cause == gate.text
        ? "this is known only once `\(gate.text)` is decided, so nobody sees what is approved"
        : "`\(cause)` is known only once `\(gate.text)` is decided, so nobody sees what is approved",
      at: range, related: [Related(gate.range, "the approval is required here")],
      help: "compute it before, or ask for it in the approval's `form`")
  }

  fileprivate static func approvalUnused(_ name: Name) -> Diagnostic {
    Diagnostic(
      .approvalUnused, "nothing depends on the approval `\(name.text)`", at: name.range,
      help: "let a step `requires \(name.text)`, or ask `\(name.text).approved`")
  }
}

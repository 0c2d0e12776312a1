import DxshExpressions
import DxshPlan
import DxshSyntax

/// What a scope is of.
enum ScopePlace {
  case workflow, loop, attempt, finally

  var mayOutput: Bool { self == .workflow || self == .attempt }
}

// MARK: - Repeat

extension ScopeChecker {
  func check(_ item: RepeatItem, at number: Int, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    checkAfter(item.after, expressions)
    let declared = item.type.map(TypeResolver(session: session).resolve)
    let initial = expressions.check(item.initial, expecting: declared)
    let state = declared ?? initial.type
    let maximum = PolicyChecker(expressions).check(iteration: item)

    let leaf = outline.leaves[number]
    let inner = ScopeNames(
      outline: Outline(item.body.items, facts: leaf.facts, inHandler: outline.inHandler), parent: (names, leaf.block))
    let origin = state.isConfined ? expressions.origin(of: item.initial) : nil
    let stateSlot = inner.bind(item.name.text, state, origin: origin)
    var checker = ScopeChecker(session: session, names: inner)
    checker.place = .loop
    let body = checker.check()
    names.bodies[number] = [inner]
    let last = ExpressionChecker(
      session: session, scope: LeafScope(names: inner, block: 0), facts: inner.outline.factsAtEnd)
    let next = last.check(item.next, expecting: state)
    let condition = item.condition.map { last.deciding($0).expression }

    settle(item.name, state, origin: origin)
    let exports = lists(of: inner)
    guard state != .unknown, let maximum else { return .invalid }
    return .iteration(
      CheckedIteration(
        initial: initial.expression, stateSlot: stateSlot, maximum: maximum, next: next.expression,
        condition: condition, slot: names.entries[item.name.text]?.slot, exports: exports, body: body))
  }
}

// MARK: - Try

extension ScopeChecker {
  /// In the handler the names of the body may be absent; outside, a name is the join of what body and handler bind
  /// (rule 37).
  func check(_ item: TryItem, at number: Int) -> CheckedLeaf.Kind {
    if !item.body.canFail { session.report(.deadHandler(item)) }
    let leaf = outline.leaves[number]
    let inner = ScopeNames(
      outline: Outline(item.body.items, facts: leaf.facts, inHandler: outline.inHandler), parent: (names, leaf.block))
    let body = check(inner)

    let inHandler = outline.inHandler.merging(
      Set(item.body.boundNames.map(\.text)).map { ($0, 1) }, uniquingKeysWith: +)
    let handlerNames = ScopeNames(
      outline: Outline(item.handler.items, facts: leaf.facts, inHandler: inHandler), parent: (inner, 0),
      isAfterward: true)
    let errorSlot = handlerNames.bind(item.error.text, .record(ErrorKinds(of: body).errorType))
    let handler = check(handlerNames)
    names.bodies[number] = [inner, handlerNames]

    var exports: [PlanAttempt.Export] = []
    for name in names(boundBy: item, at: number) {
      let (own, other) = (inner.entries[name], handlerNames.entries[name])
      if own?.isOfLeaves == true { settleBranch(name, inner) }
      if other?.isOfLeaves == true { settleBranch(name, handlerNames) }
      let isCertain =
        (inner.outline.blocks[0].fails || inner.isCertain(name, from: 0))
        && (handlerNames.outline.blocks[0].fails || handlerNames.isCertain(name, from: 0))
      if !isCertain { names.noteUncertain(name, at: number) }
      guard name != Outline.outputName, let outer = names.entries[name] else { continue }
      exports.append(.init(body: own?.slot, handler: other?.slot, outer: outer.slot))
    }
    return .attempt(CheckedAttempt(body: body, handler: handler, errorSlot: errorSlot, exports: exports))
  }

  /// What a `try` binds, in the order of all names.
  private func names(boundBy item: TryItem, at number: Int) -> [String] {
    let inside = Set((item.body.boundNames + item.handler.boundNames).map(\.text) + [Outline.outputName])
    return inside.filter { outline.sites(of: $0).contains { $0.leaf == number } }
      .sorted { names.entries[$0]?.slot ?? 0 < names.entries[$1]?.slot ?? 0 }
  }

  private func check(_ inner: ScopeNames) -> CheckedScope {
    var checker = ScopeChecker(session: session, names: inner, result: result)
    checker.place = place.mayOutput ? .attempt : place
    return checker.check()
  }

  private func settleBranch(_ name: String, _ inner: ScopeNames) {
    settle(
      Name(name, at: inner.outline.sites(of: name)[0].name.range), inner.type(of: name, from: 0) ?? .unknown,
      origin: inner.entries.origin(of: name))
  }
}

// MARK: - Workflows

extension ScopeChecker {
  /// A step that calls a workflow of the file.
  func invoke(_ item: StepItem, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    session.noteUse(of: item.call.path.text)
    guard let workflow = session.workflow(item.call.path) else {
      item.call.arguments.forEach { _ = expressions.infer($0.value) }
      settle(item.name, .unknown)
      return .invalid
    }
    if let written = item.resultType { session.report(.castOfWorkflow(item.call.path, at: written.range)) }
    let result = workflow.result ?? .record(RecordType([]))
    let policies = PolicyChecker(expressions).check(invocation: item.policies, errors: workflow.errors, result)
    var substitution = Substitution()
    let arguments = expressions.bind(
      item.call, to: workflow.parameters, of: workflow.name,
      declared: session.workflows[workflow.name]?.range, &substitution)
    settle(item.name, result)
    return .invocation(
      CheckedInvocation(
        workflow: workflow.id, arguments: arguments, result: result, effect: workflow.effect,
        errors: workflow.errors, mayWait: workflow.mayWait, approval: workflow.approval,
        slot: names.entries[item.name.text]?.slot, policies: policies, range: item.range))
  }
}

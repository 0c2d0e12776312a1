import DxshExpressions
import DxshPlan
import DxshSyntax

/// Checks the body of a workflow or loop: binds its names, orders its leaves by what they need, types each.
struct ScopeChecker {
  let session: CheckSession
  let names: ScopeNames
  var parameters: [ParameterSignature] = []
  /// The workflow's declared result, in its body; nil elsewhere or when none is declared.
  var result: Type?
  /// What the scope is of.
  var place = ScopePlace.workflow
  /// Whether it is the body of a loop whose rounds run side by side.
  var isRepeatedAtOnce = false

  var outline: Outline { names.outline }

  func check() -> CheckedScope {
    bindNames()
    let order = LeafOrder(outline)
    var kinds = [CheckedLeaf.Kind](repeating: .invalid, count: outline.leaves.count)
    let cyclic = Set(order.cycles.joined())
    for cycle in order.cycles { session.report(cycleDiagnostic(cycle)) }
    if !cyclic.isEmpty { settleUnknown(cyclic) }
    var scope = LeafScope(names: names, block: 0)
    for number in order.order where !cyclic.contains(number) {
      let block = outline.leaves[number].block
      if scope.block != block { scope = LeafScope(names: names, block: block) }
      kinds[number] = check(number, scope)
    }
    for range in outline.unreached { session.report(.unreachable(at: range)) }
    RaceChecker(
      session: session, outline: outline, dependencies: order.dependencies, isRepeatedAtOnce: isRepeatedAtOnce
    ).check(kinds)
    checkIdleWaits(order.dependencies)
    var gates = GateChecker(session: session, names: names, order: order)
    gates.check(kinds)
    let leaves = outline.leaves.enumerated().map { number, leaf in
      CheckedLeaf(
        path: leaf.path, kind: kinds[number], guardedBy: leaf.guardedBy, dependencies: order.dependencies[number])
    }
    return CheckedScope(slots: names.slots, leaves: leaves)
  }

  // MARK: - Names

  private func bindNames() {
    for (number, name) in outline.names.enumerated() {
      let sites = outline.sites(at: number)
      let isBound = names.entries.slot(of: name) != nil
      reportClashes(name, sites, isBound: isBound)
      if !isBound { names.bind(name, number: number) }
    }
  }

  /// A name is bound once, or once in each of exclusive branches (rule 19).
  private func reportClashes(_ name: String, _ sites: Outline.Sites, isBound: Bool) {
    if isBound {
      let first = session.globals.names[name]?.range ?? parameters.first { $0.name == name }?.range
      for site in sites { clash("the name", site, first: first) }
      return
    }
    if place == .workflow, let global = session.globals.names[name] {
      for site in sites where site.name.range != global.range { clash("the name", site, first: global.range) }
      return
    }
    for (position, site) in sites.enumerated().dropFirst() {
      if let first = sites[..<position].first(where: { !outline.areExclusive($0.block, site.block) }) {
        clash(name == Outline.outputName ? "the" : "the name", site, first: first.name.range)
      }
    }
  }

  private func clash(_ what: String, _ site: Outline.Site, first: SourceRange?) {
    names.clashes.insert(site.name.text)
    session.report(.duplicate(what, site.name, first: first))
  }

  /// Gives every name that one of the leaves binds no known type, so that its users are not blamed.
  private func settleUnknown(_ leaves: Set<Int>) {
    for name in outline.names where outline.sites(of: name).contains(where: { leaves.contains($0.leaf) }) {
      _ = names.settle(name, .unknown)
    }
  }

  func settle(_ name: Name, _ type: Type, origin: Name? = nil) {
    let type = session.isDamaged(name.range) ? .unknown : type
    if let before = names.settle(name.text, type, origin: origin), !names.clashes.contains(name.text) {
      session.report(
        .noCommonType(
          before, type,
          what: name.text == Outline.outputName ? "the outputs" : "the branches that bind `\(name.text)`",
          at: name.range, first: nil))
    }
  }

  private func cycleDiagnostic(_ cycle: [Int]) -> Diagnostic {
    let leaves = cycle.map { outline.leaves[$0] }
    return .dependencyCycle(leaves.map { (Self.title(of: $0), $0.range) })
  }

  private static func title(of leaf: Outline.Leaf) -> String {
    switch leaf.item {
    case .connection(let item): "`\(item.declaration.name.text)`"
    case .letBinding(let item): "`\(item.name.text)`"
    case .step(let item): "`\(item.name.text)`"
    case .condition: "the `if`"
    case .choice, .arm: "the `match`"
    case .loop(let item): "the `for \(item.variable.text)`"
    case .iteration(let item): "the `repeat \(item.name.text)`"
    case .attempt: "the `try`"
    case .assertion: "the `assert`"
    case .failure: "the `fail`"
    case .output: "the `output`"
    case .barrier: "the `sequence`"
    case .approval(let item): "`\(item.name.text)`"
    case .wait(let item): "`\(item.name.text)`"
    }
  }

  // MARK: - Leaves

  private func check(_ number: Int, _ scope: LeafScope) -> CheckedLeaf.Kind {
    let expressions = ExpressionChecker(session: session, scope: scope, facts: outline.leaves[number].facts)
    switch outline.leaves[number].item {
    case .connection(let item): return check(item, expressions)
    case .letBinding(let item): return check(item, expressions)
    case .step(let item): return check(item, expressions)
    case .condition(let item):
      return .condition(expressions.deciding(item.condition).expression)
    case .choice(let item):
      let slot = names.bind(outline.leaves[number].path, .int)
      return .value(slot: slot, expressions.choice(item).expression)
    case .arm(_, let choice, let arm):
      guard let entry = names.entries[outline.leaves[choice].path] else { return .invalid }
      let isChosen = FunctionLibrary.overloads(named: "_==_", in: .dxsh)[0].function
      return .condition(
        .call(isChosen, [.binding(depth: 0, slot: entry.slot), .constant(Constant(.int(Int64(arm))))]))
    case .assertion(let item):
      return .assertion(
        expressions.deciding(item.condition).expression, message: message(item.message, expressions))
    case .failure(let item):
      let message = message(item.message, expressions)
      if let kind = item.kind, !kind.isMissing, !session.errors.kinds.contains(kind.text) {
        session.report(.undeclaredError(kind, session.errors))
        return .invalid
      }
      return .failure(kind: item.kind?.text ?? "failed", message: message)
    case .output(let item): return check(item, expressions)
    case .loop(let item): return check(item, at: number, expressions)
    case .iteration(let item): return check(item, at: number, expressions)
    case .attempt(let item): return check(item, at: number)
    case .barrier: return .barrier
    case .approval(let item): return check(item, expressions)
    case .wait(let item): return check(item, expressions)
    }
  }

  private func message(_ syntax: ExpressionSyntax, _ expressions: ExpressionChecker) -> Expression {
    expressions.standing(in: .message).check(syntax, expecting: .string).expression
  }

  private func check(_ item: LetItem, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    let declared = item.type.map(TypeResolver(session: session).resolve)
    let typed = expressions.check(item.value, expecting: declared)
    settle(item.name, typed.type, origin: typed.type.isConfined ? expressions.origin(of: item.value) : nil)
    guard let slot = names.entries.slot(of: item.name.text) else { return .invalid }
    if [.int, .double, .duration, .size, .string].contains(typed.type),
      let value = typed.expression.constantValue(in: expressions.scope)
    {
      names.settle(item.name.text, constant: value)
    }
    return .value(slot: slot, typed.expression)
  }

  private func check(_ item: OutputItem, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    guard place.mayOutput else {
      session.report(place == .finally ? .outputInFinally(at: item.range) : .outputInLoop(at: item.range))
      return .invalid
    }
    var typed = expressions.standing(in: .output).check(item.value, expecting: result)
    if typed.type.isConfined {
      session.report(
        .secretKept(typed.type, "the output", origin: expressions.origin(of: item.value), at: item.value.range))
      typed.type = .unknown
    }
    settle(Name(Outline.outputName, at: item.range), typed.type)
    return .output(typed.expression)
  }

  private func check(_ item: StepItem, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    checkAfter(item.after, expressions)
    checkNeeded(item)
    let node = session.node(item.call.path.text)
    if node == nil, session.workflows[item.call.path.text] != nil { return invoke(item, expressions) }
    let call = StepChecker(expressions).check(item, calling: node, slot: names.entries.slot(of: item.name.text))
    settle(item.name, call?.result ?? .unknown)
    guard let call else { return .invalid }
    if place == .finally, let compensation = call.policies.compensation {
      session.report(
        .badPolicyValue(
          "nothing can fail after `finally`, so nothing there is undone", at: compensation.range))
    }
    return .call(call)
  }

  /// What a step mentions it waits for, without `after`.
  private func checkNeeded(_ item: StepItem) {
    if item.after.isEmpty { return }
    var mentions = Mentions()
    mentions.visit(item.call)
    mentions.visit(item.policies)
    for path in item.after where mentions.all.contains(path.text) {
      session.report(.needlessAfter(item.name, path))
    }
  }

  func checkAfter(_ paths: [Path], _ expressions: ExpressionChecker) {
    for path in paths where !path.isMissing {
      // What stands further out, the whole scope waits for.
      if names.entries[path.text] == nil, expressions.scope.resolve(path.text) == nil {
        session.report(
          .unknownName("step", path.text, candidates: expressions.scope.visibleNames, at: path.range))
      } else {
        names.use(path.text)
      }
    }
  }
}

// MARK: - Loops

extension ScopeChecker {
  private func check(_ item: ForItem, at number: Int, _ expressions: ExpressionChecker) -> CheckedLeaf.Kind {
    checkAfter(item.after, expressions)
    let sequence = expressions.infer(item.sequence)
    let (index, element) = elements(of: sequence.type, item, expressions)
    var policies = PolicyChecker(expressions).check(loop: item.policies)
    if item.collect != nil { policies.onError = .skip }
    PolicyChecker(expressions).check(first: policies, item.policies, over: sequence.expression)

    let leaf = outline.leaves[number]
    let inner = ScopeNames(
      outline: Outline(item.body.items, facts: leaf.facts, inHandler: outline.inHandler), parent: (names, leaf.block))
    let indexSlot = item.index.map { inner.bind($0.text, index) }
    let origin = element.isConfined ? expressions.origin(of: item.sequence) : nil
    let elementSlot = inner.bind(item.variable.text, element, origin: origin)
    var checker = ScopeChecker(session: session, names: inner)
    checker.place = .loop
    checker.isRepeatedAtOnce = policies.parallel?.constantValue.map { !$0.isIdentical(to: .int(1)) } ?? true
    let body = checker.check()
    names.bodies[number] = [inner]
    let exports = lists(of: inner) { policies.onError == .skip ? $0.asOptional : $0 }
    var collectSlot: Int?
    if let collect = item.collect {
      let error = ErrorKinds(of: body).errorType
      settle(collect, .list(.record(Self.failureType(item: element, error: error))), origin: origin)
      collectSlot = names.entries[collect.text]?.slot
    }
    guard sequence.type != .unknown, element != .unknown else { return .invalid }
    return .loop(
      CheckedLoop(
        sequence: sequence.expression, range: item.sequence.range, indexSlot: indexSlot, elementSlot: elementSlot,
        policies: policies, collectSlot: collectSlot, exports: exports, body: body))
  }

  /// Settles each name of the body outside as the list of what it is in each instance.
  func lists(of inner: ScopeNames, _ element: (Type) -> Type = { $0 }) -> [PlanLoop.Export] {
    var exports: [PlanLoop.Export] = []
    for name in inner.outline.names where inner.outline.binds(name) {
      guard name != Outline.outputName, let own = inner.entries[name], own.isOfLeaves,
        let outer = names.entries[name]
      else {
        continue
      }
      let type = inner.type(of: name, from: 0) ?? .unknown
      settle(
        Name(name, at: inner.outline.sites(of: name)[0].name.range), .list(element(type)),
        origin: inner.entries.origin(of: name))
      exports.append(.init(inner: own.slot, outer: outer.slot))
    }
    return exports
  }

  /// What `collect` gathers (rule 34 ii).
  private static func failureType(item: Type, error: RecordType) -> RecordType {
    RecordType([.init("index", .int), .init("item", item), .init("error", .record(error))])
  }

  /// The types of a loop's variables.
  private func elements(of type: Type, _ item: ForItem, _ expressions: ExpressionChecker) -> (Type, Type) {
    switch type {
    case .unknown: return (.unknown, .unknown)
    case .list(let element): return (.int, element)
    case .map(let key, let value): return (key, value)
    case .secret:
      session.report(
        .secretLeaks(
          type, to: type.withoutSecrets, in: .condition, origin: expressions.origin(of: item.sequence),
          at: item.sequence.range))
    case .optional(let wrapped) where wrapped != .never:
      session.report(.optionalNotNarrowed(type, path: item.sequence.path, at: item.sequence.range))
    default:
      session.report(.badOperand("`for` goes over a list or a map, not over \(type)", at: item.sequence.range))
    }
    return (.unknown, .unknown)
  }
}

import DxshExpressions
package import DxshPlan

/// Which slots of a plan anything reads in the end, and which nodes are thereby needed.
///
/// A node is needed when it does something besides filling a slot, or fills one that a needed node reads; a loop's
/// export is needed when its outer slot is. The scopes are numbered in the order in which the plan has them.
struct SlotUses {
  /// For each scope and slot, whether a needed node or export reads it.
  private(set) var isRead: [[Bool]] = []
  /// For each scope and node, whether it is needed.
  private(set) var isNeeded: [[Bool]] = []
  fileprivate var scopes: [Scope] = []
  private var unvisited: [(scope: Int, slot: Int)] = []

  fileprivate struct Scope {
    let nodes: [PlanNode]
    /// -1 for the body of the workflow.
    let parent: Int
    /// For each slot, the first of the values and calls that fill it, and for each node the next one; -1 ends.
    var firstFiller: [Int]
    var nextFiller: [Int]
    /// The bodies' slots that an outer slot is made of.
    var exports: [Int: [(scope: Int, slot: Int)]] = [:]

    init(_ scope: PlanScope, parent: Int) {
      self.nodes = scope.nodes
      self.parent = parent
      self.firstFiller = [Int](repeating: -1, count: scope.slots.count)
      self.nextFiller = [Int](repeating: -1, count: scope.nodes.count)
    }

    mutating func addFiller(_ node: Int, of slot: Int) {
      nextFiller[node] = firstFiller[slot]
      firstFiller[slot] = node
    }
  }

  /// - survivesFailures: whether something goes on when the workflow has failed
  init(_ plan: Plan, survivesFailures: Bool = false) { self.init(plan.body, plan.finally, survivesFailures) }

  /// Of one of a plan's workflows.
  fileprivate init(_ body: PlanScope, _ finally: PlanScope?, _ survivesFailures: Bool) {
    addScope(body, parent: -1, survivesFailures: survivesFailures || finally != nil)
    if let finally { addScope(finally, parent: 0, survivesFailures: survivesFailures) }
    for scope in scopes.indices {
      for (node, isNeeded) in isNeeded[scope].enumerated() where isNeeded { readSlots(of: node, in: scope) }
    }
    while let (scope, slot) = unvisited.popLast() {
      var filler = scopes[scope].firstFiller[slot]
      while filler >= 0 {
        if !isNeeded[scope][filler] {
          isNeeded[scope][filler] = true
          readSlots(of: filler, in: scope)
        }
        filler = scopes[scope].nextFiller[filler]
      }
      for export in scopes[scope].exports[slot] ?? [] { read(export.slot, in: export.scope) }
    }
  }

  /// `survivesFailures` says whether an instance of the scope may fail and its results be seen none the less, so that
  /// whether a step fails is a part of the results.
  private mutating func addScope(_ scope: PlanScope, parent: Int, survivesFailures: Bool) {
    let number = scopes.count
    scopes.append(Scope(scope, parent: parent))
    isRead.append([Bool](repeating: false, count: scope.slots.count))
    isNeeded.append(
      scope.nodes.indices.map { !Self.mayBeRemoved(scope.nodes[$0].kind, survivesFailures: survivesFailures) })
    for index in scope.nodes.indices {
      let kind = scope.nodes[index].kind
      switch kind {
      case .value(let slot, _): scopes[number].addFiller(index, of: slot)
      case .call(let call):
        if let slot = call.slot { scopes[number].addFiller(index, of: slot) }
      case .wait(let wait):
        if let slot = wait.slot { scopes[number].addFiller(index, of: slot) }
      case .loop(let loop):
        let body = scopes.count
        for export in loop.exports {
          scopes[number].exports[export.outer, default: []].append((body, export.inner))
        }
        addScope(
          loop.body, parent: number,
          survivesFailures: survivesFailures || loop.onError == .skip || loop.collectSlot != nil)
      case .iteration(let iteration):
        let body = scopes.count
        for export in iteration.exports {
          scopes[number].exports[export.outer, default: []].append((body, export.inner))
        }
        addScope(iteration.body, parent: number, survivesFailures: survivesFailures)
        kind.forEachInnerExpression { read($0, in: body) }
      case .attempt(let attempt):
        let body = scopes.count
        addScope(attempt.body, parent: number, survivesFailures: true)
        let handler = scopes.count
        addScope(attempt.handler, parent: body, survivesFailures: survivesFailures)
        for export in attempt.exports {
          let inner = (export.body.map { [(body, $0)] } ?? []) + (export.handler.map { [(handler, $0)] } ?? [])
          scopes[number].exports[export.outer, default: []] += inner
        }
      case .condition, .assertion, .failure, .invocation, .output, .barrier: break
      }
    }
  }

  private static func mayBeRemoved(_ kind: PlanNode.Kind, survivesFailures: Bool) -> Bool {
    switch kind {
    case .value(_, let expression): !survivesFailures || expression.cannotFail
    case .call(let call): call.effect == .pure && call.compensation == nil && !survivesFailures
    case .condition, .assertion, .failure, .loop, .iteration, .attempt, .invocation, .wait, .output, .barrier: false
    }
  }

  private mutating func readSlots(of node: Int, in scope: Int) {
    scopes[scope].nodes[node].kind.forEachExpression { read($0, in: scope) }
  }

  /// Reads what an expression that stands in a scope mentions.
  private mutating func read(_ expression: Expression, in scope: Int) {
    expression.forEachBinding { depth, slot in
      var holder = scope
      for _ in 0..<depth { holder = scopes[holder].parent }
      read(slot, in: holder)
    }
  }

  private mutating func read(_ slot: Int, in scope: Int) {
    guard !isRead[scope][slot] else { return }
    isRead[scope][slot] = true
    unvisited.append((scope, slot))
  }
}

extension Plan {
  /// Whether anything reads the result of the step of a path (`load/enrich[3]`).
  package func readsResult(of path: String) -> Bool {
    guard Plan.undone(by: path) == nil, let (name, workflow, _) = PlanPaths(self).place(of: path) else { return false }
    let uses =
      workflow == 0 ? SlotUses(self) : SlotUses(callees[workflow - 1].body, callees[workflow - 1].finally, true)
    for (number, scope) in uses.scopes.enumerated() {
      for node in scope.nodes where node.path == name {
        if case .call(let call) = node.kind, let slot = call.slot { return uses.isRead[number][slot] }
      }
    }
    return false
  }
}

import DxshExpressions
package import DxshPlan

/// How many steps a run that succeeds makes: at least, and at most. Each counts once, however often it is tried.
package struct CallBounds: Sendable, Hashable {
  package private(set) var least = 0
  /// Nil where it is known only when it runs.
  package private(set) var most: Int? = 0

  static let one = CallBounds(least: 1, most: 1)

  package init(_ plan: Plan) {
    var callees: [CallBounds] = []
    for callee in plan.callees { callees.append(CallBounds(callee.body, callee.finally, callees)) }
    self.init(plan.body, plan.finally, callees)
  }

  /// - callees: of the workflows that may be called
  private init(_ body: PlanScope, _ finally: PlanScope?, _ callees: [CallBounds]) {
    self.init(body, [], callees)
    if let finally { add(CallBounds(finally, [[:]], callees)) }
  }

  private init(least: Int, most: Int?) { (self.least, self.most) = (least, most) }

  /// - frames: what is known of the scopes around
  private init(_ scope: PlanScope, _ frames: [ElementBound.Frame], _ callees: [CallBounds]) {
    let frames = frames + [scope.lists]
    var branches: [PlanNode.Guard: CallBounds] = [:]
    // What stands in the branches of a condition comes before it.
    for index in DependencyGraph(scope.nodes).order.reversed().lazy.map(Int.init) {
      let node = scope.nodes[index]
      var own = CallBounds(node.kind, frames, callees)
      if case .condition = node.kind {
        let yes = branches.removeValue(forKey: .init(condition: index, when: true)) ?? CallBounds(least: 0, most: 0)
        let no = branches.removeValue(forKey: .init(condition: index, when: false)) ?? CallBounds(least: 0, most: 0)
        own = yes.or(no)
      }
      if let guardedBy = node.guardedBy {
        branches[guardedBy, default: CallBounds(least: 0, most: 0)].add(own)
      } else {
        add(own)
      }
    }
  }

  private init(_ kind: PlanNode.Kind, _ frames: [ElementBound.Frame], _ callees: [CallBounds]) {
    switch kind {
    case .call: self.init(least: 1, most: 1)
    case .invocation(let invocation): self = callees[invocation.callee]
    case .loop(let loop):
      let body = CallBounds(loop.body, frames, callees)
      var bound = ElementBound(in: frames)
      let least = loop.onError == .stop && loop.collectSlot == nil ? loop.sequence.elementCount ?? 0 : 0
      self = body.repeated(least, bound.count(loop.sequence))
    case .iteration(let iteration):
      let body = CallBounds(iteration.body, frames, callees)
      var most: Int?
      if case .constant(let maximum) = iteration.maximum, case .int(let count) = maximum.value {
        most = Int(clamping: max(count, 1))
      }
      self = body.repeated(iteration.condition == nil ? most ?? 1 : 1, most)
    case .attempt(let attempt):
      let body = CallBounds(attempt.body, frames, callees)
      let handler = CallBounds(attempt.handler, frames + [[:]], callees)
      // The body may fail before its first step.
      self = body.or(handler)
      var both = body
      both.add(handler)
      most = both.most
    case .value, .condition, .assertion, .failure, .wait, .output, .barrier: self.init(least: 0, most: 0)
    }
  }

  private mutating func add(_ other: CallBounds) {
    least = least.addingClamped(other.least)
    most = most.flatMap { own in other.most.map { own.addingClamped($0) } }
  }

  /// The one or the other.
  private func or(_ other: CallBounds) -> CallBounds {
    CallBounds(least: min(least, other.least), most: most.flatMap { own in other.most.map { max(own, $0) } })
  }

  private func repeated(_ least: Int, _ most: Int?) -> CallBounds {
    let isNothing = self.most == 0
    return CallBounds(
      least: self.least.multipliedClamped(by: least),
      most: isNothing ? 0 : self.most.flatMap { own in most.map { own.multipliedClamped(by: $0) } })
  }

  /// `3`, `3 to 12`, `3 or more`.
  package var words: String {
    guard let most else { return least == 0 ? "any number of" : "\(least) or more" }
    return most == least ? "\(least)" : "\(least) to \(most)"
  }
}

extension PlanScope {
  /// The lists that its slots have, as far as they are one expression.
  fileprivate var lists: ElementBound.Frame {
    let fillers = fillerCounts
    var frame: ElementBound.Frame = [:]
    for node in nodes {
      if case .value(let slot, let expression) = node.kind, fillers[slot] == 1 { frame[slot] = expression }
    }
    return frame
  }
}

extension Expression {
  /// How many elements a list or entries a map has that is a constant.
  fileprivate var elementCount: Int? {
    guard case .constant(let constant) = self else { return nil }
    return switch constant.value {
    case .list(let elements): elements.count
    case .map(let map): map.entries.count
    default: nil
    }
  }
}

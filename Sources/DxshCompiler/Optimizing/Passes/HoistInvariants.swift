import DxshExpressions
package import DxshPlan

/// Moves pure steps and values that are the same for every item of a loop, or in every round of a `repeat`, in front of
/// it, where they are computed once.
///
/// Lazily: what a loop over a list does is moved behind a condition that the list has elements, so that nothing is
/// computed that was not. What may fail is moved only where everything in the body that has an effect, or is recorded,
/// waits for it: then it fails before all that, as it did. Where a loop outlives the failures of its instances, only
/// values that cannot fail are moved. What stands in a branch inside the body stays, and what `read`s always does (rule
/// 41).
package struct HoistInvariants: PlanPass {
  package let name = "hoist invariants"
  package let summary = "computes once, in front of a loop, pure steps and values that are the same for all items"

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var hoisting = Hoisting()
    var result = PassResult(plan)
    result.plan.body = hoisting.hoisted(plan.body, at: PlanPlace()) ?? plan.body
    if let finally = plan.finally {
      result.plan.finally = hoisting.within([plan.body.slots]) { $0.hoisted(finally, at: .finally) } ?? finally
    }
    result.notes = hoisting.notes
    return result
  }
}

/// Walks scopes, those inside first, so that what leaves one loop may leave the next.
private struct Hoisting {
  var notes: [String] = []
  /// The slots of the scopes around, the innermost last.
  private var around: [[PlanScope.Slot]] = []

  mutating func within(
    _ slots: [[PlanScope.Slot]], _ work: (inout Hoisting) -> PlanScope?
  ) -> PlanScope? {
    around += slots
    defer { around.removeLast(slots.count) }
    return work(&self)
  }

  /// Nil when nothing is moved.
  mutating func hoisted(_ scope: PlanScope, at place: PlanPlace) -> PlanScope? {
    guard scope.nodes.indices.contains(where: { scope.nodes[$0].kind.hasScopes }) else { return nil }
    around.append(scope.slots)
    defer { around.removeLast() }
    var result = scope
    var isChanged = false
    // Not lazy: such a variable would be copied with each change.
    var paths = Set(scope.nodes.map(\.path))
    for index in scope.nodes.indices where scope.nodes[index].kind.hasScopes {
      let node = scope.nodes[index]
      let before = node.kind.scopes
      var after: [PlanScope] = []
      var isChangedInside = false
      for (number, inner) in before.enumerated() {
        // A handler stands in the frame of the body.
        let changed = within(number == 0 ? [] : [before[0].slots]) { $0.hoisted(inner, at: place.inside(node)) }
        if changed != nil { isChangedInside = true }
        after.append(changed ?? inner)
      }
      if isChangedInside {
        isChanged = true
        result.nodes[index].kind = node.kind.replacing(scopes: after)
      }
      guard let entry = entry(to: node), let invariants = Invariants(after[0], of: node.kind, taken: paths) else {
        continue
      }
      isChanged = true
      for moved in invariants.nodes {
        notes.append("\(place.inside(node).path(of: moved)): once \(place.often), not \(place.inside(node).often)")
      }
      move(invariants, outOf: index, entry, &result, &paths)
    }
    return isChanged ? result : nil
  }

  /// How it is known that a loop has an instance.
  private enum Entry {
    case certain
    case condition(Expression)
  }

  /// Nil where it is not known cheaply, or something else may fail before.
  private func entry(to node: PlanNode) -> Entry? {
    switch node.kind {
    case .loop(let loop):
      if loop.goesOverSomething { return .certain }
      guard loop.hasWidth, case .binding(let depth, let slot) = loop.sequence, depth < around.count else { return nil }
      let size: String
      switch around[around.count - 1 - depth][slot].type {
      case .list: size = "size_list"
      case .map: size = "size_map"
      default: return nil
      }
      guard let count = FunctionLibrary.function(withID: size),
        let isLess = FunctionLibrary.function(withID: "less_int64")
      else { return nil }
      return .condition(.call(isLess, [.constant(Constant(.int(0))), .call(count, [loop.sequence])]))
    case .iteration(let iteration):
      guard case .constant(let maximum) = iteration.maximum, case .int(let count) = maximum.value, count >= 1,
        iteration.initial.cannotFail
      else { return nil }
      return .certain
    case .value, .call, .condition, .assertion, .failure, .attempt, .invocation, .wait, .output, .barrier: return nil
    }
  }

  private func move(
    _ invariants: Invariants, outOf index: Int, _ entry: Entry, _ scope: inout PlanScope, _ paths: inout Set<String>
  ) {
    let loop = scope.nodes[index]
    var guardedBy = loop.guardedBy
    var dependencies = loop.dependencies
    if case .condition(let condition) = entry {
      let path = "\(loop.path)@any"
      let number: Int
      if paths.insert(path).inserted {
        number = scope.nodes.count
        scope.nodes.append(
          PlanNode(path: path, kind: .condition(condition), guardedBy: guardedBy, dependencies: dependencies))
      } else {
        number = scope.nodes.firstIndex { $0.path == path } ?? index
      }
      guardedBy = .init(condition: number, when: true)
      dependencies = [number]
    }
    let (firstNode, firstSlot) = (scope.nodes.count, scope.slots.count)
    for (number, node) in invariants.nodes.enumerated() {
      paths.insert(node.path)
      scope.slots.append(invariants.slots[number])
      let kind = node.kind.replacingBindings { depth, slot in
        depth > 0
          ? .binding(depth: depth - 1, slot: slot)
          : invariants.numbers[slot].map { .binding(depth: 0, slot: firstSlot + $0) }
      }
      scope.nodes.append(
        PlanNode(
          path: node.path, kind: kind.filling(firstSlot + number), guardedBy: guardedBy,
          dependencies: dependencies + node.dependencies.map { firstNode + $0 }))
    }
    let body = invariants.body(reading: firstSlot)
    scope.nodes[index].kind = loop.kind.replacing(scopes: [body])
    scope.nodes[index].dependencies += firstNode..<scope.nodes.count
  }
}

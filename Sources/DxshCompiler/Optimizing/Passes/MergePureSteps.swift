import DxshExpressions
package import DxshPlan

/// Makes one of pure steps, and of values, that are the same: the same node with the same arguments and policies.
///
/// One stands for another that runs only where it runs itself, in the same scope or inside a node that waits for it,
/// and that does not begin before it could: so nothing waits for more than it did. The other becomes a copy of its
/// result, in its place, so that what waited for it waits as before. What `read`s is never merged (rule 41).
package struct MergePureSteps: PlanPass {
  package let name = "merge pure steps"
  package let summary = "makes one of pure steps that call the same node with the same arguments and policies"

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var merging = Merging()
    var result = PassResult(plan)
    result.plan.body = merging.merged(plan.body, at: PlanPlace()) ?? plan.body
    if let finally = plan.finally {
      // The names of the body may not be bound there.
      result.plan.finally = merging.merged(finally, at: .finally, inside: [Merging.Level()]) ?? finally
    }
    result.notes = merging.notes
    return result
  }
}

/// Walks scopes, each node after those that it waits for.
private struct Merging {
  /// What is known of a scope so far.
  struct Level {
    /// By what they do: the first of the nodes that do the same.
    var nodes: [PlanNode.Kind: [Int]] = [:]
    /// For slots whose values are those of others.
    var twins: [Int: Int] = [:]
    var branches = Branches([])
    var scope = PlanScope(slots: [], nodes: [])
    /// For nodes that do what another does, that one.
    var standIns: [Int: Int] = [:]
    /// The node that is being looked at.
    var current = -1
    var isChanged = false
  }

  /// So many nodes that do the same, and so many scopes around, are looked at.
  private static let (nodeLimit, levelLimit) = (4, 4)

  var notes: [String] = []
  /// The innermost last.
  private var levels: [Level] = []

  mutating func merged(_ scope: PlanScope, at place: PlanPlace, inside: [Level] = []) -> PlanScope? {
    levels += inside
    defer { levels.removeLast(inside.count) }
    var level = Level()
    level.branches = Branches(scope.nodes)
    level.scope = scope
    levels.append(level)
    let top = levels.count - 1
    let fillers = scope.fillerCounts
    for index in DependencyGraph(scope.nodes).order.lazy.map(Int.init) {
      levels[top].current = index
      visit(index, scope.nodes[index], fillers, place)
    }
    let result = levels.removeLast()
    return result.isChanged ? result.scope : nil
  }

  private mutating func visit(_ index: Int, _ node: PlanNode, _ fillers: [Int], _ place: PlanPlace) {
    let top = levels.count - 1
    if node.kind.hasScopes { return visitInside(index, node, place) }
    guard let slot = node.kind.sharedSlot else { return }
    if case .connection = levels[top].scope.slots[slot].type { return }
    let kind = key(of: node.kind)
    if let other = levels[top].nodes[kind]?.first(where: { canStand($0, for: index) }) {
      levels[top].standIns[index] = other
      if let twin = levels[top].scope.nodes[other].kind.sharedSlot, fillers[slot] == 1, fillers[twin] == 1,
        levels[top].branches.guards[other] == levels[top].branches.guards[index]
      {
        levels[top].twins[slot] = levels[top].twins[twin] ?? twin
      }
      if node.kind.isWorthSharing { replace(index, filling: slot, by: other, 0, place) }
    } else if node.kind.isWorthSharing, let (other, depth) = outside(kind) {
      replace(index, filling: slot, by: other, depth, place)
    } else if (levels[top].nodes[kind]?.count ?? 0) < Self.nodeLimit {
      levels[top].nodes[kind, default: []].append(index)
    }
  }

  private mutating func visitInside(_ index: Int, _ node: PlanNode, _ place: PlanPlace) {
    let top = levels.count - 1
    let before = node.kind.scopes
    var after: [PlanScope?] = []
    for (number, scope) in before.enumerated() {
      // A handler stands in the frame of a body that has not bound all its names.
      after.append(merged(scope, at: place.inside(node), inside: number == 0 ? [] : [Level()]))
    }
    guard after.contains(where: { $0 != nil }) else { return }
    levels[top].scope.nodes[index].kind = node.kind.replacing(scopes: zip(after, before).map { $0 ?? $1 })
    levels[top].isChanged = true
  }

  /// What a node does, whatever slot it fills, with one name for all that have the same value.
  private func key(of kind: PlanNode.Kind) -> PlanNode.Kind {
    let twins = levels[levels.count - 1].twins
    let kind = kind.filling(nil)
    if twins.isEmpty { return kind }
    return kind.replacingBindings { depth, slot in
      depth == 0 ? twins[slot].map { .binding(depth: 0, slot: $0) } : nil
    }
  }

  /// Whether the one runs wherever the other does, and no later than that could.
  private func canStand(_ other: Int, for index: Int) -> Bool {
    let top = levels.count - 1
    guard levels[top].branches.covers(other, index) else { return false }
    let own = levels[top].scope.nodes[index].dependencies
    let wanted = levels[top].scope.nodes[other].dependencies
    if own.contains(other) || wanted.isEmpty { return true }
    let awaited = own + own.compactMap { levels[top].standIns[$0] }
    // A set costs more than to look through a few.
    return awaited.count < 16 ? wanted.allSatisfy(awaited.contains) : Set(awaited).isSuperset(of: wanted)
  }

  /// A node of a scope around that does the same and has ended, and how many scopes further out that is.
  private func outside(_ kind: PlanNode.Kind) -> (node: Int, depth: Int)? {
    let top = levels.count - 1
    for depth in 1..<(Self.levelLimit + 1) where depth <= top {
      guard kind.readsOnly({ outwards, _ in outwards >= depth }) else { return nil }
      let level = levels[top - depth]
      if level.current < 0 { continue }
      let moved = kind.replacingBindings { .binding(depth: $0 - depth, slot: $1) }
      let awaited = level.scope.nodes[level.current].dependencies
      let found = level.nodes[moved]?.first { awaited.contains($0) && level.branches.covers($0, level.current) }
      if let found { return (found, depth) }
    }
    return nil
  }

  /// Makes a node a copy of what another fills its slot with.
  private mutating func replace(
    _ index: Int, filling slot: Int, by other: Int, _ depth: Int, _ place: PlanPlace
  ) {
    let top = levels.count - 1
    guard let source = levels[top - depth].scope.nodes[other].kind.sharedSlot else { return }
    let node = levels[top].scope.nodes[index]
    let saved = "one \(node.kind.isCall ? "call" : "value") fewer \(place.often)"
    notes.append("\(place.path(of: node)): the same as \(levels[top - depth].scope.nodes[other].path), \(saved)")
    levels[top].scope.nodes[index].kind = .value(slot: slot, .binding(depth: depth, slot: source))
    if depth == 0, !node.dependencies.contains(other) {
      levels[top].scope.nodes[index].dependencies = (node.dependencies + [other]).sorted()
    }
    levels[top].isChanged = true
  }
}

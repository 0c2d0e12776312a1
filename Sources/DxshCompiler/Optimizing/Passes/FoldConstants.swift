import DxshExpressions
package import DxshPlan

/// Computes what can be known before the run: constant parts of expressions, calls of functions with constants, and
/// whatever reads a name that is a constant. A constant part that fails, or that costs much, is left to the run.
///
/// What a name is counts wherever it is certainly bound: not in `finally`, nor in the handler of a `try` for the names
/// of its body.
package struct FoldConstants: PlanPass {
  package let name = "fold constants"
  package let summary = "computes once, before the run, what depends on nothing that the run gives"

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var result = PassResult(plan)
    let folder = ConstantFolder()
    for index in plan.parameters.indices {
      folder.folds = 0
      guard let value = plan.parameters[index].defaultValue, let folded = folder.folded(value) else { continue }
      result.plan.parameters[index].defaultValue = folded
      result.notes.append(
        Self.note(plan.parameters[index].name, folder.folds, "in each run")
      )
    }
    var folding = ScopeFolding(folder)
    if let body = folding.folded(plan.body, at: PlanPlace()) { result.plan.body = body }
    if let finally = plan.finally, let folded = folding.folded(finally, at: .finally, inside: KnownSlots()) {
      result.plan.finally = folded
    }
    result.notes += folding.notes
    return result
  }

  fileprivate static func note(_ path: String, _ folds: Int, _ often: String) -> String {
    "\(path): \(folds == 1 ? "one part" : "\(folds) parts") computed, once instead of \(often)"
  }
}

/// Walks scopes, those inside others included.
private struct ScopeFolding {
  private let folder: ConstantFolder
  private(set) var notes: [String] = []

  init(_ folder: ConstantFolder) { self.folder = folder }

  /// - frame: what is known of the scope that it stands in, when that is over
  mutating func folded(_ scope: PlanScope, at place: PlanPlace, inside frame: KnownSlots) -> PlanScope? {
    folder.frames.append(frame)
    defer { folder.frames.removeLast() }
    return folded(scope, at: place)
  }

  /// Nil when nothing was folded.
  /// - closing: is done in the frame of the scope when it has ended
  mutating func folded(_ scope: PlanScope, at place: PlanPlace, closing: () -> Void = {}) -> PlanScope? {
    let level = folder.frames.count
    folder.frames.append(KnownSlots())
    defer { folder.frames.removeLast() }
    let outer = notes
    var result: PlanScope?
    var branches = Branches(count: scope.nodes.count)
    let fillers = scope.fillerCounts
    var noted: [(node: Int, lines: [String])] = []
    for index in DependencyGraph(scope.nodes).order.lazy.map(Int.init) {
      branches.add(scope.nodes[index].guardedBy, index)
      if branches.isDead[index] { continue }
      folder.frames[level].look(from: index, branches)
      let node = scope.nodes[index]
      notes = []
      let kind = folded(node, at: place)
      if let kind {
        if result == nil { result = scope }
        result?.nodes[index].kind = kind
      }
      if !notes.isEmpty { noted.append((index, notes)) }
      if let decision = (kind ?? node.kind).decision { branches.decide(index, is: decision) }
      for (slot, value) in (kind ?? node.kind).constants where node.guardedBy != nil || fillers[slot] == 1 {
        if case .connection = scope.slots[slot].type { continue }
        folder.frames[level].add(value, slot, guardedBy: branches.guards[index])
      }
    }
    folder.frames[level].lookFromEnd()
    closing()
    notes = outer + noted.sorted { $0.node < $1.node }.flatMap(\.lines)
    return result
  }

  /// Nil when nothing was folded.
  private mutating func folded(_ node: PlanNode, at place: PlanPlace) -> PlanNode.Kind? {
    folder.folds = 0
    let own = node.kind.replacingExpressions(folder.folded)
    var (folds, closed) = (folder.folds, PlanNode.Kind?.none)
    let before = node.kind.scopes
    var after: [PlanScope?] = []
    for (number, scope) in before.enumerated() {
      let inner = place.inside(node)
      // A handler stands in the frame of a body that has not bound all its names.
      guard number == 0 else {
        after.append(folded(scope, at: inner, inside: KnownSlots()))
        continue
      }
      let folder = folder
      after.append(
        folded(scope, at: inner) {
          folder.folds = 0
          closed = (own ?? node.kind).replacingInnerExpressions(folder.folded)
          folds += folder.folds
        })
    }
    if folds > 0 {
      notes.insert(FoldConstants.note(place.path(of: node), folds, place.often), at: 0)
    }
    guard after.contains(where: { $0 != nil }) else { return closed ?? own }
    return (closed ?? own ?? node.kind).replacing(scopes: zip(after, before).map { $0 ?? $1 })
  }
}

extension PlanNode.Kind {
  /// What the node fills slots with, as far as that is known before the run.
  fileprivate var constants: [(slot: Int, value: Constant)] {
    switch self {
    case .value(let slot, let expression):
      if case .constant(let value) = expression { return [(slot, value)] }
      return []
    case .loop(let loop):
      guard loop.goesOverNothing else { return [] }
      return loop.filledSlots.map { ($0, Constant(.list([]))) }
    case .call, .condition, .assertion, .failure, .iteration, .attempt, .invocation, .wait, .output, .barrier: return []
    }
  }
}

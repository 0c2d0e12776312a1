import DxshExpressions
import DxshPlan

/// What of a loop's body is the same in every instance, and worth computing once.
struct Invariants {
  /// Each after those that it waits for; the dependencies are numbers of these.
  private(set) var nodes: [PlanNode] = []
  /// What they fill in the body.
  private(set) var slots: [PlanScope.Slot] = []
  /// For each slot of the body that one of them fills, which.
  private(set) var numbers: [Int: Int] = [:]
  private let scope: PlanScope
  /// For each of them, its number in the body.
  private var places: [Int] = []

  /// Nil when there is nothing.
  /// - taken: the paths that nodes of the scope around have
  init?(_ scope: PlanScope, of kind: PlanNode.Kind, taken paths: Set<String>) {
    self.scope = scope
    let fillers = scope.fillerCounts
    let order = DependencyGraph(scope.nodes).order.map(Int.init)
    var candidates = Candidates(scope, order) { node in
      guard node.guardedBy == nil, !paths.contains(node.path), let slot = node.kind.sharedSlot else { return false }
      if case .connection = scope.slots[slot].type { return false }
      return fillers[slot] == 1
    }
    if candidates.bySlot.isEmpty { return nil }
    var survivesFailures = false
    if case .loop(let loop) = kind { survivesFailures = loop.onError == .skip || loop.collectSlot != nil }
    let mayFail = survivesFailures ? [] : scope.awaitedByAll(among: candidates.isCandidate, order)
    candidates = Candidates(scope, order) { [first = candidates] node in
      guard let slot = node.kind.sharedSlot, let index = first.bySlot[slot] else { return false }
      return node.kind.cannotFail || mayFail.contains(index)
    }
    keepNeeded(of: candidates.isCandidate, candidates.bySlot, in: order)
    if nodes.isEmpty { return nil }
  }

  /// Nodes that wait for and read nothing of the body but others of them.
  private struct Candidates {
    let bySlot: [Int: Int]
    let isCandidate: [Bool]

    init(_ scope: PlanScope, _ order: [Int], where isFit: (PlanNode) -> Bool) {
      var bySlot: [Int: Int] = [:]
      var isCandidate = [Bool](repeating: false, count: scope.nodes.count)
      for index in order {
        let node = scope.nodes[index]
        guard let slot = node.kind.sharedSlot, isFit(node), node.dependencies.allSatisfy({ isCandidate[$0] }),
          node.kind.readsOnly({ depth, slot in depth > 0 || bySlot[slot] != nil })
        else { continue }
        bySlot[slot] = index
        isCandidate[index] = true
      }
      (self.bySlot, self.isCandidate) = (bySlot, isCandidate)
    }
  }

  /// Those that are worth it, and what they need.
  private mutating func keepNeeded(of isCandidate: [Bool], _ candidates: [Int: Int], in order: [Int]) {
    var isNeeded = [Bool](repeating: false, count: scope.nodes.count)
    for index in order.reversed() where isCandidate[index] {
      let node = scope.nodes[index]
      guard isNeeded[index] || node.kind.isWorthSharing else { continue }
      isNeeded[index] = true
      for dependency in node.dependencies { isNeeded[dependency] = true }
      node.kind.forEachExpression { expression in
        expression.forEachBinding { depth, slot in
          if depth == 0, let filler = candidates[slot] { isNeeded[filler] = true }
        }
      }
    }
    var numberOf: [Int: Int] = [:]
    for index in order where isNeeded[index] {
      guard let slot = scope.nodes[index].kind.sharedSlot else { continue }
      var node = scope.nodes[index]
      node.dependencies = node.dependencies.compactMap { numberOf[$0] }.sorted()
      numberOf[index] = nodes.count
      numbers[slot] = nodes.count
      nodes.append(node)
      slots.append(scope.slots[slot])
      places.append(index)
    }
  }

  /// The body, in which they are copies of the slots from one on of the scope around.
  func body(reading first: Int) -> PlanScope {
    var body = scope
    for (number, place) in places.enumerated() {
      guard let slot = scope.nodes[place].kind.sharedSlot else { continue }
      body.nodes[place].kind = .value(slot: slot, .binding(depth: 1, slot: first + number))
      body.nodes[place].path += "@each"
    }
    return body
  }
}

extension PlanNode.Kind {
  fileprivate var cannotFail: Bool {
    if case .value(_, let expression) = self { expression.cannotFail } else { false }
  }

  /// Whether a journal speaks of it or of something inside, as of whatever is no pure step and takes time; or whether
  /// it is there to fail, with what is then said of the run.
  fileprivate var isSeen: Bool {
    switch self {
    case .call(let call): call.effect != .pure
    case .invocation, .wait, .assertion, .failure: true
    case .loop, .iteration, .attempt: scopes.contains { $0.nodes.contains { $0.kind.isSeen } }
    case .value, .condition, .output, .barrier: false
    }
  }
}

extension PlanScope {
  /// The nodes among some that everything waits for of which a journal speaks, or that may be seen outside: of pure
  /// steps and values alone it does not matter whether they were made. Only the first 64 of those that may fail are
  /// looked at.
  fileprivate func awaitedByAll(among isCandidate: [Bool], _ order: [Int]) -> Set<Int> {
    var bits: [Int: UInt64] = [:]
    for index in order where isCandidate[index] && !nodes[index].kind.cannotFail && bits.count < 64 {
      bits[index] = 1 << UInt64(bits.count)
    }
    var awaited = [UInt64](repeating: 0, count: nodes.count)
    var common = UInt64.max
    for index in order {
      awaited[index] = nodes[index].dependencies.reduce(bits[index] ?? 0) { $0 | awaited[$1] }
      if nodes[index].kind.isSeen { common &= awaited[index] }
    }
    return Set(bits.filter { common & $0.value != 0 }.keys)
  }
}

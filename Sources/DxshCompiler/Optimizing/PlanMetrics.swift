import DxshExpressions
package import DxshPlan

/// How wide and how long a scope's graph is.
package struct PlanMetrics: Sendable, Hashable {
  /// How many instances of a loop's body run at once where the plan does not say.
  package static let defaultParallel = 16

  /// The numbers of the scope's nodes by how many calls and loops must end one after the other before they can begin;
  /// ascending in each level. What takes no time stands where it becomes ready.
  package private(set) var levels: [[Int]] = []
  /// The longest chain of calls: their paths, those in the bodies of loops behind the loop's (`enrich/lookup`).
  package private(set) var criticalPath: [String] = []
  /// How many calls the largest level has: an estimate of how many run at once. Each loop counts as many bodies as may
  /// run side by side; exclusive branches both count.
  package private(set) var width = 0
  /// How many calls are written in the scope and the bodies of its loops.
  package private(set) var callCount = 0
  /// Of the scopes inside nodes, by the number of the node.
  package private(set) var inner: [Int: [PlanMetrics]] = [:]

  package init(_ plan: Plan) {
    self.init(plan.body)
  }

  /// The scope must be without cycles.
  package init(_ scope: PlanScope) {
    for (index, node) in scope.nodes.enumerated() {
      switch node.kind {
      case .loop, .iteration, .attempt:
        let scopes = node.kind.scopes.map(PlanMetrics.init)
        callCount += scopes.reduce(0) { $0 + $1.callCount }
        inner[index] = scopes
      case .call, .invocation: callCount += 1
      case .value, .condition, .assertion, .failure, .wait, .output, .barrier: break
      }
    }
    let order = DependencyGraph(scope.nodes).order.map(Int.init)
    measureLevels(of: scope.nodes, in: order)
    measureCriticalPath(of: scope.nodes, in: order)
  }

  private mutating func measureLevels(of nodes: [PlanNode], in order: [Int]) {
    var level = [Int](repeating: 0, count: nodes.count)
    for node in order {
      for dependency in nodes[node].dependencies {
        level[node] = max(level[node], level[dependency] + (nodes[dependency].kind.takesTime ? 1 : 0))
      }
    }
    levels = [[Int]](repeating: [], count: (level.max() ?? -1) + 1)
    for node in nodes.indices { levels[level[node]].append(node) }
    for level in levels {
      width = max(width, level.reduce(0) { $0.addingClamped(width(of: nodes[$1].kind, $1)) })
    }
  }

  private func width(of kind: PlanNode.Kind, _ node: Int) -> Int {
    switch kind {
    case .call, .invocation: return 1
    case .iteration, .attempt: return inner[node]?.map(\.width).max() ?? 0
    case .loop(let loop):
      var parallel = Self.defaultParallel
      if case .constant(let constant)? = loop.parallel, case .int(let count) = constant.value {
        parallel = max(1, Int(clamping: count))
      }
      return (inner[node]?[0].width ?? 0).multipliedClamped(by: parallel)
    case .value, .condition, .assertion, .failure, .wait, .output, .barrier: return 0
    }
  }

  private mutating func measureCriticalPath(of nodes: [PlanNode], in order: [Int]) {
    /// For each node, how many calls the longest chain up to its end has, and the node before it in that chain.
    var lengths = [Int](repeating: 0, count: nodes.count)
    var before = [Int?](repeating: nil, count: nodes.count)
    for node in order {
      for dependency in nodes[node].dependencies where lengths[dependency] > lengths[node] {
        lengths[node] = lengths[dependency]
        before[node] = dependency
      }
      switch nodes[node].kind {
      case .call, .invocation, .wait: lengths[node] += 1
      case .loop, .iteration, .attempt: lengths[node] += inner[node]?[0].criticalPath.count ?? 0
      case .value, .condition, .assertion, .failure, .output, .barrier: break
      }
    }
    guard let length = lengths.max(), var node = lengths.firstIndex(of: length) else { return }
    var chain: [Int] = []
    while true {
      chain.append(node)
      guard let next = before[node] else { break }
      node = next
    }
    for node in chain.reversed() {
      if let body = inner[node]?[0] {
        criticalPath += body.criticalPath.map { "\(nodes[node].path)/\($0)" }
      } else if nodes[node].kind.takesTime {
        criticalPath.append(nodes[node].path)
      }
    }
  }
}

extension PlanNode.Kind {
  /// Whether something outside may be waited for.
  fileprivate var takesTime: Bool {
    switch self {
    case .call, .loop, .iteration, .attempt, .invocation, .wait: true
    case .value, .condition, .assertion, .failure, .output, .barrier: false
    }
  }
}

extension Int {
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

import DxshExpressions
package import DxshPlan
package import DxshTime

/// Of each step about how long the longest chain is that begins with it and ends with its run: what makes list
/// scheduling start first what would be waited for last (T. C. Hu, "Parallel sequencing and assembly line problems",
/// 1961).
///
/// A step takes what its `uses(time:)` says where that is a constant, else a second; what is computed takes nothing, a
/// loop as long as one of its instances.
package struct StepRanks: Sendable {
  /// By the numbers of the nodes in the whole plan.
  private var rests: [Float]
  private let firstNodes: [Int]

  package init(_ plan: ValidatedPlan) {
    firstNodes = plan.scopes.map(\.firstNode)
    rests = [Float](repeating: 0, count: plan.scopes.reduce(0) { $0 + $1.nodes.count })
    var lengths = [Float](repeating: 0, count: plan.scopes.count)
    let ranges = Self.scopes(of: plan)
    // Workflows after those that they call, and each scope after those inside it.
    for workflow in Array(ranges.indices.dropFirst()) + [0] {
      for scope in ranges[workflow].reversed() {
        measure(plan.scopes[scope], of: plan, &lengths, scope)
      }
    }
    var tails = [Float](repeating: 0, count: plan.scopes.count)
    for workflow in [0] + ranges.indices.dropFirst().reversed() {
      for scope in ranges[workflow] { addTails(plan.scopes[scope], of: plan, lengths, &tails, scope) }
    }
  }

  package func rest(scope: Int, node: Int) -> Float { rests[firstNodes[scope] + node] }

  /// The numbers of the scopes of each workflow.
  private static func scopes(of plan: ValidatedPlan) -> [Range<Int>] {
    let starts = plan.workflows.map(\.body)
    return starts.indices.map { number in
      starts[number]..<(starts.filter { $0 > starts[number] }.min() ?? plan.scopes.count)
    }
  }

  private mutating func measure(
    _ scope: ValidatedPlan.Scope, of plan: ValidatedPlan, _ lengths: inout [Float], _ number: Int
  ) {
    let graph = DependencyGraph(scope.nodes)
    var length: Float = 0
    for index in graph.order.reversed() {
      let node = Int(index)
      var behind: Float = 0
      for successor in scope.successors(of: node) { behind = max(behind, rests[scope.firstNode + Int(successor)]) }
      let own = Self.duration(of: node, in: scope, of: plan, lengths)
      rests[scope.firstNode + node] = own + behind
      length = max(length, own + behind)
    }
    lengths[number] = length
  }

  /// What comes after the scope counts for the steps in it too.
  private mutating func addTails(
    _ scope: ValidatedPlan.Scope, of plan: ValidatedPlan, _ lengths: [Float], _ tails: inout [Float], _ number: Int
  ) {
    let tail = tails[number]
    for (node, template) in scope.nodes.enumerated() {
      let place = scope.firstNode + node
      rests[place] += tail
      let behind = rests[place] - Self.duration(of: node, in: scope, of: plan, lengths)
      switch template.kind {
      case .loop, .iteration: tails[Int(scope.bodies[node])] = behind
      case .attempt:
        tails[Int(scope.bodies[node])] = behind
        tails[Int(scope.handlers[node])] = behind
      case .invocation(let invocation):
        let body = plan.workflows[invocation.callee + 1].body
        tails[body] = max(tails[body], behind)
      case .value, .call, .condition, .assertion, .failure, .wait, .output, .barrier: break
      }
    }
  }

  private static func duration(
    of node: Int, in scope: ValidatedPlan.Scope, of plan: ValidatedPlan, _ lengths: [Float]
  ) -> Float {
    switch scope.nodes[node].kind {
    case .call(let call): call.usualTime.map { Float($0.clampedNanoseconds) / 1e9 } ?? 0
    case .loop, .iteration, .attempt: lengths[Int(scope.bodies[node])]
    case .invocation(let invocation): lengths[plan.workflows[invocation.callee + 1].body]
    case .value, .condition, .assertion, .failure, .wait, .output, .barrier: 0
    }
  }
}

extension PlanCall {
  /// How long an attempt takes: what the author says, else a second; nil for what is only computed.
  package var usualTime: TimeSpan? {
    if case .constant(let constant)? = needs?.time, case .duration(let span) = constant.value { return span }
    return effect == .pure ? nil : TimeSpan(nanoseconds: 1_000_000_000)
  }
}

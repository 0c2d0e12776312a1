/// A plan that can be run: everything it refers to exists, and its graphs have no cycles.
///
/// `Plan.validated()` is the only door. It also lays out what the interpreter needs at every event, so that
/// running never searches the plan.
package struct ValidatedPlan: Sendable {
  package let plan: Plan
  /// The scopes of the plan, the body first, each before those inside it.
  package let scopes: [Scope]
  /// Of each workflow: the plan's own first, then its callees.
  package let workflows: [Workflow]

  /// The numbers of a workflow's scopes.
  package struct Workflow: Sendable {
    package let body: Int
    package let finally: Int?
  }

  /// A scope with its derived tables.
  package struct Scope: Sendable {
    package let slotCount: Int
    package let nodes: [PlanNode]
    /// For each node, how many it depends on.
    package let dependencyCounts: [Int32]
    /// The nodes that depend on nothing, descending: taken from the end of a stack, they come in the order of the text.
    package let roots: [Int32]
    /// For each node with scopes inside, the number of its body in `scopes`; for each call that can be undone, that of
    /// the scope of its compensation (`PlanCall.compensationScope`); -1 for others.
    package let bodies: [Int32]
    /// For each `try`, the number of its handler; for each call that can be verified, that of the scope of its
    /// verification (`PlanCall.verificationScope`); -1 for others.
    package let handlers: [Int32]
    /// The number of this scope's first node among all nodes of the plan.
    package let firstNode: Int
    private let successorStarts: [Int32]
    private let successorList: [Int32]

    init(_ scope: PlanScope, _ graph: DependencyGraph, bodies: [Int32], handlers: [Int32], firstNode: Int) {
      self.slotCount = scope.slots.count
      self.nodes = scope.nodes
      self.bodies = bodies
      self.handlers = handlers
      self.firstNode = firstNode
      self.dependencyCounts = graph.dependencyCounts
      self.roots = graph.roots.reversed()
      self.successorStarts = graph.successorStarts
      self.successorList = graph.successorList
    }

    /// The nodes that depend on a node, ascending.
    package func successors(of node: Int) -> ArraySlice<Int32> {
      successorList[Int(successorStarts[node])..<Int(successorStarts[node + 1])]
    }
  }

  init(plan: Plan, scopes: [Scope], workflows: [Workflow]) {
    self.plan = plan
    self.scopes = scopes
    self.workflows = workflows
  }
}

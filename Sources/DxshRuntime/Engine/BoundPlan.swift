import DxshExpressions
package import DxshPlan

/// A plan with every call bound to what carries it out, looked up once before the run starts.
package struct BoundPlan: Sendable {
  /// What all calls of a node have in common that give values of one type.
  final class Node: Sendable {
    let parameters: [String]
    let decoder: TypeDecoder
    let implementation: any NodeImplementation
    /// The implementation, when it answers at once.
    let immediate: (any ImmediateNode)?
    /// Whether its calls are to know which step they are of.
    let isSpeaking: Bool

    fileprivate init(_ implementation: any NodeImplementation, _ call: PlanCall) {
      parameters = call.arguments.map(\.name)
      decoder = TypeDecoder(call.result)
      self.implementation = implementation
      immediate = implementation as? any ImmediateNode
      isSpeaking = implementation is any SpeakingNode
    }

    fileprivate func fits(_ call: PlanCall) -> Bool {
      parameters.count == call.arguments.count && zip(parameters, call.arguments).allSatisfy { $0 == $1.name }
    }
  }

  struct Call {
    let plan: PlanCall
    private let node: Node

    fileprivate init(_ plan: PlanCall, _ node: Node) {
      self.plan = plan
      self.node = node
    }

    var parameters: [String] { node.parameters }
    var decoder: TypeDecoder { node.decoder }
    var implementation: any NodeImplementation { node.implementation }
    var immediate: (any ImmediateNode)? { node.immediate }
    var isSpeaking: Bool { node.isSpeaking }
  }

  private struct Kind: Hashable {
    let node: String
    let result: Type
  }

  let plan: ValidatedPlan
  /// Whether a step needs something of what runs share.
  let sharesLimits: Bool
  /// By the numbers of the plan's nodes; nil for what is no call.
  private let nodes: [Node?]

  /// Throws a failure that names the first node without an implementation.
  package init(_ plan: ValidatedPlan, registry: NodeRegistry) throws(RunFailure) {
    var nodes: [Node?] = []
    nodes.reserveCapacity(plan.scopes.reduce(0) { $0 + $1.nodes.count })
    var known: [Kind: Node] = [:]
    var sharesLimits = false
    for scope in plan.scopes {
      for node in scope.nodes {
        guard case .call(let call) = node.kind else {
          nodes.append(nil)
          continue
        }
        if call.limits != nil { sharesLimits = true }
        let kind = Kind(node: call.node, result: call.result)
        if let bound = known[kind], bound.fits(call) {
          nodes.append(bound)
          continue
        }
        guard let implementation = registry[call.node] else {
          throw RunFailure(
            kind: "unavailable", message: "the node `\(call.node)` is declared but nothing implements it",
            path: node.path, attempt: 0)
        }
        let bound = Node(implementation, call)
        known[kind] = bound
        nodes.append(bound)
      }
    }
    self.plan = plan
    self.nodes = nodes
    self.sharesLimits = sharesLimits
  }

  func call(scope: Int, node: Int) -> Call {
    let scope = plan.scopes[scope]
    guard case .call(let call) = scope.nodes[node].kind, let bound = nodes[scope.firstNode + node] else {
      preconditionFailure("only calls are started")
    }
    return Call(call, bound)
  }

  func call(of id: StepID, in interpreter: borrowing Interpreter) -> Call {
    call(scope: interpreter.scope(of: id), node: Int(id.node))
  }
}

extension RunFailure: Error {}

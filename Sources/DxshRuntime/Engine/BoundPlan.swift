import DxshExpressions
package import DxshPlan

/// A plan with every call bound to what carries it out, looked up once before the run starts.
package struct BoundPlan: Sendable {
  struct Call: Sendable {
    let plan: PlanCall
    let parameters: [String]
    let decoder: TypeDecoder
    let implementation: any NodeImplementation
    /// The implementation, when it answers at once.
    let immediate: (any ImmediateNode)?
    /// Whether its calls are to know which step they are of.
    let isSpeaking: Bool
  }

  let plan: ValidatedPlan
  /// Whether a step needs something of what runs share.
  let sharesLimits: Bool
  private let calls: [Call?]

  /// Throws a failure that names the first node without an implementation.
  package init(_ plan: ValidatedPlan, registry: NodeRegistry) throws(RunFailure) {
    var calls: [Call?] = []
    var decoders: [Type: TypeDecoder] = [:]
    for scope in plan.scopes {
      for node in scope.nodes {
        guard case .call(let call) = node.kind else {
          calls.append(nil)
          continue
        }
        guard let implementation = registry[call.node] else {
          throw RunFailure(
            kind: "unavailable", message: "the node `\(call.node)` is declared but nothing implements it",
            path: node.path, attempt: 0)
        }
        let decoder = decoders[call.result] ?? TypeDecoder(call.result)
        decoders[call.result] = decoder
        calls.append(
          Call(
            plan: call, parameters: call.arguments.map(\.name), decoder: decoder, implementation: implementation,
            immediate: implementation as? any ImmediateNode, isSpeaking: implementation is any SpeakingNode))
      }
    }
    self.plan = plan
    self.calls = calls
    sharesLimits = calls.contains { $0?.plan.limits != nil }
  }

  func call(scope: Int, node: Int) -> Call {
    guard let call = calls[plan.scopes[scope].firstNode + node] else { preconditionFailure("only calls are started") }
    return call
  }
  func call(of id: StepID, in interpreter: borrowing Interpreter) -> Call {
    call(scope: interpreter.scope(of: id), node: Int(id.node))
  }
}

extension RunFailure: Error {}

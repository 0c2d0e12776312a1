package import DxshPlan
import DxshSyntax

/// Turns a checked workflow into its plan. Total: there is nothing left to find wrong.
///
/// The workflow must come from a program without errors.
package func lower(_ workflow: CheckedWorkflow) -> Plan {
  Plan(
    workflow: workflow.name,
    parameters: workflow.parameters.map { .init(name: $0.name, type: $0.type, defaultValue: $0.defaultValue) },
    secrets: workflow.secrets.map { .init(name: $0.name.text, type: $0.type, source: $0.source) },
    result: workflow.result, concurrency: workflow.concurrency, body: lower(workflow.body))
}

private func lower(_ scope: CheckedScope) -> PlanScope {
  PlanScope(slots: scope.slots.map { .init(name: $0.name, type: $0.type) }, nodes: scope.leaves.map(lower))
}

private func lower(_ leaf: CheckedLeaf) -> PlanNode {
  PlanNode(
    path: leaf.path, kind: lower(leaf.kind), guardedBy: leaf.guardedBy, dependencies: leaf.dependencies)
}

private func lower(_ kind: CheckedLeaf.Kind) -> PlanNode.Kind {
  switch kind {
  case .value(let slot, let expression): .value(slot: slot, expression)
  case .call(let call): .call(lower(call))
  case .condition(let expression): .condition(expression)
  case .assertion(let condition, let message): .assertion(condition, message: message)
  case .failure(let kind, let message): .failure(kind: kind, message: message)
  case .loop(let loop): .loop(lower(loop))
  case .output(let expression): .output(expression)
  case .barrier: .barrier
  case .invalid: preconditionFailure("a program with errors is not lowered")
  }
}

private func lower(_ call: CheckedCall) -> PlanCall {
  PlanCall(
    node: call.signature.path, effect: call.policies.assumedEffect ?? call.signature.effect,
    arguments: zip(call.signature.parameters, call.arguments).map { .init(name: $0.name, value: $1) },
    result: call.result, slot: call.slot, timeout: call.policies.timeout ?? call.signature.timeout,
    retry: call.policies.retry)
}

private func lower(_ loop: CheckedLoop) -> PlanLoop {
  PlanLoop(
    sequence: loop.sequence, indexSlot: loop.indexSlot, elementSlot: loop.elementSlot,
    parallel: loop.policies.parallel, onError: loop.policies.onError, collectSlot: loop.collectSlot,
    exports: loop.exports, body: lower(loop.body))
}

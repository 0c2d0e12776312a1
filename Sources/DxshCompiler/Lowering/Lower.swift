package import DxshPlan
import DxshSyntax

/// Turns a checked workflow into its plan. Total: there is nothing left to find wrong.
///
/// The workflow must come from a program without errors.
/// - program: whose workflows its steps call
package func lower(_ workflow: CheckedWorkflow, of program: CheckedProgram) -> Plan {
  let lowering = Lowering(workflow, of: program)
  return Plan(
    workflow: workflow.name,
    parameters: workflow.parameters.map { .init(name: $0.name, type: $0.type, defaultValue: $0.defaultValue) },
    secrets: workflow.secrets.map { .init(name: $0.label, type: $0.type, source: $0.source) },
    result: workflow.result, concurrency: workflow.limits.concurrency, memory: workflow.limits.memory,
    time: workflow.limits.time, body: lowering.lower(workflow.body),
    finally: workflow.finally.map(lowering.lower), callees: lowering.callees)
}

/// What a workflow, its steps and those of the workflows in its plan were called.
func formerNames(of workflow: CheckedWorkflow, in program: CheckedProgram) -> FormerNames {
  var names = workflow.formerNames
  names.ofCallees = Lowering(workflow, of: program).formerNames
  return names
}

/// Lowers one workflow: knows the numbers of those that it calls.
private struct Lowering {
  private(set) var callees: [PlanCallee] = []
  private(set) var formerNames: [[String: String]] = []
  private var numbers: [String: Int] = [:]
  private let secrets: [Name: Int]

  init(_ workflow: CheckedWorkflow, of program: CheckedProgram) {
    secrets = Dictionary(
      workflow.secrets.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    let workflows = Dictionary(
      (program.workflows + program.imported).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    addCallees(of: workflow, workflows)
  }

  /// Those that a workflow calls, each after what it calls itself.
  private mutating func addCallees(of workflow: CheckedWorkflow, _ workflows: [String: CheckedWorkflow]) {
    for name in workflow.calledWorkflows where numbers[name] == nil {
      guard let callee = workflows[name] else { preconditionFailure("a checked program has the workflows it calls") }
      addCallees(of: callee, workflows)
      numbers[name] = callees.count
      formerNames.append(callee.formerNames.current)
      callees.append(
        PlanCallee(
          workflow: callee.name, parameters: callee.parameters.map(\.name),
          secrets: callee.secrets.compactMap { secrets[$0.name] }, time: callee.limits.time, body: lower(callee.body),
          finally: callee.finally.map(lower)))
    }
  }

  func lower(_ scope: CheckedScope) -> PlanScope {
    PlanScope(slots: scope.slots.map { .init(name: $0.name, type: $0.type) }, nodes: scope.leaves.map(lower))
  }

  func lower(_ leaf: CheckedLeaf) -> PlanNode {
    PlanNode(
      path: leaf.path, kind: lower(leaf.kind), guardedBy: leaf.guardedBy, dependencies: leaf.dependencies)
  }

  func lower(_ kind: CheckedLeaf.Kind) -> PlanNode.Kind {
    switch kind {
    case .value(let slot, let expression): .value(slot: slot, expression)
    case .call(let call): .call(lower(call))
    case .condition(let expression): .condition(expression)
    case .assertion(let condition, let message): .assertion(condition, message: message)
    case .failure(let kind, let message): .failure(kind: kind, message: message)
    case .loop(let loop): .loop(lower(loop))
    case .iteration(let iteration): .iteration(lower(iteration))
    case .attempt(let attempt):
      .attempt(
        PlanAttempt(
          body: lower(attempt.body), handler: lower(attempt.handler), errorSlot: attempt.errorSlot,
          exports: attempt.exports))
    case .invocation(let invocation):
      .invocation(
        PlanInvocation(
          callee: numbers[invocation.workflow] ?? 0, arguments: invocation.arguments, slot: invocation.slot,
          retry: invocation.policies.retry, deadline: invocation.policies.deadline,
          fallback: invocation.policies.fallback))
    case .wait(let wait): .wait(wait.plan)
    case .output(let expression): .output(expression)
    case .barrier: .barrier
    case .approval, .invalid: preconditionFailure("a program with errors is not lowered")
    }
  }

  func lower(_ call: CheckedCall) -> PlanCall {
    PlanCall(
      node: call.signature.path, effect: call.effect,
      arguments: zip(call.signature.parameters, call.arguments).map { .init(name: $0.name, value: $1) },
      result: call.result, slot: call.slot, timeout: call.policies.timeout ?? call.signature.timeout,
      retry: call.policies.retry, deadline: call.policies.deadline, startBy: call.policies.startBy,
      heartbeat: call.policies.heartbeat, poll: call.policies.poll, cache: call.policies.cache,
      fallback: call.policies.fallback, limits: call.policies.limits, needs: call.policies.needs,
      onInterrupt: call.policies.onInterrupt.map(lower),
      compensation: call.policies.compensation.map { .call(lower($0)) })
  }

  func lower(_ interruption: CheckedInterruption) -> PlanCall.Interruption {
    switch interruption {
    case .retry: .retry
    case .fail: .fail
    case .verify(let call): .verify(lower(call))
    }
  }

  func lower(_ followUp: CheckedFollowUp) -> PlanCall {
    let signature = followUp.signature
    return PlanCall(
      node: signature.path, effect: signature.effect,
      arguments: zip(signature.parameters, followUp.arguments).map { .init(name: $0.name, value: $1) },
      result: followUp.result, slot: nil, timeout: signature.timeout, retry: followUp.retry)
  }

  func lower(_ loop: CheckedLoop) -> PlanLoop {
    PlanLoop(
      sequence: loop.sequence, indexSlot: loop.indexSlot, elementSlot: loop.elementSlot,
      parallel: loop.policies.parallel, onError: loop.policies.onError, first: loop.policies.first,
      collectSlot: loop.collectSlot, exports: loop.exports, body: lower(loop.body))
  }

  func lower(_ iteration: CheckedIteration) -> PlanIteration {
    PlanIteration(
      initial: iteration.initial, stateSlot: iteration.stateSlot, maximum: iteration.maximum, next: iteration.next,
      condition: iteration.condition, slot: iteration.slot, exports: iteration.exports, body: lower(iteration.body))
  }
}

extension CheckedWorkflow {
  /// The workflows that its steps call, in the order of the text.
  fileprivate var calledWorkflows: [String] { body.calledWorkflows + (finally?.calledWorkflows ?? []) }
}

extension CheckedScope {
  fileprivate var calledWorkflows: [String] {
    leaves.flatMap { leaf -> [String] in
      switch leaf.kind {
      case .invocation(let invocation): [invocation.workflow]
      case .loop(let loop): loop.body.calledWorkflows
      case .iteration(let iteration): iteration.body.calledWorkflows
      case .attempt(let attempt): attempt.body.calledWorkflows + attempt.handler.calledWorkflows
      case .value, .call, .condition, .assertion, .failure, .approval, .wait, .output, .barrier, .invalid: []
      }
    }
  }
}

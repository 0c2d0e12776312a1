package import DxshExpressions

/// `repeat`: instances of the body one after the other, each with the state that the one before gave.
package struct PlanIteration: Sendable, Hashable {
  /// The first state.
  package var initial: Expression
  /// The body's slot for the state.
  package var stateSlot: Int
  /// An int: how many instances there may be.
  package var maximum: Expression
  /// The next state, in the frame of an instance that has ended.
  package var next: Expression
  /// A bool in that frame: whether there is another instance; nil goes on to the maximum.
  package var condition: Expression?
  /// The slot for the last state; nil when nobody reads it.
  package var slot: Int?
  /// The lists of what the names of the body were in each instance.
  package var exports: [PlanLoop.Export]
  package var body: PlanScope

  package init(
    initial: Expression, stateSlot: Int, maximum: Expression, next: Expression, condition: Expression?, slot: Int?,
    exports: [PlanLoop.Export], body: PlanScope
  ) {
    self.initial = initial
    self.stateSlot = stateSlot
    self.maximum = maximum
    self.next = next
    self.condition = condition
    self.slot = slot
    self.exports = exports
    self.body = body
  }
}

/// `try`: a body, and what handles its failure once everything in it has ended.
package struct PlanAttempt: Sendable, Hashable {
  /// A name that the body or the handler binds for the scope around.
  package struct Export: Sendable, Hashable {
    /// A slot of the body.
    package var body: Int?
    /// A slot of the handler, which wins when the handler has run.
    package var handler: Int?
    package var outer: Int

    package init(body: Int?, handler: Int?, outer: Int) {
      self.body = body
      self.handler = handler
      self.outer = outer
    }
  }

  package var body: PlanScope
  /// Its frame stands inside the body's: what the body did not bind is none.
  package var handler: PlanScope
  /// The handler's slot for the error: `{ kind, message }`.
  package var errorSlot: Int
  package var exports: [Export]

  package init(body: PlanScope, handler: PlanScope, errorSlot: Int, exports: [Export]) {
    self.body = body
    self.handler = handler
    self.errorSlot = errorSlot
    self.exports = exports
  }
}

/// The call of a workflow of the same plan.
package struct PlanInvocation: Sendable, Hashable {
  /// Its number among the plan's callees.
  package var callee: Int
  /// One for each of its parameters, in their order.
  package var arguments: [Expression]
  /// Nil when nobody reads the output.
  package var slot: Int?
  /// How often and when it goes on after it has failed: with what it has done, and without its failure (rule 43).
  package var retry: PlanCall.Retry?
  /// A duration: when all its attempts together have to be over, counted from its beginning; nil for none.
  package var deadline: Expression?
  /// What it gives where it has failed for good, of the type of its output.
  package var fallback: PlanCall.Fallback?

  package init(
    callee: Int, arguments: [Expression], slot: Int?, retry: PlanCall.Retry? = nil, deadline: Expression? = nil,
    fallback: PlanCall.Fallback? = nil
  ) {
    self.fallback = fallback
    self.deadline = deadline
    self.callee = callee
    self.arguments = arguments
    self.slot = slot
    self.retry = retry
  }
}

/// A workflow that steps of the plan call.
package struct PlanCallee: Sendable, Hashable {
  package var workflow: String
  /// In the first slots of its body.
  package var parameters: [String]
  /// The numbers of the plan's secrets that stand in the slots after them.
  package var secrets: [Int]
  package var time: PlanTimeLimits
  package var body: PlanScope
  package var finally: PlanScope?

  package init(
    workflow: String, parameters: [String], secrets: [Int], time: PlanTimeLimits = PlanTimeLimits(), body: PlanScope,
    finally: PlanScope?
  ) {
    self.time = time
    self.workflow = workflow
    self.parameters = parameters
    self.secrets = secrets
    self.body = body
    self.finally = finally
  }
}

extension PlanNode.Kind {
  /// The scopes inside the node, each before what stands in its frame.
  package var scopes: [PlanScope] {
    switch self {
    case .loop(let loop): [loop.body]
    case .iteration(let iteration): [iteration.body]
    case .attempt(let attempt): [attempt.body, attempt.handler]
    case .value, .call, .condition, .assertion, .failure, .invocation, .wait, .output, .barrier: []
    }
  }

  /// Whether there are scopes inside.
  package var hasScopes: Bool {
    switch self {
    case .loop, .iteration, .attempt: true
    case .value, .call, .condition, .assertion, .failure, .invocation, .wait, .output, .barrier: false
    }
  }

  /// The same node with other scopes inside, as many as it has.
  package func replacing(scopes: [PlanScope]) -> PlanNode.Kind {
    switch self {
    case .loop(var loop):
      loop.body = scopes[0]
      return .loop(loop)
    case .iteration(var iteration):
      iteration.body = scopes[0]
      return .iteration(iteration)
    case .attempt(var attempt):
      (attempt.body, attempt.handler) = (scopes[0], scopes[1])
      return .attempt(attempt)
    case .value, .call, .condition, .assertion, .failure, .invocation, .wait, .output, .barrier: return self
    }
  }
}

extension Plan {
  /// All scopes that are no part of another: the body, `finally`, and those of the workflows that are called.
  package var outermostScopes: [PlanScope] {
    ([(body, finally)] + callees.map { ($0.body, $0.finally) }).flatMap { [$0.0] + ($0.1.map { [$0] } ?? []) }
  }
}

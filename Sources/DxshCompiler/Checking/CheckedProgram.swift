package import DxshExpressions
package import DxshPlan
package import DxshSyntax
import DxshTime

/// What checking a module found out: its workflows, with every name resolved and every expression typed, and its
/// mistakes.
package struct CheckedProgram: Sendable {
  /// Those without an error in them; a program with errors is not lowered.
  package var workflows: [CheckedWorkflow]
  /// Those of the files that are imported.
  package var imported: [CheckedWorkflow]
  /// Sorted by position.
  package var diagnostics: [Diagnostic]
  /// The library's files that were read, for diagnostics that point into them.
  package var libraryFiles: [SourceFile]

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// A workflow with its body as a graph.
package struct CheckedWorkflow: Sendable {
  package var name: String
  /// Unique among all files.
  package var id: String
  package var documentation: String?
  package var parameters: [ParameterSignature]
  /// Those that the workflow mentions, in the slots after the parameters'.
  package var secrets: [CheckedSecret]
  /// Nil when it has no output.
  package var result: Type?
  package var limits = CheckedLimits()
  package var body: CheckedScope
  /// Inside the body's frame; its first slot is the record `run`.
  package var finally: CheckedScope?
  /// The greatest of its steps (rule 43).
  package var effect: Effect
  /// What it can end with.
  package var errors: ErrorKinds
  /// Whether there are waits in it or in what it calls.
  package var mayWait = false
  /// Of those that it asks for, also through others, the one that may take the longest; nil for none.
  package var approval: CheckedApproval?
  /// What it and its steps were called.
  package var formerNames = FormerNames()
  /// How many calls lead from it to the innermost workflow; 0 when it calls none.
  package var callDepth = 0
}

/// What a workflow's header says that a run may use; nil where it does not say.
package struct CheckedLimits: Sendable {
  /// How many steps may be under way at once.
  package var concurrency: Int?
  /// In bytes: what the steps under way may use together.
  package var memory: Int64?
  package var time = PlanTimeLimits()
}

/// A declared secret.
package struct CheckedSecret: Sendable {
  package var name: Name
  /// What its slot is called: its name, with that of its file in another.
  package var label: String
  /// Of the value, without `secret`.
  package var type: Type
  package var source: Plan.Secret.Source
}

/// The body of a workflow or loop: its names, and its items flattened to leaves.
package struct CheckedScope: Sendable {
  package struct Slot: Sendable {
    package var name: String
    package var type: Type
  }

  package var slots: [Slot]
  package var leaves: [CheckedLeaf]
}

/// One leaf of the flattened items.
package struct CheckedLeaf: Sendable {
  /// All behind one pointer.
  package enum Kind: Sendable {
    indirect case value(slot: Int, Expression)
    case call(CheckedCall)
    case condition(Expression)
    indirect case assertion(Expression, message: Expression)
    indirect case failure(kind: String, message: Expression)
    indirect case loop(CheckedLoop)
    indirect case iteration(CheckedIteration)
    indirect case attempt(CheckedAttempt)
    indirect case invocation(CheckedInvocation)
    indirect case wait(CheckedWait)
    indirect case approval(CheckedApproval)
    case output(Expression)
    case barrier
    /// A leaf with a mistake in it, which is reported.
    case invalid
  }

  package var path: String
  package var kind: Kind
  package var guardedBy: PlanNode.Guard?
  /// The numbers of the leaves that it waits for, ascending.
  package var dependencies: [Int]
}

/// A step's call with its arguments in the order of the declaration.
///
/// Of all that is checked there are the most of these, so that they are shared, not copied.
package final class CheckedCall: Sendable {
  package let signature: NodeSignature
  package let arguments: [Expression]
  package let result: Type
  package let slot: Int?
  /// Nil for none: most have none.
  private let given: Given?
  /// Of the step.
  package let range: SourceRange

  init(
    signature: NodeSignature, arguments: [Expression], result: Type, slot: Int?, policies: StepPolicies?,
    range: SourceRange
  ) {
    self.signature = signature
    self.arguments = arguments
    self.result = result
    self.slot = slot
    given = policies.map(Given.init)
    self.range = range
  }

  package var policies: StepPolicies { given?.policies ?? StepPolicies() }

  private final class Given: Sendable {
    let policies: StepPolicies

    init(_ policies: StepPolicies) {
      self.policies = policies
    }
  }
}

/// A `for` with its body.
package struct CheckedLoop: Sendable {
  package var sequence: Expression
  /// Of what it goes over.
  package var range: SourceRange
  package var indexSlot: Int?
  package var elementSlot: Int
  package var policies: LoopPolicies
  package var collectSlot: Int?
  package var exports: [PlanLoop.Export]
  package var body: CheckedScope
}

/// A `repeat` with its body.
package struct CheckedIteration: Sendable {
  package var initial: Expression
  package var stateSlot: Int
  package var maximum: Expression
  package var next: Expression
  package var condition: Expression?
  package var slot: Int?
  package var exports: [PlanLoop.Export]
  package var body: CheckedScope
}

/// A `try` with its body and its handler.
package struct CheckedAttempt: Sendable {
  package var body: CheckedScope
  package var handler: CheckedScope
  package var errorSlot: Int
  package var exports: [PlanAttempt.Export]
}

/// A step that calls a workflow, with its arguments in the order of the parameters.
package struct CheckedInvocation: Sendable {
  /// Its `id`.
  package var workflow: String
  package var arguments: [Expression]
  package var result: Type
  /// Those of the workflow.
  package var effect: Effect
  package var errors: ErrorKinds
  package var mayWait: Bool
  package var approval: CheckedApproval?
  package var slot: Int?
  package var policies: InvocationPolicies
  /// Of the step.
  package var range: SourceRange
}

/// The policies of a step that calls a workflow; nil where it has none.
package struct InvocationPolicies: Sendable {
  package var retry: PlanCall.Retry?
  package var deadline: Expression?
  package var fallback: PlanCall.Fallback?
}

/// A `wait`.
package struct CheckedWait: Sendable {
  package var plan: PlanWait
  /// From its beginning to its end.
  package var range: SourceRange
}

/// An approval, as far as bounds depend on it.
package struct CheckedApproval: Sendable {
  package var name: Name
  /// How long it waits for people at most; nil where it does not say or has a mistake there.
  package var deadline: Expression?
}

/// The policies of a step.
package struct StepPolicies: Sendable {
  /// Nil is the declaration's.
  package var timeout: Expression?
  package var retry: PlanCall.Retry?
  package var deadline: Expression?
  package var startBy: Expression?
  package var heartbeat: Expression?
  /// `assume(effect, reason:)`
  package var assumedEffect: Effect?
  package var compensation: CheckedFollowUp?
  package var poll: PlanCall.Poll?
  package var cache: PlanCall.Cache?
  package var fallback: PlanCall.Fallback?
  package var limits: PlanCall.Limits?
  package var needs: PlanCall.Needs?
  /// Nil asks a person.
  package var onInterrupt: CheckedInterruption?
}

/// What is done about an attempt of which nobody knows whether it took place.
package enum CheckedInterruption: Sendable {
  case retry, fail
  case verify(CheckedFollowUp)
}

extension StepPolicies {
  package var verification: CheckedFollowUp? {
    if case .verify(let call)? = onInterrupt { call } else { nil }
  }
}

/// The call of a node that a policy of a step makes: it undoes the step, or says whether it took place.
package struct CheckedFollowUp: Sendable {
  package var signature: NodeSignature
  /// In the order of the declaration; `self` is the step's own slot.
  package var arguments: [Expression]
  package var result: Type
  package var range: SourceRange
}

/// The policies of a loop.
package struct LoopPolicies: Sendable {
  package var parallel: Expression?
  /// `skip` where there is a `first`.
  package var onError: PlanLoop.OnError = .stop
  /// How many instances have to complete; nil for all, as `onError` says.
  package var first: Expression?
}

extension CheckedFollowUp {
  /// It is tried thrice, unless its node must not be repeated.
  var retry: PlanCall.Retry? {
    if signature.effect == .once { return nil }
    let second = Constant(.duration(TimeSpan(nanoseconds: 1_000_000_000)))
    return PlanCall.Retry(
      attempts: .constant(Constant(.int(3))), backoff: .exponential(.constant(second), max: nil, factor: nil),
      jitter: nil, only: nil)
  }
}

// MARK: - Effects

extension CheckedCall {
  /// What is assumed of it goes before what its node declares (rule 43).
  package var effect: Effect { policies.assumedEffect ?? signature.effect }
}

extension CheckedScope {
  /// The greatest of its steps and of those in handlers (rule 43).
  var effect: Effect {
    var greatest = Effect.pure
    for leaf in leaves {
      switch leaf.kind {
      case .call(let call):
        greatest = max(greatest, call.effect, call.policies.compensation?.signature.effect ?? .pure)
      case .invocation(let invocation): greatest = max(greatest, invocation.effect)
      case .loop(let loop): greatest = max(greatest, loop.body.effect)
      case .iteration(let iteration): greatest = max(greatest, iteration.body.effect)
      case .attempt(let attempt): greatest = max(greatest, attempt.body.effect, attempt.handler.effect)
      case .value, .condition, .assertion, .failure, .approval, .wait, .output, .barrier, .invalid: break
      }
    }
    return greatest
  }
}

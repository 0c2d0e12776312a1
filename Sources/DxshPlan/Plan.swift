package import DxshExpressions

/// What a run executes: a workflow as plain values, without syntax, source ranges or anything that a compiler's version
/// may change. The only durable format there is.
///
/// A plan is a tree of scopes (the workflow's body and the bodies of its loops); each scope is a graph of nodes that
/// share the slots of one frame. Only a `ValidatedPlan` can be run.
package struct Plan: Sendable, Hashable {
  /// Raised when a stored plan of the version before cannot be read as it is.
  package static let formatVersion = 1

  package struct Parameter: Sendable, Hashable {
    package var name: String
    package var type: Type
    /// Mentions no binding but earlier parameters; nil when the parameter must be given.
    package var defaultValue: Expression?

    package init(name: String, type: Type, defaultValue: Expression?) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
    }
  }

  /// A value that a run is given from outside and that is kept nowhere: not in the plan, a journal or an output.
  package struct Secret: Sendable, Hashable {
    /// Where the value comes from.
    package enum Source: Sendable, Hashable {
      /// A variable of the environment of the process that runs the plan.
      case environment(String)
    }

    package var name: String
    /// A scalar, which is read from the source's text; the slot has the type `secret` of it.
    package var type: Type
    package var source: Source

    package init(name: String, type: Type, source: Source) {
      self.name = name
      self.type = type
      self.source = source
    }
  }

  package var workflow: String
  /// In the slots 0… of the body, in this order.
  package var parameters: [Parameter]
  /// Those that the workflow mentions, in the body's slots after the parameters', in this order.
  package var secrets: [Secret]
  /// Nil when the workflow has no output.
  package var result: Type?
  /// How many calls may be under way at once, and instances of a loop that does not say itself; from 1. Nil leaves it
  /// to the program that runs the plan.
  package var concurrency: Int?
  /// In bytes, from 1: how much memory the calls under way may use together, as far as they say or it is measured. Nil
  /// leaves it to the machine.
  package var memory: Int64?
  package var time: PlanTimeLimits
  package var body: PlanScope
  /// What runs when the body has ended, however it did, inside its frame; its first slot is the record `run`.
  package var finally: PlanScope?
  /// The workflows that steps call, each before those that call it.
  package var callees: [PlanCallee]
  /// Which generation of the optimizer's passes its runs go by, however many a later version has: a journal speaks of
  /// the steps that the passes left.
  package var passes: Int

  package static let currentPasses = 2

  package init(
    workflow: String, parameters: [Parameter], secrets: [Secret] = [], result: Type?, concurrency: Int? = nil,
    memory: Int64? = nil, time: PlanTimeLimits = PlanTimeLimits(), body: PlanScope, finally: PlanScope? = nil,
    callees: [PlanCallee] = [], passes: Int = Plan.currentPasses
  ) {
    self.passes = passes
    self.workflow = workflow
    self.parameters = parameters
    self.secrets = secrets
    self.result = result
    self.concurrency = concurrency
    self.memory = memory
    self.time = time
    self.body = body
    self.finally = finally
    self.callees = callees
  }
}

/// The body of a workflow or of a loop: a graph of nodes over the slots of one frame.
package struct PlanScope: Sendable, Hashable {
  package struct Slot: Sendable, Hashable {
    package var name: String
    /// As seen where it is bound; a slot whose node was skipped holds `none`.
    package var type: Type

    package init(name: String, type: Type) {
      self.name = name
      self.type = type
    }
  }

  package var slots: [Slot]
  /// In the order of the text, which is not the order of execution.
  package var nodes: [PlanNode]

  package init(slots: [Slot], nodes: [PlanNode]) {
    self.slots = slots
    self.nodes = nodes
  }
}

/// One thing to do in a scope, once everything in `dependencies` is settled and its guard holds.
package struct PlanNode: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// `let`: a pure value.
    case value(slot: Int, Expression)
    /// `step`
    indirect case call(PlanCall)
    /// The condition of an `if`; guards refer to it.
    case condition(Expression)
    case assertion(Expression, message: Expression)
    case failure(kind: String, message: Expression)
    indirect case loop(PlanLoop)
    /// `repeat`
    indirect case iteration(PlanIteration)
    /// `try`
    indirect case attempt(PlanAttempt)
    /// A `step` that calls a workflow.
    indirect case invocation(PlanInvocation)
    indirect case wait(PlanWait)
    case output(Expression)
    /// Does nothing: stands for all that it depends on, so that `sequence` needs no edge from each to each.
    case barrier
  }

  /// Where a guarded node stands: in the branch of a condition.
  package struct Guard: Sendable, Hashable {
    /// The number of a condition node in the same scope, which is among the dependencies.
    package var condition: Int
    /// Whether it runs when the condition is true, or when it is false. A skipped condition skips both.
    package var when: Bool

    package init(condition: Int, when: Bool) {
      self.condition = condition
      self.when = when
    }
  }

  /// Unique in its scope and stable across edits elsewhere in the text: `x`, `x@else`, `if(1)`, `assert(2)`.
  package var path: String
  package var kind: Kind
  package var guardedBy: Guard?
  /// The numbers of nodes in the same scope, ascending, without repetition. A skipped one counts as settled.
  package var dependencies: [Int]

  package init(path: String, kind: Kind, guardedBy: Guard?, dependencies: [Int]) {
    self.path = path
    self.kind = kind
    self.guardedBy = guardedBy
    self.dependencies = dependencies
  }
}

/// The call of a node, with its policies.
package struct PlanCall: Sendable, Hashable {
  package struct Argument: Sendable, Hashable {
    package var name: String
    package var value: Expression

    package init(name: String, value: Expression) {
      self.name = name
      self.value = value
    }
  }

  /// How often and when a failed attempt is repeated (rule 63).
  package struct Retry: Sendable, Hashable {
    package enum Backoff: Sendable, Hashable {
      case fixed(Expression)
      case linear(Expression)
      case exponential(Expression, max: Expression?, factor: Expression?)
    }

    /// Which failures are final.
    package struct Exception: Sendable, Hashable {
      /// A slot that no node fills: it has the failure, `{ kind, message, retry_after }`, while the condition is
      /// evaluated.
      package var slot: Int
      /// A bool.
      package var condition: Expression

      package init(slot: Int, condition: Expression) {
        self.slot = slot
        self.condition = condition
      }
    }

    /// An int: attempts in total.
    package var attempts: Expression
    /// Nil repeats at once.
    package var backoff: Backoff?
    /// A bool: whether a delay is spread over zero to itself. Default true.
    package var jitter: Expression?
    /// Only failures of these kinds; nil is every kind.
    package var only: [String]?
    package var unless: Exception?
    /// A duration: how long after the beginning of the first attempt others may begin; nil for however long.
    package var budget: Expression?

    package init(
      attempts: Expression, backoff: Backoff?, jitter: Expression?, only: [String]?, unless: Exception? = nil,
      budget: Expression? = nil
    ) {
      self.budget = budget
      self.attempts = attempts
      self.backoff = backoff
      self.jitter = jitter
      self.only = only
      self.unless = unless
    }
  }

  /// The call that undoes another (rule 36).
  ///
  /// Its arguments are evaluated in the frame of the step that it undoes, when that has succeeded: its own slot has the
  /// result, `self`. Its policies are constants; nobody reads its result.
  package indirect enum Compensation: Sendable, Hashable {
    case call(PlanCall)
  }

  /// The dotted name of the node's declaration.
  package var node: String
  package var effect: Effect
  /// One for each parameter of the declaration, in its order.
  package var arguments: [Argument]
  /// With all type parameters replaced.
  package var result: Type
  /// Nil when nobody reads the result.
  package var slot: Int?
  /// A duration: how long one attempt may take.
  package var timeout: Expression
  /// The others.
  package var policies: Shared<Policies>?

  package init(
    node: String, effect: Effect, arguments: [Argument], result: Type, slot: Int?, timeout: Expression, retry: Retry?,
    deadline: Expression? = nil, startBy: Expression? = nil, heartbeat: Expression? = nil, poll: Poll? = nil,
    cache: Cache? = nil, fallback: Fallback? = nil, limits: Limits? = nil, needs: Needs? = nil,
    onInterrupt: Interruption? = nil, compensation: Compensation? = nil
  ) {
    self.node = node
    self.effect = effect
    self.arguments = arguments
    self.result = result
    self.slot = slot
    self.timeout = timeout
    policies = Self.shared(
      Policies(
        retry: retry, deadline: deadline, startBy: startBy, heartbeat: heartbeat, poll: poll, cache: cache,
        fallback: fallback, limits: limits, needs: needs, onInterrupt: onInterrupt, compensation: compensation))
  }
}

/// One instance of the body for each element, side by side.
package struct PlanLoop: Sendable, Hashable {
  package enum OnError: String, Sendable, Hashable, CaseIterable {
    /// The first failure cancels the rest and fails.
    case stop
    /// A failed instance leaves none in its place.
    case skip
  }

  /// The values that a name of the body has in all instances, in the order of the input.
  package struct Export: Sendable, Hashable {
    /// A slot of the body.
    package var inner: Int
    /// A slot of the scope that the loop stands in; a list.
    package var outer: Int

    package init(inner: Int, outer: Int) {
      self.inner = inner
      self.outer = outer
    }
  }

  /// A list or a map.
  package var sequence: Expression
  /// The body's slot for the index (from 0) or the key.
  package var indexSlot: Int?
  /// The body's slot for the element or the map's value.
  package var elementSlot: Int
  /// An int: how many instances may run at once; nil is the run's default.
  package var parallel: Expression?
  /// `skip` where there is a `first`.
  package var onError: OnError
  /// An int: how many instances have to complete. The others are cut off then; fewer than so many elements are a
  /// failure, and so are too many instances that failed. Nil waits for all.
  package var first: Expression?
  /// The outer slot for the list of failures: `{ index: int, item: T, error: { kind, message } }`.
  package var collectSlot: Int?
  package var exports: [Export]
  package var body: PlanScope

  package init(
    sequence: Expression, indexSlot: Int?, elementSlot: Int, parallel: Expression?, onError: OnError,
    first: Expression? = nil, collectSlot: Int?, exports: [Export], body: PlanScope
  ) {
    self.sequence = sequence
    self.indexSlot = indexSlot
    self.elementSlot = elementSlot
    self.parallel = parallel
    self.onError = onError
    self.first = first
    self.collectSlot = collectSlot
    self.exports = exports
    self.body = body
  }
}

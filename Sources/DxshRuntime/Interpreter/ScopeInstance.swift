import DxshExpressions
import DxshPlan
import DxshTime

/// One instance of a scope: the run's body, or one iteration of a loop. Owned by the interpreter alone.
final class ScopeInstance {
  enum NodeState: UInt8 {
    case pending, running, done, skipped
    /// A call that a person has to settle: nobody knows whether it took place, or it is a compensation that failed.
    case indeterminate
    /// A call whose attempt has ended, and what that came to is being found out or is about to be recorded.
    case settling
    /// A condition that is settled.
    case isTrue, isFalse
  }

  let number: Int
  let scope: Int
  var frame: Frame
  var states: [NodeState]
  /// For each node, how many of its dependencies are not settled.
  var waiting: [Int32]
  /// For each node, how much of the journal it was computed from; once it is settled, with its own event.
  var basis: [Int]
  /// The largest of them.
  var lastBasis: Int
  /// The last place in the journal of what completed a step in it, or inside.
  var completedAt = 0
  var unsettled: Int
  /// Calls in flight, and nodes with scopes inside that are under way.
  var active = 0
  /// How many of those wait for a person.
  var suspended = 0
  /// Whether all of them do, so that its loop does not count it.
  var isStuck = false
  /// Set once: from then on nothing new starts here.
  var failure: RunFailure?
  /// Whether it has been reported as ended.
  var isOver = false
  /// What it is an instance of inside another, and the how manieth; nil for a workflow's own `finally` and body.
  var container: InnerRun?
  var index = 0
  /// What is running inside this instance, by its node; not its compensations.
  var inner: [Int: InnerRun] = [:]
  /// What asks whether steps took place, by their nodes.
  var verifications: [Int: InnerRun] = [:]
  /// How often steps with a `poll` have been called in vain, by their nodes.
  var polls: [Int: Int] = [:]
  /// When steps with a `deadline` have to be over, by their nodes.
  var deadlines: [Int: StepDeadline] = [:]
  /// By when the first attempts of steps have to begin that none of has begun, by their nodes.
  var starts: [Int: StepDeadline] = [:]
  /// How long further attempts of steps may begin, by their nodes.
  var budgets: [Int: RetryBudget] = [:]
  /// What has taken place here, or inside, and can be undone.
  var undoable: [Undoable] = []
  /// Whether that is being done, in its order.
  var isUndoing = false
  /// Of the body of a workflow or its `finally`: the workflow under way.
  var workflow: WorkflowRun

  /// - basis: how much of the journal its existence was computed from
  init(number: Int, scope: Int, of plan: ValidatedPlan, in workflow: WorkflowRun, parent: Frame?, basis: Int) {
    let template = plan.scopes[scope]
    self.number = number
    self.scope = scope
    self.workflow = workflow
    self.frame = Frame(slots: template.slotCount, parent: parent)
    self.states = [NodeState](repeating: .pending, count: template.nodes.count)
    self.waiting = template.dependencyCounts
    self.basis = [Int](repeating: basis, count: template.nodes.count)
    self.lastBasis = basis
    self.unsettled = template.nodes.count
  }

  /// Makes a finished instance fresh again, without new memory.
  func reset(_ template: ValidatedPlan.Scope, basis start: Int) {
    for slot in frame.values.indices { frame.values[slot] = .none }
    for node in states.indices {
      states[node] = .pending
      waiting[node] = template.dependencyCounts[node]
      basis[node] = start
    }
    lastBasis = start
    completedAt = 0
    unsettled = states.count
    active = 0
    suspended = 0
    isStuck = false
    failure = nil
    isOver = false
    container = nil
    if !inner.isEmpty { inner = [:] }
    if !verifications.isEmpty { verifications = [:] }
    if !polls.isEmpty { polls = [:] }
    if !deadlines.isEmpty { deadlines = [:] }
    if !starts.isEmpty { starts = [:] }
    if !budgets.isEmpty { budgets = [:] }
    if !undoable.isEmpty { undoable = [] }
    isUndoing = false
  }

  /// Lets go of what is under way in it and around it, when nothing goes on.
  func letGo() {
    for run in inner.values { run.letGo() }
    for run in verifications.values { run.letGo() }
    container?.letGo()
    (inner, verifications, container) = ([:], [:], nil)
  }

  var isFinished: Bool { failure == nil ? unsettled == 0 : active == 0 }
}

/// A workflow under way: the run's own, or one that a step calls.
final class WorkflowRun {
  /// Its number in the plan.
  let number: Int
  /// The step that called it, as the node of an instance; nil for the run's own.
  let call: InnerRun?
  /// The outermost call of a workflow around that is repeated when it fails: it remembers what its steps came to.
  let remembering: InnerRun?
  var output = Value.none
  /// The body, once it has ended and `finally` runs.
  var ended: ScopeInstance?

  init(_ number: Int, call: InnerRun?, remembering: InnerRun? = nil) {
    self.number = number
    self.call = call
    self.remembering = remembering
  }
}

/// A node with scopes inside that is under way, and what their instances have given so far.
final class InnerRun {
  enum Work {
    case loop(PlanLoop)
    case iteration(PlanIteration, maximum: Int)
    case attempt(PlanAttempt)
    case invocation(PlanInvocation)
    case compensation(Undoable)
    case verification(Verification)
  }

  let owner: ScopeInstance
  let node: Int
  let work: Work
  /// The scope of the body.
  let body: Int
  let keys: [Value]?
  let elements: [Value]
  let width: Int
  var next = 0
  var running: [ScopeInstance] = []
  /// How many of them wait for a person.
  var stuck = 0
  /// Whether all of them do, and no other can start.
  var isStuck = false
  /// One list for each export.
  var results: [[Value]]
  var failures: [(index: Int, value: Value)] = []
  /// How many instances have to complete; nil for all.
  var wanted: Int?
  /// Where only so many have to: those that have, until it is decided which of them count.
  var completed: [ScopeInstance] = []
  var completedCount = 0
  /// Whether it has been decided which of them count, and the others are cut off.
  var hasEnough = false
  /// How many are to begin again at once.
  var begunBefore = 0
  /// Whether so many have completed as have to.
  var isSatisfied: Bool { wanted.map { completedCount >= $0 } ?? false }
  /// How much of the journal the iterations that have ended were computed from.
  var basis: Int
  /// Set when the owner is ending: nothing new starts.
  var isStopped = false
  var hasEnded = false
  /// What the next iteration is computed from: with a width of 1, of the one before too.
  var nextBasis: Int { width == 1 ? basis : owner.basis[node] }
  /// Frames of iterations that have ended, to be used again.
  var spare: [ScopeInstance] = []
  /// Of a `repeat`: the state.
  var state = Value.none
  /// Of the call of a workflow: which attempt it is, from 1.
  var attempt = 1
  /// When it has to be over, where it has a `deadline`.
  var deadline: StepDeadline?
  /// How long other attempts of it may begin; nil for however long.
  var budget: RetryBudget?
  /// What it has used of the time that it may take; nil where it has no limits.
  var account: TimeAccount?
  /// Whether it ends because of one of them, so that there is no other attempt.
  var isPastDeadline = false
  /// How many events had been taken in when that began.
  var begunAt = 0
  /// The body, which has failed and is to be begun anew.
  var rested: ScopeInstance?
  /// What steps inside came to, by their paths, where the call is repeated.
  var memory: [String: Remembered] = [:]
  /// There too: what earlier attempts did that can be undone, by the paths of what undoes it, as far as it has not been
  /// come to again.
  var doneBefore: [String: Undoable] = [:]
  /// Of a `try`: the body, once it has failed and the handler runs.
  var tried: ScopeInstance?

  init(
    owner: ScopeInstance, node: Int, _ work: Work, body: Int, keys: [Value]? = nil, elements: [Value] = [],
    width: Int = 1
  ) {
    self.owner = owner
    self.node = node
    self.work = work
    self.body = body
    self.keys = keys
    self.elements = elements
    self.width = width
    self.basis = owner.basis[node]
    self.results =
      switch work {
      case .loop(let loop): loop.exports.map { _ in [Value](repeating: .none, count: elements.count) }
      case .iteration(let iteration, _): iteration.exports.map { _ in [] }
      case .attempt, .invocation, .compensation, .verification: []
      }
  }

  /// Lets go of its instances, which know it: none of them would be freed otherwise.
  func letGo() {
    (running, completed, spare) = ([], [], [])
    (rested, tried) = (nil, nil)
  }

  /// Whether it is the call of a workflow that gives something when that fails.
  var fallsBack: Bool { if case .invocation(let invocation) = work { invocation.fallback != nil } else { false } }

  /// A compensation, which is the work of no node of the owner's.
  init(of owner: ScopeInstance, _ undoable: Undoable, basis: Int) {
    self.owner = owner
    self.node = -1
    self.work = .compensation(undoable)
    self.body = undoable.scope
    self.keys = nil
    self.elements = []
    self.width = 1
    self.basis = basis
    self.results = []
  }
}

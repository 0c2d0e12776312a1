import DxshExpressions
import DxshPlan

/// One instance of a scope: the run's body, or one iteration of a loop. Owned by the interpreter alone.
final class ScopeInstance {
  enum NodeState: UInt8 {
    case pending, running, done, skipped
    /// A call of which nobody knows whether it took place.
    case indeterminate
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
  var unsettled: Int
  /// Calls in flight and instances of inner loops alive.
  var active = 0
  /// How many of those wait for a person.
  var suspended = 0
  /// Whether all of them do, so that its loop does not count it.
  var isStuck = false
  /// Set once: from then on nothing new starts here.
  var failure: RunFailure?
  /// Whether it has been reported as ended.
  var isOver = false
  /// The loop it is an iteration of, and which.
  var loop: LoopRun?
  var index = 0
  /// The loops of this instance that are running, by their node.
  var loops: [Int: LoopRun] = [:]

  /// - basis: how much of the journal its existence was computed from
  init(number: Int, scope: Int, of plan: ValidatedPlan, parent: Frame?, basis: Int) {
    let template = plan.scopes[scope]
    self.number = number
    self.scope = scope
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
    unsettled = states.count
    active = 0
    suspended = 0
    isStuck = false
    failure = nil
    isOver = false
    loop = nil
    if !loops.isEmpty { loops = [:] }
  }

  var isFinished: Bool { failure == nil ? unsettled == 0 : active == 0 }
}

/// A loop under way: its elements, and what its instances have given so far.
final class LoopRun {
  let owner: ScopeInstance
  let node: Int
  let plan: PlanLoop
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
  /// How much of the journal the iterations that have ended were computed from.
  var basis: Int
  /// Set when the owner is ending: nothing new starts.
  var isStopped = false
  var hasEnded = false
  /// What the next iteration is computed from: with a width of 1, of the one before too.
  var nextBasis: Int { width == 1 ? basis : owner.basis[node] }
  /// Frames of iterations that have ended, to be used again.
  var spare: [ScopeInstance] = []

  init(owner: ScopeInstance, node: Int, plan: PlanLoop, body: Int, keys: [Value]?, elements: [Value], width: Int) {
    self.owner = owner
    self.node = node
    self.plan = plan
    self.body = body
    self.keys = keys
    self.elements = elements
    self.width = width
    self.basis = owner.basis[node]
    self.results = plan.exports.map { _ in [Value](repeating: .none, count: elements.count) }
  }
}

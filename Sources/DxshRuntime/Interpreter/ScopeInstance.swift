import DxshExpressions
import DxshPlan

/// One instance of a scope: the run's body, or one iteration of a loop. Owned by the interpreter alone.
final class ScopeInstance {
  enum NodeState: UInt8 {
    case pending, running, done, skipped
    /// A condition that is settled.
    case isTrue, isFalse
  }

  let number: Int
  let scope: Int
  var frame: Frame
  var states: [NodeState]
  /// For each node, how many of its dependencies are not settled.
  var waiting: [Int32]
  var unsettled: Int
  /// Calls in flight and instances of inner loops alive.
  var active = 0
  /// Set once: from then on nothing new starts here.
  var failure: RunFailure?
  /// Whether it has been reported as ended.
  var isOver = false
  /// The loop it is an iteration of, and which.
  var loop: LoopRun?
  var index = 0
  /// The loops of this instance that are running, by their node.
  var loops: [Int: LoopRun] = [:]

  init(number: Int, scope: Int, of plan: ValidatedPlan, parent: Frame?) {
    let template = plan.scopes[scope]
    self.number = number
    self.scope = scope
    self.frame = Frame(slots: template.slotCount, parent: parent)
    self.states = [NodeState](repeating: .pending, count: template.nodes.count)
    self.waiting = template.dependencyCounts
    self.unsettled = template.nodes.count
  }

  /// Makes a finished instance fresh again, without new memory.
  func reset(_ template: ValidatedPlan.Scope) {
    for slot in frame.values.indices { frame.values[slot] = .none }
    for node in states.indices {
      states[node] = .pending
      waiting[node] = template.dependencyCounts[node]
    }
    unsettled = states.count
    active = 0
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
  /// One list for each export.
  var results: [[Value]]
  var failures: [(index: Int, value: Value)] = []
  /// Set when the owner is ending: nothing new starts.
  var isStopped = false
  var hasEnded = false
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
    self.results = plan.exports.map { _ in [Value](repeating: .none, count: elements.count) }
  }
}

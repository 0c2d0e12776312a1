import DxshExpressions
import DxshPlan
import DxshTime

/// A plan unrolled into jobs that wait for each other, as far as that is known before the run: conditions hold, nothing
/// fails, and a loop whose items are not known has one.
struct ScheduledJobs {
  struct Job {
    /// The path of a call or wait; empty for what takes no time.
    var path = ""
    var duration: TimeSpan = .zero
    var needs = StepNeeds()
    var rank = DispatchRank()
    /// Whether it is one of the calls that only so many may be of at once.
    var takesPlace = false
    var dependencyCount = 0
    var successors: [Int] = []
    /// The loop whose instances begin when this has ended.
    var beginning: Int?
    /// The loop an instance of which has ended with this.
    var ending: Int?
  }

  /// A loop of which only so many instances are under way at once.
  struct Group {
    let width: Int
    /// The first jobs of its instances, of which `next` is to begin.
    var entries: [Int] = []
    var next = 0
  }

  /// So many jobs are unrolled at most.
  static let limit = 20_000

  private(set) var jobs: [Job] = []
  private(set) var groups: [Group] = []
  /// Calls that do not say how long they take.
  private(set) var untimed = 0
  /// The paths of loops of which it is not known how often they go round.
  private(set) var openLoops: [String] = []
  private let plan: ValidatedPlan
  private let ranks: StepRanks
  private let width: Int

  /// Nil for more than `limit` jobs.
  /// - width: how many calls may be under way at once
  init?(_ plan: ValidatedPlan, width: Int) {
    self.plan = plan
    self.ranks = StepRanks(plan)
    self.width = width
    guard let body = add(scope: plan.workflows[0].body, prefix: "", indices: "") else { return nil }
    guard let finally = plan.workflows[0].finally else { return }
    guard let after = add(scope: finally, prefix: "", indices: "") else { return nil }
    connect(body.exit, after.entry)
  }

  private typealias Span = (entry: Int, exit: Int)

  private mutating func add(_ job: Job) -> Int {
    jobs.append(job)
    return jobs.count - 1
  }

  private mutating func connect(_ first: Int, _ second: Int) {
    jobs[first].successors.append(second)
    jobs[second].dependencyCount += 1
  }

  private mutating func add(scope number: Int, prefix: String, indices: String) -> Span? {
    let scope = plan.scopes[number]
    let (entry, exit) = (add(Job()), add(Job()))
    var spans: [Span?] = []
    for node in scope.nodes.indices {
      guard jobs.count < Self.limit else { return nil }
      guard let span = add(node, of: scope, number, prefix, indices) else { return nil }
      spans.append(span)
    }
    for (node, template) in scope.nodes.enumerated() {
      guard let span = spans[node] else { continue }
      for dependency in template.dependencies {
        if let before = spans[dependency] { connect(before.exit, span.entry) }
      }
      if template.dependencies.isEmpty { connect(entry, span.entry) }
      connect(span.exit, exit)
    }
    return (entry, exit)
  }

  private mutating func add(
    _ node: Int, of scope: ValidatedPlan.Scope, _ number: Int, _ prefix: String, _ indices: String
  ) -> Span? {
    let template = scope.nodes[node]
    let path = prefix + template.path + indices
    if let guardedBy = template.guardedBy, !holds(guardedBy, in: scope) { return single(Job()) }
    switch template.kind {
    case .call(let call): return single(job(call, path, rest: ranks.rest(scope: number, node: node)))
    case .wait(let wait):
      guard let delay = wait.knownDelay else { return single(Job()) }
      return single(Job(path: path, duration: delay))
    case .loop(let loop):
      return add(loop, body: Int(scope.bodies[node]), path: path, prefix: prefix, indices: indices)
    case .iteration:
      openLoops.append(path)
      return add(scope: Int(scope.bodies[node]), prefix: prefix, indices: indices + "[0]")
    case .attempt: return add(scope: Int(scope.bodies[node]), prefix: prefix, indices: indices)
    case .invocation(let invocation):
      let workflow = plan.workflows[invocation.callee + 1]
      guard let body = add(scope: workflow.body, prefix: path + "/", indices: "") else { return nil }
      guard let finally = workflow.finally else { return body }
      guard let after = add(scope: finally, prefix: path + "/", indices: "") else { return nil }
      connect(body.exit, after.entry)
      return (body.entry, after.exit)
    case .value, .condition, .assertion, .failure, .output, .barrier: return single(Job())
    }
  }

  private mutating func single(_ job: Job) -> Span {
    let number = add(job)
    return (number, number)
  }

  private func holds(_ guardedBy: PlanNode.Guard, in scope: ValidatedPlan.Scope) -> Bool {
    if case .condition(.constant(let constant)) = scope.nodes[guardedBy.condition].kind {
      return (constant.value == .bool(true)) == guardedBy.when
    }
    return guardedBy.when
  }

  private mutating func job(_ call: PlanCall, _ path: String, rest: Float) -> Job {
    guard let time = call.usualTime else { return Job() }
    if call.needs?.time == nil { untimed += 1 }
    var needs = StepNeeds(priority: call.needs?.priority ?? 0)
    if case .constant(let constant)? = call.needs?.cpu, case .double(let cores) = constant.value {
      needs.cpu = StepNeeds.thousandths(of: cores)
    }
    if case .constant(let constant)? = call.needs?.memory, case .size(let bytes) = constant.value {
      needs.memory = bytes
    }
    return Job(
      path: path, duration: time, needs: needs, rank: DispatchRank(priority: needs.priority, rest: rest),
      takesPlace: true)
  }

  private mutating func add(
    _ loop: PlanLoop, body: Int, path: String, prefix: String, indices: String
  ) -> Span? {
    var count = 1
    switch loop.sequence {
    case .constant(let constant):
      switch constant.value {
      case .list(let elements): count = elements.count
      case .map(let map): count = map.entries.count
      default: break
      }
    case .list(let elements): count = elements.count
    default: openLoops.append(path)
    }
    var width = width
    if case .constant(let constant)? = loop.parallel, case .int(let given) = constant.value {
      width = max(1, Int(clamping: given))
    }
    let group = groups.count
    groups.append(Group(width: width))
    let (entry, exit) = (add(Job(beginning: group)), add(Job()))
    for index in 0..<count {
      guard let instance = add(scope: body, prefix: prefix, indices: indices + "[\(index)]") else { return nil }
      // It begins when the loop says so.
      jobs[instance.entry].dependencyCount += 1
      jobs[instance.exit].ending = group
      groups[group].entries.append(instance.entry)
      connect(instance.exit, exit)
    }
    if count == 0 { connect(entry, exit) }
    return (entry, exit)
  }

  mutating func takeNext(of group: Int) -> Int? {
    guard groups[group].next < groups[group].entries.count else { return nil }
    groups[group].next += 1
    return groups[group].entries[groups[group].next - 1]
  }

  mutating func noteDependencyEnded(of job: Int) -> Bool {
    jobs[job].dependencyCount -= 1
    return jobs[job].dependencyCount == 0
  }
}

extension PlanWait {
  /// How long it lasts, where that is known before the run: of a time alone that is said as a constant.
  fileprivate var knownDelay: TimeSpan? {
    guard alternatives.count == 1, case .delay(.constant(let constant)) = alternatives[0].source,
      case .duration(let span) = constant.value
    else { return nil }
    return span
  }
}

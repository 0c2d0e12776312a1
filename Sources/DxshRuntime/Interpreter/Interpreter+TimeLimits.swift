import DxshPlan
import DxshTime

/// What a workflow under way has used of the time that its `limits` give it.
final class TimeAccount {
  let limits: PlanTimeLimits
  /// When its `duration` is over; nil where it has none.
  fileprivate var end: StepDeadline?
  /// How long attempts of its steps have been under way, up to `since`.
  fileprivate var worked = TimeSpan.zero
  /// Since when one is; nil while none is.
  fileprivate var since: Timestamp?
  fileprivate var underWay = 0
  /// What was over while a person was asked.
  fileprivate var due: Set<TimeLimit> = []

  init(_ limits: PlanTimeLimits, from start: Timestamp) {
    self.limits = limits
    end = limits.duration.map { StepDeadline($0, from: start) }
  }

  /// When it has worked as long as it may, if it goes on as it is.
  fileprivate var lastWork: Timestamp? {
    guard let active = limits.active, let since, let left = active.subtracting(worked) else { return nil }
    return since.adding(max(left, .zero)) ?? .latest
  }

  fileprivate func stopWork(at time: Timestamp) {
    guard let since else { return }
    worked = worked.adding(max(time.since(since), .zero)) ?? worked
    self.since = nil
  }

  func shift(by change: TimeSpan) {
    end?.shift(by: change)
    since = since.map { $0.adding(change) ?? $0 }
  }
}

/// `limits { duration, active }` (rule 46): how long a workflow may take, with its waits or while it works. What is
/// used comes from the times of the journal alone, so that every process comes to the same.
///
/// A workflow works while an attempt of one of its steps, or of those of a workflow that it calls, is under way: from
/// the event that says so to that of its end. Of an attempt that its process did not live to end, that is up to the
/// last thing that the journal says. The moments at which the time is over are waits of their own, as that of a
/// `deadline` on the call is: `load@duration`, and `@active` of the run's own workflow.
extension Interpreter {
  static let limitKind = "limit"

  /// Whether it matters which attempts are under way.
  static func countsWork(_ plan: Plan) -> Bool {
    plan.time.active != nil || plan.callees.contains { $0.time.active != nil }
  }

  /// Of the call of a workflow, or with nil of the run's own.
  private func account(of call: InnerRun?) -> TimeAccount? { call.map(\.account) ?? account }

  private func account(of workflow: WorkflowRun) -> TimeAccount? { account(of: workflow.call) }

  /// The workflow begins: of a call, however often it is repeated.
  mutating func openAccount(_ limits: PlanTimeLimits, of call: InnerRun?, _ commands: inout [Command]) {
    if limits == PlanTimeLimits() { return }
    let account = TimeAccount(limits, from: now)
    if let call { call.account = account } else { self.account = account }
    let past = TimeLimit.allCases.filter { isPast($0, of: call) }
    for limit in past { watch(limit, of: call, until: now, &commands) }
    if let end = account.end?.at, !past.contains(.duration) { watch(.duration, of: call, until: end, &commands) }
  }

  /// Its body has ended: what undoes it and its `finally` take the time that they take.
  mutating func closeAccount(of workflow: WorkflowRun, _ commands: inout [Command]) {
    guard let account = account(of: workflow) else { return }
    for limit in [TimeLimit.duration, .active] { forget(limit, of: workflow.call, &commands) }
    account.end = nil
    account.due = []
  }

  /// All workflows under way that have an account, each before those that it calls.
  private var accounts: [(call: InnerRun?, account: TimeAccount)] {
    let own = account.map { [(nil as InnerRun?, $0)] } ?? []
    return own + calls.compactMap { call in call.account.map { (call, $0) } }
  }

  private var calls: [InnerRun] {
    instances.compactMap(\.self).flatMap { instance in
      instance.inner.sorted { $0.key < $1.key }.map(\.value).filter { $0.account != nil }
    }
  }

  // MARK: - Work

  /// An attempt has begun, by the event that is being taken in.
  mutating func noteBegun(_ id: StepID, _ commands: inout [Command]) {
    guard let instance = instances[Int(id.instance)] else { return }
    noteBeginning(of: Int(id.node), in: instance)
    guard countsWork, underWay.insert(id).inserted else { return }
    for (call, account) in accounts(around: instance) {
      account.underWay += 1
      guard account.underWay == 1 else { continue }
      account.since = now
      if let end = account.lastWork, isOpen(call) { watch(.active, of: call, until: end, &commands) }
    }
  }

  /// An attempt is over.
  mutating func noteOver(_ id: StepID, _ commands: inout [Command]) {
    guard countsWork, underWay.remove(id) != nil, let instance = instances[Int(id.instance)] else { return }
    for (call, account) in accounts(around: instance) {
      account.underWay -= 1
      guard account.underWay == 0 else { continue }
      stopWork(account, of: call, &commands)
    }
  }

  /// The process that was at the run was at it up to now, as far as the journal says, and no attempt goes on.
  mutating func interruptWork(_ commands: inout [Command]) {
    guard !underWay.isEmpty else { return }
    underWay = []
    for (call, account) in accounts where account.underWay > 0 {
      account.underWay = 0
      stopWork(account, of: call, &commands)
    }
  }

  /// What has worked for too long by now, as its process stood still, is over all the same.
  private mutating func stopWork(_ account: TimeAccount, of call: InnerRun?, _ commands: inout [Command]) {
    account.stopWork(at: now)
    if account.worked < account.limits.active ?? .zero { forget(.active, of: call, &commands) }
  }

  private func accounts(around instance: ScopeInstance) -> [(call: InnerRun?, account: TimeAccount)] {
    var found: [(InnerRun?, TimeAccount)] = []
    var next: WorkflowRun? = instance.workflow
    while let workflow = next {
      if let account = account(of: workflow), account.limits.active != nil { found.append((workflow.call, account)) }
      next = workflow.call?.owner.workflow
    }
    return found
  }

  /// Whether the body of a workflow goes on.
  private func isOpen(_ call: InnerRun?) -> Bool {
    guard let call else { return instances[0].map { $0.workflow.ended == nil && $0.failure == nil } ?? false }
    return !call.isPastDeadline && !call.isStopped
      && !call.running.contains { $0.workflow.ended != nil || $0.failure != nil }
  }

  // MARK: - Moments

  /// What the limit is of had used it up already when something around was begun anew.
  private func isPast(_ limit: TimeLimit, of call: InnerRun?) -> Bool {
    guard limit != .deadline, let call, let memory = call.owner.workflow.remembering?.memory, !memory.isEmpty else {
      return false
    }
    return memory[limit.path(of: path(of: call.node, in: call.owner))] != nil
  }

  private mutating func watch(
    _ limit: TimeLimit, of call: InnerRun?, until time: Timestamp, _ commands: inout [Command]
  ) {
    let id = StepID.moment(limit, of: call)
    moments.insert(id)
    let place = call.map { path(of: $0.node, in: $0.owner) } ?? ""
    let moment = StepWait.Time(at: time, chosen: nil, isTimeOfDay: false)
    commands.append(.wait(StepWait(id: id, path: limit.path(of: place), times: [moment], signals: [])))
  }

  private mutating func forget(_ limit: TimeLimit, of call: InnerRun?, _ commands: inout [Command]) {
    let id = StepID.moment(limit, of: call)
    if moments.remove(id) != nil { commands.append(.withdraw(id)) }
  }

  /// The moment of a path, though the steps that this plan knows of have not used up their time by then: those that the
  /// journal was recorded with had.
  func moment(at path: String) -> StepID? {
    guard let (limit, place) = TimeLimit.limited(by: path), limit == .active else { return nil }
    return accounts.first { call, _ in call.map { self.path(of: $0.node, in: $0.owner) } ?? "" == place }
      .map { StepID.moment(limit, of: $0.call) }
  }

  /// A moment has come at which a call, or the run, has to be over.
  mutating func pass(_ limit: TimeLimit, _ id: StepID, _ commands: inout [Command]) {
    guard let node = id.limitedNode else { return useUp(limit, of: nil, &commands) }
    guard let call = instances[Int(id.instance)]?.inner[node] else { return }
    if limit == .deadline { passDeadline(of: call, &commands) } else { useUp(limit, of: call, &commands) }
  }

  /// A limit of a workflow is used up: nothing goes on but what undoes it, and its `finally`.
  private mutating func useUp(_ limit: TimeLimit, of call: InnerRun?, _ commands: inout [Command]) {
    forget(limit, of: call, &commands)
    guard let account = account(of: call) else { return }
    // That person's decision is heard first.
    if suspended.contains(where: { instance in call.map { isInside(instance, $0) } ?? true }) {
      account.due.insert(limit)
      return
    }
    let place = call.map { path(of: $0.node, in: $0.owner) } ?? ""
    let failure = RunFailure(
      kind: Self.limitKind, message: account.words(for: limit), path: place, attempt: call?.attempt ?? 0)
    if let call { return end(call, failure, past: limit, &commands) }
    guard let body = instances[0], body.failure == nil, body.workflow.ended == nil, !body.isOver else { return }
    stop(body, failure, &commands)
    finishIfDone(body, &commands)
  }

  // MARK: - New beginnings

  mutating func shiftAccounts(by change: TimeSpan) {
    for (_, account) in accounts { account.shift(by: change) }
  }

  /// The run goes on after its end, or with another plan: it has as much time as at first.
  /// - limits: those that count anew
  mutating func renewAccounts(_ limits: Set<TimeLimit>, _ commands: inout [Command]) {
    for (call, account) in accounts {
      account.due.subtract(limits)
      if limits.contains(.active) {
        account.worked = .zero
        account.since = account.since.map { _ in now }
        forget(.active, of: call, &commands)
        if let end = account.lastWork, isOpen(call) { watch(.active, of: call, until: end, &commands) }
      }
      guard limits.contains(.duration), account.end != nil, isOpen(call) else { continue }
      account.end?.begin(at: now)
      forget(.duration, of: call, &commands)
      if let end = account.end?.at { watch(.duration, of: call, until: end, &commands) }
    }
  }

  /// A person has decided about a step: what was over by then is over now, unless the workflow ends with that.
  mutating func noteDecision(inside instance: ScopeInstance, _ commands: inout [Command]) {
    var next: WorkflowRun? = instance.workflow
    while let workflow = next {
      if let account = account(of: workflow), !account.due.isEmpty {
        for limit in TimeLimit.allCases where account.due.contains(limit) {
          watch(limit, of: workflow.call, until: now, &commands)
        }
        account.due = []
      }
      next = workflow.call?.owner.workflow
    }
  }
}

extension TimeAccount {
  /// What is said where it is used up.
  fileprivate func words(for limit: TimeLimit) -> String {
    switch limit {
    case .deadline: "its deadline has passed"
    case .duration: "its duration of \(limits.duration ?? .zero) is over"
    case .active: "it has worked for \(limits.active ?? .zero), as long as it may"
    }
  }
}

extension StepID {
  /// Of the wait for the moment at which a call, or with nil the run, has to be over: no node has such a number.
  static func moment(_ limit: TimeLimit, of call: InnerRun?) -> StepID {
    guard let call else { return StepID(instance: 0, node: Int(Int32.min) + limit.number) }
    return StepID(instance: call.owner.number, node: -1 - TimeLimit.allCases.count * call.node - limit.number)
  }

  /// Whether it is that of such a moment.
  var isMoment: Bool { node < 0 }

  /// Of what it is the moment; nil for other waits.
  var limit: TimeLimit? {
    if !isMoment { return nil }
    let number = isOfRun ? Int(node) - Int(Int32.min) : (-1 - Int(node)) % TimeLimit.allCases.count
    return TimeLimit.allCases[number]
  }

  /// The number of the call's node, in the wait for such a moment; nil for that of the run's own workflow.
  var limitedNode: Int? { isMoment && !isOfRun ? (-1 - Int(node)) / TimeLimit.allCases.count : nil }

  private var isOfRun: Bool { node < Int32.min + Int32(TimeLimit.allCases.count) }
}

extension TimeLimit {
  fileprivate var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

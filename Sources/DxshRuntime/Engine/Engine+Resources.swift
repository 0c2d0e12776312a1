import DxshPlan

/// What attempts need of the machine (`uses`): it is asked for when there is a place for the attempt, before a slot of
/// what runs share is, and given back when the attempt is over, or has to wait for such a slot.
///
/// Who waits for memory holds no place, so that others go on. Nothing of it is in the journal.
extension Engine {
  struct Reservations {
    /// What is asked of the resource manager.
    struct Inquiry {
      /// The manager's.
      let number: Int
      /// The engine's own, which comes back with answers.
      let key: Int
      let call: StepCall
    }

    /// Attempts that need something and have not asked for it.
    var queue = ReadyQueue()
    /// Attempts that wait for it.
    var waiting: [StepID: Inquiry] = [:]
    /// Attempts that have it.
    var held: [StepID: Inquiry] = [:]
    /// How many of them have it and no place yet.
    var idle: Set<StepID> = []
    /// In bytes: the most that an attempt of a step was seen to use in this process.
    var peaks: [PlanSeat: Int64] = [:]
    var keyCount = 0
    /// What is to be given back: not before what has become ready has asked, so that it is given by rank.
    var over: [Inquiry] = []

    /// Whether an attempt has asked for something, or is to, that it does not have.
    func isWanting(_ id: StepID) -> Bool { waiting[id] != nil || queue.call(id) != nil }

    var isUnused: Bool { queue.isEmpty && waiting.isEmpty && held.isEmpty }
  }

  /// A step's place in the plan.
  struct PlanSeat: Hashable {
    let scope: Int
    let node: Int32

    init(_ call: StepCall) { (scope, node) = (call.scope, call.id.node) }
  }

  /// How many attempts have a place, or are about to.
  var placesTaken: Int { flights.count - parkedWithoutPlace + seats.asking.count }

  /// Puts an attempt where it waits for a place, and for what it needs.
  func enqueue(_ call: StepCall) {
    let rank = rank(call)
    let isMeasured = bound.plan.plan.memory != nil && bound.call(of: call.id, in: interpreter).immediate == nil
    if reservations.held[call.id] != nil || needs(of: call).reservesNothing && !isMeasured {
      queue.insert(call, rank)
    } else {
      reservations.queue.insert(call, rank)
    }
  }

  /// How an attempt is ranked among those that are ready.
  func rank(_ call: StepCall) -> DispatchRank {
    if order == .arrival { return DispatchRank(holds: seats.isGiven(call.id)) }
    return DispatchRank(
      priority: call.needs?.priority ?? 0, rest: ranks.rest(scope: call.scope, node: Int(call.id.node)),
      holds: seats.isGiven(call.id))
  }

  /// What it declares, and what it was seen to use if that is more.
  private func needs(of call: StepCall) -> StepNeeds {
    var needs = call.needs ?? StepNeeds()
    if let peak = reservations.peaks[PlanSeat(call)] { needs.memory = max(needs.memory, peak) }
    return needs
  }

  /// Asks for what the next attempts need, as many as there are places for; false when there is none to ask for.
  func reserveNext() -> Bool {
    guard !reservations.queue.isEmpty, placesTaken + reservations.idle.count < width,
      reservations.waiting.count < width, !isDraining, !isHolding, let call = reservations.queue.popFirst()
    else { return false }
    let needs = needs(of: call)
    if let obstacle = resources.obstacle(needs, of: account) {
      settle(call.id, attempt: call.attempt, .failure(NodeFailure("limit", obstacle)))
      return true
    }
    reservations.keyCount += 1
    let (id, key) = (call.id, reservations.keyCount)
    let (number, isGranted) = resources.request(
      needs, declared: call.needs?.memory ?? 0, rank(call), of: account
    ) { [mail] answer in mail.post(.resources(id, key: key, answer)) }
    reservations.waiting[id] = .init(number: number, key: key, call: call)
    if isGranted { take(.granted, of: id, key: key) }
    return true
  }

  /// The resource manager has answered; an answer to what is not asked any more says nothing.
  func take(_ answer: ResourceManager.Answer, of id: StepID, key: Int) {
    switch answer {
    case .granted:
      guard let inquiry = reservations.waiting[id], inquiry.key == key else { return }
      reservations.waiting[id] = nil
      reservations.held[id] = inquiry
      reservations.idle.insert(id)
      queue.insert(inquiry.call, rank(inquiry.call))
    case .overused(let message):
      guard reservations.held[id]?.key == key, let flight = flights[id], flight.overuse == nil, let task = flight.task
      else { return }
      flights[id]?.overuse = message
      task.cancel()
    }
  }

  /// Takes the call of an attempt that waits for what it needs.
  func takeReserving(_ id: StepID) -> StepCall? {
    if let call = reservations.queue.remove(id) { return call }
    guard let call = reservations.waiting[id]?.call else { return nil }
    giveBack(id)
    return call
  }

  /// The attempt is over, or waits for something else.
  func giveBack(_ id: StepID) {
    if reservations.isUnused { return }
    reservations.idle.remove(id)
    guard let inquiry = reservations.waiting.removeValue(forKey: id) ?? reservations.held.removeValue(forKey: id)
    else { return }
    reservations.over.append(inquiry)
  }

  /// Gives back what is over; false when nothing is.
  func handBack() -> Bool {
    if reservations.over.isEmpty { return false }
    for inquiry in reservations.over {
      let peak = resources.release(inquiry.number)
      if peak > 0 { reservations.peaks[PlanSeat(inquiry.call), default: 0].grow(to: peak) }
    }
    reservations.over = []
    return true
  }

  /// The numbers of what calls have that are under way.
  var reservationsUnderWay: [Int] {
    reservations.held.filter { flights[$0.key]?.task != nil }.map(\.value.number)
  }

  /// Nothing begins for now: what only waits to begin has nothing meanwhile.
  func takeAllQueued() -> [StepCall] {
    let calls = queue.calls + reservations.queue.calls + reservations.waiting.values.map(\.call)
    for id in Array(reservations.waiting.keys) + reservations.idle { giveBack(id) }
    queue = ReadyQueue()
    reservations.queue = ReadyQueue()
    return calls
  }

  /// Where an attempt that has a reservation says what it uses.
  func meter(_ call: StepCall) -> UseMeter? {
    guard let number = reservations.held[call.id]?.number else { return nil }
    return UseMeter { [resources] memory in resources.correct(number, memory: memory) }
  }
}

extension Int64 {
  fileprivate mutating func grow(to other: Int64) { self = Swift.max(self, other) }
}

import DxshPlan
package import DxshTime

/// What attempts need of what all runs share (`SharedLimits`): it is asked for before an attempt's start is recorded,
/// and given back when its end is durable. All that gathers while the loop is busy is one transaction.
///
/// Nothing of it is in the journal but that an open breaker refused an attempt. A run that is left gives everything
/// back but the times of rates that it was promised.
extension Engine {
  /// An attempt that has something of what runs share, or is to have it.
  struct SharedSeat {
    enum Stage {
      /// It is to be asked for.
      case wanted
      /// A slot of its pool is waited for.
      case queued
      /// There is an alarm for its time.
      case resting
      case given
    }

    let call: StepCall
    let limits: StepLimits
    let path: String
    var stage = Stage.wanted
    /// `RunClaim.lapses` when it was asked for.
    var lapses = 0
    /// How often it has been asked for again, as the process had stood still (`ParkedCall.inquiryLimit`).
    var inquiries = 0
  }

  struct SharedSeats {
    var all: [StepID: SharedSeat] = [:]
    /// Those that are to be asked for, in their order; some may be unwanted by now.
    var wanted: [StepID] = []
    /// Those for whose slots it is waited, by their paths.
    var queued: [String: StepID] = [:]
    /// Those of which the store has not answered, and for which there is a place.
    var asking: Set<StepID> = []
    /// What has ended, and how much of the journal must be durable before that is said.
    var ended: [(end: SeatEnd, due: Int)] = []

    /// Whether something is to be said to the store, or is waited for.
    var isUnsettled: Bool { !wanted.isEmpty || !queued.isEmpty || !ended.isEmpty }

    func isGiven(_ id: StepID) -> Bool { all[id]?.stage == .given }
  }

  /// Whether an attempt has what it needs; if not, it is asked for, and the attempt started then.
  func isAdmitted(_ call: StepCall) -> Bool {
    guard let limits = call.limits else { return true }
    switch seats.all[call.id]?.stage {
    case .given: return true
    case .wanted, .queued: return false
    case .resting, nil: break
    }
    seats.all[call.id] = SharedSeat(call: call, limits: limits, path: interpreter.path(of: call.id))
    seats.wanted.append(call.id)
    return false
  }

  /// The process stood still after an attempt was given what it needs, which others may have by now: it is asked for
  /// again. False where nothing was, or where the store has been asked often enough.
  func asksAgain(_ id: StepID) -> Bool {
    guard let seat = seats.all[id], seat.stage == .given, seat.lapses != claim?.lapses ?? 0,
      seat.inquiries < ParkedCall.inquiryLimit
    else { return false }
    seats.all[id]?.stage = .wanted
    seats.all[id]?.inquiries += 1
    seats.wanted.append(id)
    return true
  }

  /// Gives back what an attempt that is over had; to be called when its end has been recorded.
  func noteEnd(of id: StepID, _ finding: @autoclosure () -> Breaker.Finding) {
    giveBack(id)
    if seats.all.isEmpty { return }
    guard let seat = seats.all.removeValue(forKey: id) else { return }
    seats.asking.remove(id)
    seats.queued[seat.path] = nil
    seats.ended.append(
      (SeatEnd(path: seat.path, limits: seat.limits, finding: finding()), due: journal.recorded))
  }

  /// Takes the call of a step that has not begun, as it waits for what it needs.
  func takeSeeking(_ id: StepID) -> StepCall? {
    guard let seat = seats.all[id] else { return nil }
    switch seat.stage {
    case .wanted, .queued: return seat.call
    case .resting, .given: return nil
    }
  }

  /// A step has got the slot that it waits for.
  func noteGiven(_ path: String) {
    guard let id = seats.queued.removeValue(forKey: path) else { return }
    seats.all[id]?.stage = .wanted
    seats.wanted.append(id)
  }

  // MARK: - The store

  /// Says what has ended, and asks for what is wanted; false when neither is there to be said yet.
  func exchangeSeats() async throws(RunStoreError) -> Bool {
    let count = seats.ended.prefix { $0.due <= journal.durable }.count
    var later = Set(seats.ended.dropFirst(count).map(\.end.path))
    let breakers = Set(seats.ended.dropFirst(count).compactMap(\.end.limits.breaker?.name))
    var (asking, waiting): ([StepID], [StepID]) = ([], [])
    for id in seats.wanted {
      guard let seat = seats.all[id], seat.stage == .wanted else { continue }
      // What the attempt before had is given back first, and its breaker told what it found.
      let isEarly = seat.limits.breaker.map { breakers.contains($0.name) } ?? false
      if isHolding || isDraining || isEarly || !later.insert(seat.path).inserted {
        waiting.append(id)
      } else {
        asking.append(id)
      }
    }
    seats.wanted = waiting
    guard count > 0 || !asking.isEmpty else { return false }
    let ends = seats.ended.prefix(count).map(\.end)
    seats.ended.removeFirst(count)
    let requests = asking.compactMap { id in
      seats.all[id].map {
        SeatRequest(
          path: $0.path, limits: $0.limits, timeout: $0.call.timeout, deadline: nextMoment(of: id))
      }
    }
    let lapses = claim?.lapses ?? 0
    for id in asking { seats.all[id]?.lapses = lapses }
    let admissions = try await store.limits.exchange(ends, requests, of: runID, at: noticeClock())
    for (id, admission) in zip(asking, admissions) { take(admission, of: id) }
    return true
  }

  private func take(_ admission: Admission, of id: StepID) {
    guard let seat = seats.all[id] else { return }
    seats.asking.remove(id)
    switch admission {
    case .granted:
      seats.all[id]?.stage = .given
      start(seat.call)
    case .queued:
      giveBack(id)
      seats.all[id]?.stage = .queued
      seats.queued[seat.path] = id
    case .resting(let time):
      giveBack(id)
      seats.all[id]?.stage = .resting
      if let moment = nextMoment(of: id), moment <= time {
        return failLate(seat.call, tooLate(seat.call, at: moment))
      }
      setAlarm(at: time, .start(seat.call))
    case .refused(let time):
      seats.all[id] = nil
      refuse(seat.call, by: seat.limits.breaker?.name ?? "", until: time)
    }
  }

  private func refuse(_ call: StepCall, by breaker: String, until time: Timestamp?) {
    let event = RecordedEvent.Kind.refused(attempt: call.attempt, breaker: breaker, until: time)
    noteFailure(call.id, attempt: call.attempt, .refused(by: breaker, until: time), as: event, finding: .nothing)
  }

  /// What the run had when it was left without a word is nobody's; its process may live, where the store failed, and
  /// the journal may have no event of what asked for it.
  func releaseLostSeats() async throws(RunStoreError) {
    guard bound.sharesLimits else { return }
    try await store.limits.release(runID, keepsTimes: true, isLost: true, at: context.clock.now())
  }

  /// The run is left, or has ended.
  func giveBackSeats(keepingTimes: Bool) async throws(RunStoreError) {
    guard bound.sharesLimits else { return }
    let now = context.clock.now()
    if !seats.ended.isEmpty {
      _ = try await store.limits.exchange(seats.ended.map(\.end), [], of: runID, at: now)
      seats.ended = []
    }
    try await store.limits.release(runID, keepsTimes: keepingTimes, isLost: false, at: now)
  }
}

extension NodeFailure {
  static let refusedKind = "circuit_open"

  /// An open breaker lets no attempt through.
  package static func refused(by breaker: String, until time: Timestamp?) -> NodeFailure {
    var failure = NodeFailure(
      refusedKind,
      time.map { "the breaker \(breaker) is open until \($0)" }
        ?? "the breaker \(breaker) lets nothing through for now")
    failure.notBefore = time
    return failure
  }
}

package import DxshExpressions
package import DxshPlan
package import DxshTime

/// Goes on with the runs of a store that have something to do: those whose time has come, that were told something, and
/// those whose process has died. A run that waits for long is in the store alone and takes no memory here.
///
/// Several hosts, in one or several processes, may look after one store: a run is claimed before it is touched.
package actor RunHost {
  /// What a run needs of the program that carries it out.
  package struct Surroundings: Sendable {
    /// The nodes, for a plan; throws what is missing, in one sentence.
    package var bind: @Sendable (Plan) throws(HostFailure) -> (BoundPlan, secrets: [Value])
    package var context: @Sendable (_ run: String, _ directory: String) -> NodeContext
    /// Who hears of what happens in a run, while it is under way here.
    package var observer: @Sendable (RunSummary) -> (any RunObserver)?

    package init(
      bind: @escaping @Sendable (Plan) throws(HostFailure) -> (BoundPlan, secrets: [Value]),
      context: @escaping @Sendable (_ run: String, _ directory: String) -> NodeContext,
      observer: @escaping @Sendable (RunSummary) -> (any RunObserver)? = { _ in nil }
    ) {
      self.observer = observer
      self.bind = bind
      self.context = context
    }
  }

  /// What the host tells of a run.
  package enum Report: Sendable {
    case begun
    case stopped(EngineStop)
    /// It cannot be gone on with here; the others are.
    case quarantined(String)
    /// Another process took it, as this one was silent for too long.
    case taken
    /// The store failed; what was recorded is kept, and it is tried again. Said once, until it works again.
    case storeFailed(RunStoreError)
    /// It works again.
    case storeWorks
  }

  /// The store failed: nothing is begun for a while, and then one run, to see whether it works.
  private struct Trouble {
    /// In nanoseconds.
    static let (shortest, longest): (Int64, Int64) = (1_000_000_000, 30_000_000_000)

    var error: RunStoreError
    /// How long the store is left alone, in nanoseconds.
    var pause: Int64
    /// Until when it is, by the clock's uptime.
    var over: TimeSpan
    /// What was begun since to see whether it works, and when.
    var trial: (run: String, since: TimeSpan)?
  }

  private let store: any RunStore
  private let clock: any RunClock
  private let surroundings: Surroundings
  /// How many runs may be under way here at once.
  private let limit: Int
  /// What they may use of the machine together.
  private let resources: ResourceManager
  /// How long the store is left alone while nothing is due.
  private let pause: TimeSpan
  private let tell: @Sendable (_ run: String, Report) -> Void
  private var engines: [String: Engine?] = [:]
  /// Runs that cannot be gone on with, which are not tried again.
  private var quarantined: Set<String> = []
  /// The last plan of each hash that was bound; runs of one workflow share it.
  private var plans: [String: (BoundPlan, secrets: [Value])] = [:]
  private var isDraining = false
  /// Whether nothing is kept for what is still to come.
  private var isHurrying = false
  /// Runs that were asked to make room.
  private var hurried: Set<String> = []
  private var trouble: Trouble?
  /// How the clocks stood when it was last noticed that the clock had been set.
  private var reading: ClockReading
  /// Runs that are to be looked at, due or not.
  private var unsettled: [String] = []
  /// What `run` waits for: that a run has stopped, that the pause is over, or that it is to drain.
  private let events: AsyncStream<Void>
  private let post: AsyncStream<Void>.Continuation

  /// - pause: above zero
  package init(
    store: any RunStore, clock: any RunClock, surroundings: Surroundings, limit: Int = 256,
    resources: ResourceManager = ResourceManager(.unlimited), pause: TimeSpan = TimeSpan(nanoseconds: 100_000_000),
    tell: @escaping @Sendable (String, Report) -> Void
  ) {
    self.store = store
    self.clock = clock
    self.reading = clock.reading()
    self.surroundings = surroundings
    self.limit = limit
    self.resources = resources
    self.pause = pause
    self.tell = tell
    (self.events, self.post) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Looks after the store until `drain`, or until nothing is due and nothing is under way. Throws when the store is
  /// damaged, and when it fails at a run that is to be brought to its end at once.
  package func run(untilIdle: Bool = false) async throws(RunStoreError) {
    isHurrying = untilIdle
    while true {
      let (begun, soonest) = try await beginDue()
      if engines.isEmpty {
        if untilIdle, let trouble { throw trouble.error }
        if isDraining || untilIdle && begun == 0 { return }
      }
      let now = clock.now()
      let wake = now.adding(pause) ?? now
      await next(before: untilIdle ? nil : min(wake, max(soonest ?? wake, now)))
    }
  }

  /// Begins what is due, as far as there is room; says how many runs, and when the next is due.
  private func beginDue() async throws(RunStoreError) -> (begun: Int, next: Timestamp?) {
    noteRecovery()
    let room = room
    if engines.count >= limit { makeRoom() }
    guard !isDraining, engines.count < room else { return (0, nil) }
    do throws(RunStoreError) {
      try await noticeClock()
      let due = try await store.due(at: clock.now(), limit: limit + quarantined.count)
      let before = engines.count
      for id in unsettled + due.runs where engines.count < room && engines[id] == nil && !quarantined.contains(id) {
        begin(id)
      }
      unsettled.removeAll { engines[$0] != nil || quarantined.contains($0) }
      return (engines.count - before, due.next)
    } catch {
      guard error.isTemporary else { throw error }
      note(error, of: "")
      return (0, nil)
    }
  }

  /// Has runs left that were kept as they have to wait for a short time only: others may want their places.
  private func makeRoom() {
    for (id, engine) in engines {
      guard let engine, hurried.insert(id).inserted else { continue }
      engine.makeRoom()
    }
  }

  /// How many runs may be under way now.
  private var room: Int {
    guard let trouble else { return limit }
    return trouble.trial != nil || clock.reading().uptime < trouble.over ? 0 : min(engines.count + 1, limit)
  }

  /// What was begun to see whether the store works may have to wait for what other runs have that failed: when it has
  /// been under way for as long as the store was left alone, the store works.
  private func noteRecovery() {
    guard let trouble, let trial = trouble.trial,
      let span = clock.reading().uptime.subtracting(trial.since), span >= TimeSpan(nanoseconds: trouble.pause)
    else { return }
    tell(trial.run, .storeWorks)
    self.trouble = nil
  }

  /// Has all runs that wait looked at when the clock was set back: those that wait for some time to pass would else
  /// wait for longer. Where it was set forward, runs become due too early and are left again.
  private func noticeClock() async throws(RunStoreError) {
    let now = clock.reading()
    guard let change = now.change(since: reading) else { return }
    if change.isNegative { unsettled = try await store.due(at: .latest, limit: Int(Int32.max)).runs }
    reading = now
  }

  /// The store failed. Runs that fail at once count as one failure.
  private func note(_ error: RunStoreError, of run: String) {
    if trouble?.error.message != error.message { tell(run, .storeFailed(error)) }
    let now = clock.reading().uptime
    if let trouble, now < trouble.over { return }
    let pause = min(trouble.map { $0.pause * 2 } ?? Trouble.shortest, Trouble.longest)
    trouble = Trouble(error: error, pause: pause, over: now.adding(TimeSpan(nanoseconds: pause)) ?? now)
  }

  /// Waits for an event, at most until a time.
  private func next(before time: Timestamp?) async {
    var timer: Task<Void, Never>?
    if let time {
      let (clock, post) = (clock, post)
      timer = Task {
        await clock.sleep(until: time)
        if !Task.isCancelled { post.yield() }
      }
    }
    var iterator = events.makeAsyncIterator()
    await iterator.next(isolation: self)
    timer?.cancel()
  }

  /// Begins nothing any more; `run` returns when the calls that are under way have ended.
  package func drain() {
    isDraining = true
    for engine in engines.values { engine?.drain() }
    post.yield()
  }

  private func begin(_ id: String) {
    engines[id] = .some(nil)
    trouble?.trial = (id, clock.reading().uptime)
    Task {
      switch await goOn(id) {
      case .storeFailed(let error): note(error, of: id)
      case .stopped(let stop):
        if trouble != nil { tell(id, .storeWorks) }
        trouble = nil
        tell(id, .stopped(stop))
      case let report?: tell(id, report)
      case nil: break
      }
      engines[id] = nil
      if trouble?.trial?.run == id { trouble?.trial = nil }
      hurried.remove(id)
      post.yield()
    }
  }

  /// Nil when another process was faster.
  private func goOn(_ id: String) async -> Report? {
    do throws(RunStoreError) {
      guard let claim = try await store.claim(id) else { return nil }
      defer { withExtendedLifetime(claim) {} }
      let stored = try await store.run(id)
      if stored.summary.status.isFinal { return nil }
      let history = try RunHistory(try await store.journal(of: id))
      let (bound, secrets): (BoundPlan, [Value])
      do throws(HostFailure) {
        (bound, secrets) = try bind(try Self.plan(of: stored), hash: stored.planHash)
      } catch {
        return quarantine(id, error.message)
      }
      let engine = Engine(
        bound, history: history, secrets: secrets, runID: id,
        context: surroundings.context(id, stored.directory), store: store,
        options: RunOptions(leaving: isHurrying ? .whenWaiting : .whenWorthwhile, resources: resources),
        observer: surroundings.observer(stored.summary), claim: claim)
      engines[id] = engine
      if isDraining { engine.drain() }
      tell(id, .begun)
      return .stopped(try await engine.run())
    } catch {
      switch error.kind {
      case .damaged, .newer, .unknownRun: return quarantine(id, error.message)
      case .taken: return .taken
      case .unavailable, .full, .ended: return .storeFailed(error)
      }
    }
  }

  private static func plan(of run: StoredRun) throws(HostFailure) -> Plan {
    do {
      return try run.decodedPlan()
    } catch {
      throw HostFailure(error.message)
    }
  }

  private func bind(
    _ plan: @autoclosure () throws(HostFailure) -> Plan, hash: String
  ) throws(HostFailure) -> (BoundPlan, secrets: [Value]) {
    if let bound = plans[hash] { return bound }
    let bound = try surroundings.bind(try plan())
    // Old plans are few; should they be many, they are bound once more.
    if plans.count >= 1000 { plans = [:] }
    plans[hash] = bound
    return bound
  }

  private func quarantine(_ id: String, _ message: String) -> Report {
    quarantined.insert(id)
    return .quarantined(message)
  }
}

extension RunStoreError {
  /// Whether the store may work again by itself, or when somebody has made room.
  fileprivate var isTemporary: Bool { kind == .full || kind == .unavailable }
}

/// Why a run cannot be carried out here: one sentence that names what is missing.
package struct HostFailure: Error, Hashable, Sendable {
  package var message: String

  package init(_ message: String) {
    self.message = message
  }
}

package import DxshExpressions
package import DxshPlan
package import DxshTime

/// Goes on with the runs of a store that have something to do: those whose time has come, that were told something, and
/// those whose process has died. A run that waits is in the store alone and takes no memory here.
///
/// Several hosts, in one or several processes, may look after one store: a run is claimed before it is touched.
package actor RunHost {
  /// What a run needs of the program that carries it out.
  package struct Surroundings: Sendable {
    /// The nodes, for a plan; throws what is missing, in one sentence.
    package var bind: @Sendable (Plan) throws(HostFailure) -> (BoundPlan, secrets: [Value])
    package var context: @Sendable (_ run: String, _ directory: String) -> NodeContext

    package init(
      bind: @escaping @Sendable (Plan) throws(HostFailure) -> (BoundPlan, secrets: [Value]),
      context: @escaping @Sendable (_ run: String, _ directory: String) -> NodeContext
    ) {
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
    /// The store failed in the middle of it; what was recorded is kept.
    case storeFailed(RunStoreError)
  }

  private let store: any RunStore
  private let clock: any RunClock
  private let surroundings: Surroundings
  /// How many runs may be under way here at once.
  private let limit: Int
  /// How long the store is left alone while nothing is due.
  private let pause: TimeSpan
  private let tell: @Sendable (_ run: String, Report) -> Void
  private var engines: [String: Engine?] = [:]
  /// Runs that cannot be gone on with, which are not tried again.
  private var quarantined: Set<String> = []
  /// The last plan of each hash that was bound; runs of one workflow share it.
  private var plans: [String: (BoundPlan, secrets: [Value])] = [:]
  private var isDraining = false
  /// What `run` waits for: that a run has stopped, that the pause is over, or that it is to drain.
  private let events: AsyncStream<Void>
  private let post: AsyncStream<Void>.Continuation

  /// - pause: above zero
  package init(
    store: any RunStore, clock: any RunClock, surroundings: Surroundings, limit: Int = 256,
    pause: TimeSpan = TimeSpan(nanoseconds: 100_000_000), tell: @escaping @Sendable (String, Report) -> Void
  ) {
    self.store = store
    self.clock = clock
    self.surroundings = surroundings
    self.limit = limit
    self.pause = pause
    self.tell = tell
    (self.events, self.post) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Looks after the store until `drain`, or until nothing is due and nothing is under way. Throws when the store
  /// cannot be read.
  package func run(untilIdle: Bool = false) async throws(RunStoreError) {
    while true {
      var due = DueRuns(runs: [], next: nil)
      if !isDraining, engines.count < limit {
        due = try await store.due(at: clock.now(), limit: limit + quarantined.count)
      }
      let new = due.runs.lazy.filter { self.engines[$0] == nil && !self.quarantined.contains($0) }
      let begun = Array(new.prefix(limit - engines.count))
      for id in begun { begin(id) }
      if engines.isEmpty, isDraining || untilIdle && begun.isEmpty { return }
      let now = clock.now()
      let wake = now.adding(pause) ?? now
      await next(before: untilIdle ? nil : min(wake, max(due.next ?? wake, now)))
    }
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
    Task {
      if let report = await goOn(id) { tell(id, report) }
      engines[id] = nil
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
        options: RunOptions(leaving: .whenWaiting), claim: claim)
      engines[id] = engine
      if isDraining { engine.drain() }
      tell(id, .begun)
      return .stopped(try await engine.run())
    } catch {
      switch error.kind {
      case .damaged, .newer, .unknownRun: return quarantine(id, error.message)
      case .taken: return nil
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

/// Why a run cannot be carried out here: one sentence that names what is missing.
package struct HostFailure: Error, Hashable, Sendable {
  package var message: String

  package init(_ message: String) {
    self.message = message
  }
}

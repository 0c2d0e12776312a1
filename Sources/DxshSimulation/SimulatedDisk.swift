import DxshPlan
import DxshRuntime
import DxshTime
import Synchronization

/// What is durable, and who may write it: what `SQLiteRunStore` is for real processes.
///
/// A run belongs to the process that claimed it last; each claim has a higher fence. A process that is dead, or that
/// was silent for longer than `lease`, may lose its runs to another; then nothing that it writes is taken.
final class SimulatedDisk: Sendable {
  /// In seconds.
  static let lease = 15

  struct Owner: Hashable {
    let process: Int
    let fence: Int
  }

  struct Entry {
    var run: StoredRun
    /// Without the large values that they refer to.
    var batches: [JournalBatch]
    var state: RunState
    var inbox: [NumberedMessage] = []
    var owner: Owner?
    var fence = 0
    var watches: [Int: @Sendable () -> Void] = [:]
    /// What the batches say.
    var events: [RecordedEvent]
    var started: Set<String> = []
    var succeeded: Set<String> = []
    var isPaused = false
    /// What was started first when the run was paused, as far as the batches say.
    var begunInPause: Set<String> = []
    var isCancelled = false
    /// What was started when somebody had cancelled the run, as far as the batches say, but for what is then to begin.
    var begunAfterCancel: Set<String> = []
    /// Of a run that was moved: what its paths are called now, and what they were called before.
    var names = MovedNames()
    /// Which process wrote each batch but the first.
    var writers: [Int] = []
    /// What its batches say of a move otherwise than what became of it.
    var violations: [String] = []
  }

  /// Which processes live.
  private final class Lives: Sendable {
    private struct Life {
      var isAlive = true
      var lastBeat: Timestamp
    }

    private let state = Mutex<[Int: Life]>([:])

    func beat(_ process: Int, at time: Timestamp) { state.withLock { $0[process] = Life(lastBeat: time) } }
    func end(_ process: Int) { state.withLock { $0[process]?.isAlive = false } }

    /// Whether it lives, and has not been silent for a lease.
    func isAlive(_ process: Int, at time: Timestamp) -> Bool {
      guard let life = state.withLock({ $0[process] }), life.isAlive else { return false }
      return life.lastBeat.after(seconds: SimulatedDisk.lease) > time
    }
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var order: [String] = []
    var blobs = BlobShelf()
    /// What runs share of what steps gave.
    var results: [SHA256Digest: CachedResult] = [:]
    var messageCount: Int64 = 0
    var watchCount = 0
  }

  private let state = Mutex(State())
  private let clock: VirtualClock
  private let lives = Lives()
  /// What the runs share.
  let shared: SharedRows
  /// What steps are called in plans that runs are moved to, by the plans' hashes.
  private let renamings: [String: [String: String]]

  init(_ clock: VirtualClock, renamings: [String: [String: String]] = [:]) {
    self.clock = clock
    self.renamings = renamings
    shared = SharedRows { [lives] in lives.isAlive($0, at: clock.now) }
  }

  // MARK: - Processes

  /// The process lives, and is not silent.
  func beat(_ process: Int) { lives.beat(process, at: clock.now) }

  /// Whether others may take what the process has.
  func isSilent(_ process: Int) -> Bool { !lives.isAlive(process, at: clock.now) }

  func end(_ process: Int) {
    lives.end(process)
    shared.tend(at: clock.now)
  }

  func owns(_ process: Int, _ run: String) -> Bool {
    state.withLock { $0.entries[run]?.owner?.process == process }
  }

  // MARK: - Runs

  func add(_ run: NewRun) {
    let summary = RunSummary(
      id: run.id, workflow: run.workflow, key: run.key, status: .running, startedAt: run.startedAt, endedAt: nil,
      isClaimed: false)
    let stored = StoredRun(summary: summary, plan: run.plan, planHash: run.planHash, directory: run.directory)
    state.withLock { state in
      state.entries[run.id] = Entry(
        run: stored, batches: [state.blobs.keep(run.firstBatch)],
        state: RunState(.running, at: run.startedAt, dueAt: run.startedAt),
        events: [])
      state.order.append(run.id)
    }
  }

  var runs: [String] { state.withLock(\.order) }

  /// In events.
  var longestJournal: Int { state.withLock { state in state.entries.values.map(\.events.count).max() ?? 0 } }

  func planHash(of run: String) -> String? { state.withLock { $0.entries[run]?.run.planHash } }

  func names(of run: String) -> MovedNames { state.withLock { $0.entries[run]?.names ?? MovedNames() } }

  func entry(_ run: String) -> Entry? { state.withLock { $0.entries[run] } }

  func journal(of run: String) -> [JournalBatch] {
    state.withLock { state in (state.entries[run]?.batches ?? []).map(state.blobs.filled) }
  }

  /// As they were recorded.
  func events(of run: String) throws(RunStoreError) -> [RecordedEvent] {
    var events: [RecordedEvent] = []
    for batch in journal(of: run) { events += try JournalCodec.decode(batch) }
    return events
  }

  func results(of keys: [SHA256Digest]) -> [[UInt8]?] {
    let now = clock.now
    return state.withLock { state in keys.map { state.results[$0].flatMap { now < $0.until ? $0.bytes : nil } } }
  }

  /// Nil while a process that may still be at work has it.
  func claim(_ run: String, by process: Int) -> Owner? {
    let now = clock.now
    return state.withLock { state in
      guard let entry = state.entries[run], isFree(entry, now) else { return nil }
      let owner = Owner(process: process, fence: entry.fence + 1)
      state.entries[run]?.owner = owner
      state.entries[run]?.fence += 1
      return owner
    }
  }

  func release(_ run: String, _ owner: Owner) {
    state.withLock { if $0.entries[run]?.owner == owner { $0.entries[run]?.owner = nil } }
  }

  /// False when the run is not the owner's.
  func append(_ batch: JournalBatch, _ events: [RecordedEvent], to run: String, _ new: RunState, by owner: Owner)
    -> Bool
  {
    state.withLock { state in
      guard var entry = state.entries[run], entry.owner == owner, entry.batches.count == batch.number else {
        return false
      }
      state.entries[run] = nil
      entry.batches.append(state.blobs.keep(batch))
      entry.writers.append(owner.process)
      if let plan = batch.plan {
        entry.names.renamed = renamings[plan.hash] ?? [:]
        entry.run.take(plan)
      }
      if events.contains(where: \.isMigration) != (batch.plan != nil) {
        entry.violations.append("batch \(batch.number) moves the run and has no plan, or the other way round")
      }
      for result in batch.results { state.results[result.key] = result }
      entry.state = new
      entry.run.summary.status = new.status
      for event in events { entry.take(event) }
      if !new.status.isFinal, entry.inbox.last?.number ?? 0 > new.seen { entry.state.dueAt = .epoch }
      state.entries[run] = entry
      return true
    }
  }

  /// Returns whom to tell; nil when the run has ended.
  func send(_ message: RunMessage, to run: String) -> [@Sendable () -> Void]? {
    let now = clock.now
    return state.withLock { state in
      guard let entry = state.entries[run], !entry.state.status.isFinal else { return nil }
      state.messageCount += 1
      let sent = NumberedMessage(number: state.messageCount, message: message, at: now)
      state.entries[run]?.inbox.append(sent)
      state.entries[run]?.state.dueAt = .epoch
      return entry.watches.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.watchCount += 1
      state.entries[run]?.watches[state.watchCount] = onNews
      return state.watchCount
    }
  }

  func endWatch(_ number: Int, of run: String) {
    state.withLock { $0.entries[run]?.watches[number] = nil }
  }

  func due(at time: Timestamp, limit: Int) -> DueRuns {
    let now = clock.now
    return state.withLock { state in
      let waiting = state.order.compactMap { id -> (at: Timestamp, id: String)? in
        guard let entry = state.entries[id], let at = entry.state.dueAt, isFree(entry, now) else {
          return nil
        }
        return (at, id)
      }.sorted { $0 < $1 }
      let due = waiting.prefix { $0.at <= time }.prefix(limit)
      return DueRuns(runs: due.map(\.id), next: waiting.dropFirst(due.count).first?.at)
    }
  }

  private func isFree(_ entry: Entry, _ now: Timestamp) -> Bool {
    entry.owner.map { !lives.isAlive($0.process, at: now) } ?? true
  }
}

extension SimulatedDisk.Entry {
  fileprivate mutating func take(_ event: RecordedEvent) {
    if case .migrated(_, let paths) = event.kind { move(to: paths) }
    events.append(event)
    switch event.kind {
    case .attemptStarted:
      let isFirst = started.insert(event.path).inserted
      if isFirst, isPaused { begunInPause.insert(event.path) }
      if isCancelled, !Self.isOfEnd(event.path) { begunAfterCancel.insert(event.path) }
    case .succeeded, .settled(.done): succeeded.insert(event.path)
    case .settled(.retry): started.remove(event.path)
    case .received(.pause, _): isPaused = true
    case .reopened(let dropped):
      started.subtract(dropped)
      succeeded.subtract(dropped)
      isPaused = false
      isCancelled = false
    case .received(.resume, _): isPaused = false
    case .received(.cancel, _), .cancelRequested:
      isPaused = false
      isCancelled = true
    default: break
    }
  }

  /// Everything that is noted of a step is noted of what it is called now.
  private mutating func move(to paths: [String: String]) {
    let isGone = { (path: String) in path.hasSuffix(MovedNames.goneMark) }
    let path = { (path: String) in
      path.isEmpty || isGone(path) ? path : paths[path] ?? path + MovedNames.goneMark
    }
    names.unmoved = events
    for index in events.indices {
      events[index].path = path(events[index].path)
      if case .reopened(let dropped) = events[index].kind { events[index].kind = .reopened(dropped: dropped.map(path)) }
    }
    started = Set(started.map(path))
    succeeded = Set(succeeded.map(path))
    begunInPause = Set(begunInPause.map(path))
    begunAfterCancel = Set(begunAfterCancel.map(path))
  }

  /// Whether a step undoes another or asks whether it took place, or is that of a `finally` (`RandomWorkflow`).
  private static func isOfEnd(_ path: String) -> Bool {
    if Plan.undone(by: path) != nil || Plan.verified(by: path) != nil { return true }
    let name = path.split(separator: "/").last ?? ""
    return name == "last" || name.hasPrefix("z")
  }
}

extension RecordedEvent {
  fileprivate var isMigration: Bool { if case .migrated = kind { true } else { false } }
}

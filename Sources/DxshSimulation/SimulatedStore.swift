import DxshPlan
import DxshRuntime
import DxshTime
import Synchronization

/// What can go wrong in a call of the store.
enum StoreFault: CaseIterable {
  /// The process dies before the call has done anything; what was not synced is lost so too.
  case crashBefore
  /// The process dies when the call has done everything, before anybody hears of it.
  case crashAfter
  /// The process dies in the call: of the events that it was to write only the first half is there.
  case tornWrite
  /// No space is left, for this call and some more.
  case full
  /// The answer comes late, perhaps after the lease.
  case late
}

/// The store as one process sees it, with the faults that befall it.
final class SimulatedStore: RunStore {
  private struct State {
    var isDead = false
    /// How many writes find no space yet.
    var fullWrites = 0
    /// How often the process has been silent for longer than a lease.
    var lapses = 0
    /// Under which fence it has each run.
    var owners: [String: SimulatedDisk.Owner] = [:]
    /// With how many lapses it was last sure to have it.
    var lapsesSeen: [String: Int] = [:]
    /// What slots it waits for.
    var waiting: Set<WaitingSeat> = []
  }

  private struct WaitingSeat: Hashable {
    let run: String
    let path: String
  }

  let process: Int
  let disk: SimulatedDisk
  let clock: VirtualClock
  let faults: Faults
  private let state = Mutex(State())

  init(_ process: Int, _ disk: SimulatedDisk, _ clock: VirtualClock, _ faults: Faults) {
    self.process = process
    self.disk = disk
    self.clock = clock
    self.faults = faults
  }

  var isRecording: Bool { true }
  var artifacts: String { "/dev/null/files" }

  // MARK: - Life and death

  var isDead: Bool { state.withLock(\.isDead) }

  /// From now on nothing reaches the store, and all that it had is free.
  func die() {
    state.withLock { $0.isDead = true }
    disk.end(process)
  }

  /// The process has been silent for longer than a lease.
  func noteLapse() {
    let waiting = state.withLock { state in
      state.lapses += 1
      return state.waiting.sorted { ($0.run, $0.path) < ($1.run, $1.path) }
    }
    // What it waited for may be another's.
    disk.shared.tellAll(of: process, waiting.map { ($0.run, $0.path) })
  }

  func noteWaiting(_ run: String, _ path: String, _ waits: Bool) {
    let seat = WaitingSeat(run: run, path: path)
    state.withLock { state in
      if waits { state.waiting.insert(seat) } else { state.waiting.remove(seat) }
    }
  }

  /// Whether the claim that this process has of a run holds still.
  func hasClaim(of run: String) -> Bool {
    guard let owner = state.withLock({ $0.owners[run] }) else { return false }
    return disk.entry(run)?.owner == owner
  }

  private static let dead = RunStoreError(.unavailable, "the process is dead")
  private static let full = RunStoreError(.full, "no space is left on the device")

  /// Whatever goes wrong before a call; what goes wrong after it is to be carried out by `end`.
  func begin(writes: Bool) async throws(RunStoreError) -> StoreFault? {
    if isDead { throw Self.dead }
    let fault = faults.ofCall()
    switch fault {
    case .crashBefore: throw crash()
    case .late: await clock.sleep(until: clock.now.after(milliseconds: faults.delay()), of: process)
    case .full: if writes { state.withLock { $0.fullWrites = 3 } }
    case .crashAfter, .tornWrite, nil: break
    }
    if isDead { throw Self.dead }
    if writes,
      state.withLock({ state in
        state.fullWrites -= 1
        return state.fullWrites >= 0
      })
    {
      throw Self.full
    }
    return fault
  }

  func end(_ fault: StoreFault?) throws(RunStoreError) {
    if fault == .crashAfter || fault == .tornWrite { throw crash() }
  }

  private func crash() -> RunStoreError {
    die()
    return Self.dead
  }

  // MARK: - Calls

  /// The simulation adds runs by itself.
  func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation { throw Self.dead }

  func append(_ batch: JournalBatch, to run: String, _ new: RunState) async throws(RunStoreError) {
    let fault = try await begin(writes: true)
    var events = try JournalCodec.decode(batch)
    var (batch, new) = (batch, new)
    if fault == .tornWrite {
      events = Array(events.prefix(events.count / 2))
      batch = JournalBatch(number: batch.number, events)
      new = RunState(.running, at: new.at, dueAt: new.at, seen: 0)
    }
    guard let owner = state.withLock({ $0.owners[run] }), disk.append(batch, events, to: run, new, by: owner) else {
      throw .taken(run)
    }
    confirm(run)
    try end(fault)
  }

  /// The process lives, and has the run.
  func confirm(_ run: String) {
    disk.beat(process)
    state.withLock { $0.lapsesSeen[run] = $0.lapses }
  }

  func claim(_ run: String) async throws(RunStoreError) -> RunClaim? {
    let fault = try await begin(writes: true)
    guard let owner = disk.claim(run, by: process) else { return nil }
    // What it writes says that it lives.
    disk.beat(process)
    state.withLock { state in
      state.owners[run] = owner
      state.lapsesSeen[run] = state.lapses
    }
    try end(fault)
    return RunClaim(
      isHeld: { [weak self] in
        self?.state.withLock { $0.owners[run] == owner && $0.lapsesSeen[run] == $0.lapses } ?? false
      },
      lapses: { [weak self] in self?.state.withLock(\.lapses) ?? 0 },
      release: { [weak self] in
        guard let self, !self.isDead else { return }
        self.disk.release(run, owner)
      })
  }

  func run(_ prefix: String) async throws(RunStoreError) -> StoredRun {
    let fault = try await begin(writes: false)
    guard let entry = disk.entry(prefix) else { throw RunStoreError(.unknownRun, "there is no run \(prefix)") }
    try end(fault)
    return entry.run
  }

  func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] {
    disk.runs.suffix(limit).reversed().compactMap { disk.entry($0)?.run.summary }
  }

  func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] {
    let fault = try await begin(writes: false)
    let batches = disk.journal(of: run)
    try end(fault)
    return batches
  }

  func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?] {
    let fault = try await begin(writes: false)
    let results = disk.results(of: keys)
    try end(fault)
    return results
  }

  func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64 { throw Self.dead }

  func messages(to run: String, after number: Int64) async throws(RunStoreError) -> [NumberedMessage] {
    let fault = try await begin(writes: false)
    let found = disk.entry(run)?.inbox.filter { $0.number > number } ?? []
    try end(fault)
    return found
  }

  func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch {
    let executor = SeededExecutor.current
    let number = disk.watch(run) { executor?.within(onNews) }
    return RunWatch { [disk] in disk.endWatch(number, of: run) }
  }

  func due(at time: Timestamp, limit: Int) async throws(RunStoreError) -> DueRuns {
    let fault = try await begin(writes: false)
    let found = disk.due(at: time, limit: limit)
    try end(fault)
    return found
  }
}

/// When faults happen: the first one soon, the others now and then.
final class Faults: Sendable {
  private struct State {
    var dice: Dice
    var left: Int
    /// After how many calls the first one comes.
    var untilFirst: Int
    var hit = 0
  }

  private let state: Mutex<State>

  /// - count: how many there are at most
  /// - isHasty: whether the first comes at once
  init(_ dice: Dice, count: Int, isHasty: Bool) {
    var dice = dice
    let first = dice.roll(8)
    state = Mutex(State(dice: dice, left: count, untilFirst: isHasty ? 0 : first))
  }

  /// From now on there are so many more, the first of them soon.
  func add(_ count: Int) {
    state.withLock { state in
      state.left += count
      state.untilFirst = state.dice.roll(8)
    }
  }

  /// How many there have been.
  var hit: Int { state.withLock(\.hit) }

  func ofCall() -> StoreFault? {
    state.withLock { state in
      guard state.left > 0 else { return nil }
      state.untilFirst -= 1
      guard state.hit == 0 ? state.untilFirst < 0 : state.dice.once(in: 25) else { return nil }
      state.left -= 1
      state.hit += 1
      return state.dice.pick(StoreFault.allCases)
    }
  }

  /// In milliseconds.
  func delay() -> Int { state.withLock { $0.dice.roll($0.dice.once(in: 3) ? 40_000 : 500) } }

  /// Whether something happens to a process between two of its jobs.
  func ofJob() -> Bool {
    state.withLock { state in
      guard state.left > 0, state.dice.once(in: 300) else { return false }
      state.left -= 1
      state.hit += 1
      return true
    }
  }
}

import DxshRuntime
import DxshSQLite
import DxshTime
import Glibc

/// What is done with the connection that writes, by one thread at a time.
///
/// Whoever writes to a run's journal has claimed it: the run's row names the worker, and the fence, which every claim
/// raises, is that of the claim. A process that was stopped while another took its run changes nothing any more.
final class SQLiteTransactions {
  /// A run that this process has claimed.
  private struct Held {
    let number: Int64
    let fence: Int64
    var status: RunStatus
  }

  let connection: SQLiteConnection
  private let path: String
  private let locks: WorkerLocks
  private let leases: Leases
  /// What this process promises of what it writes.
  private let durability: Durability
  /// How long the log may be, in bytes.
  private let logLimit: Int64
  /// This process among those that write to the store; nil before it has claimed anything.
  private(set) var worker: Int64?
  private var held: [String: Held] = [:]
  /// What a transaction changes of the above, which holds once it is committed.
  private var heldBefore: [String: Held?] = [:]
  private var workerBefore: Int64??
  /// Whether the transaction says that this process lives.
  private var renewsLease = false

  init(
    _ connection: SQLiteConnection, _ path: String, _ locks: WorkerLocks, _ leases: Leases, _ durability: Durability,
    logLimit: Int64
  ) {
    self.connection = connection
    self.durability = durability
    self.logLimit = logLimit
    self.path = path
    self.locks = locks
    self.leases = leases
  }

  /// Carries out all requests in one transaction, and then what looks after the store. One that fails by itself leaves
  /// the others alone; a transaction that fails, fails them all.
  func perform(_ requests: [SQLiteWriter.Request]) {
    let upkeep = requests.filter(\.isUpkeep)
    if upkeep.count < requests.count { performTogether(upkeep.isEmpty ? requests : requests.filter { !$0.isUpkeep }) }
    for request in upkeep {
      performTogether([request])
      // The file gets shorter when the log is taken into it.
      if case .shrink = request { try? connection.execute("PRAGMA wal_checkpoint(PASSIVE)") }
    }
  }

  private func performTogether(_ requests: [SQLiteWriter.Request]) {
    var answers: [() -> Void] = []
    let done = perform { () throws(SQLiteError) in
      for request in requests { answers.append(try perform(request)) }
    }
    if case .failure(let failure) = done { answers = requests.map { request in { request.refuse(failure) } } }
    for answer in answers { answer() }
  }

  /// A transaction, durable when this returns a value.
  func perform<Value>(_ body: () throws(SQLiteError) -> Value) -> Result<Value, RunStoreError> {
    let start = leases.begin()
    heldBefore = [:]
    workerBefore = nil
    renewsLease = false
    do throws(SQLiteError) {
      try connection.cached("BEGIN IMMEDIATE").run()
      let value = try body()
      try connection.cached("COMMIT").run()
      if renewsLease { leases.renew(from: start) }
      if WriteAheadLog.size(pages: connection.logPages) > logLimit { cutLog() }
      return .success(value)
    } catch {
      // What the transaction learned does not hold.
      for (run, before) in heldBefore { held[run] = before }
      if let workerBefore { worker = workerBefore }
      if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
      return .failure(RunStoreError(error, path))
    }
  }

  /// Empties a log that has become too long, unless somebody still reads what it holds: then the next transaction tries
  /// again.
  private func cutLog() {
    let patience = connection.busyTimeout
    connection.busyTimeout = 0
    defer { connection.busyTimeout = patience }
    try? connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// What to answer once the transaction is durable; throws what fails it.
  private func perform(_ request: SQLiteWriter.Request) throws(SQLiteError) -> () -> Void {
    switch request {
    case .create(let run, let answer):
      let result = try create(run)
      return { answer.resume(returning: result) }
    case .append(let batch, let run, let state, let answer):
      let failure = try append(batch, to: run, state)
      return { answer.resume(returning: failure.map { .failure($0) } ?? .success(())) }
    case .claim(let run, let answer):
      let result = try claim(run)
      return { answer.resume(returning: result) }
    case .release(let claim):
      try release(claim)
      return {}
    case .send(let message, let run, let deduplication, let time, let answer):
      let result = try send(message, to: run, deduplication, at: time)
      return { answer.resume(returning: result) }
    case .limits(let call, let answer):
      let result = try perform(call)
      return { answer.resume(returning: result) }
    case .beat:
      try beat()
      return {}
    case .retire(let runs, let answer):
      let result = try retire(runs)
      return { answer.resume(returning: .success(result)) }
    case .clear(let answer):
      let result = try clear()
      return { answer.resume(returning: .success(result)) }
    case .sweepRates(let key, let time, let answer):
      let result = try sweepRates(after: key, before: time)
      return { answer.resume(returning: .success(result)) }
    case .sweep(let digest, let answer):
      let result = try BlobRows.sweep(after: digest, connection)
      return { answer.resume(returning: .success(result)) }
    case .shrink(let pages, let answer):
      let left = try shrink(by: pages)
      return { answer.resume(returning: .success(left)) }
    }
  }

  // MARK: - Runs

  private func create(_ run: NewRun) throws(SQLiteError) -> Result<SQLiteWriter.Creation, RunStoreError> {
    if let key = run.key {
      let find = try connection.cached("SELECT id FROM runs WHERE workflow = ? AND key = ?")
      defer { find.reset() }
      try find.bind(.text(run.workflow), .text(key))
      if try find.step() { return .success(.existing(find.text(0))) }
    }
    let worker: Int64
    switch try registered() {
    case .success(let number): worker = number
    case .failure(let failure): return .failure(failure)
    }
    try keep(run.planHash, run.plan)
    let insert = try connection.cached(
      """
      INSERT INTO runs (id, workflow, key, plan, directory, status, started_ms, due_ms, owner, durability, fence)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """)
    try insert.bind(
      .text(run.id), .text(run.workflow), run.key.map { .text($0) } ?? .null, .text(run.planHash),
      .text(run.directory), .text(RunStatus.running.rawValue), .integer(run.startedAt.milliseconds), .integer(0),
      .integer(worker), .text(durability.rawValue))
    try insert.run()
    let number = connection.lastRowID
    try add(run.firstBatch, to: number)
    hold(run.id, Held(number: number, fence: 1, status: .running))
    return .success(.created(SQLiteWriter.Claim(run: run.id, number: number, fence: 1)))
  }

  /// A failure of this batch alone.
  func append(_ batch: JournalBatch, to id: String, _ state: RunState) throws(SQLiteError) -> RunStoreError? {
    guard let run = held[id], let worker, try add(batch, to: run, of: worker) else { return .taken(id) }
    try renewLease()
    if let plan = batch.plan { try change(run.number, to: plan) }
    if !batch.results.isEmpty { try keep(batch.results, at: state.at) }
    if run.status != state.status || state.status != .running { try note(state, of: run, id) }
    return nil
  }

  /// False when the claim of this process holds no more, or the run has such a batch.
  private func add(_ batch: JournalBatch, to run: Held, of worker: Int64) throws(SQLiteError) -> Bool {
    let insert = try connection.cached(
      """
      INSERT INTO journal (run, batch, events)
      SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM runs WHERE number = ?1 AND owner = ?4 AND fence = ?5)
      """)
    try insert.bind(
      .integer(run.number), .integer(Int64(batch.number)), .blob(batch.bytes), .integer(worker), .integer(run.fence))
    do throws(SQLiteError) {
      try insert.run()
    } catch {
      guard error.kind == .constraint else { throw error }
      return false
    }
    guard connection.changes > 0 else { return false }
    try BlobRows.keep(batch.blobs, for: run.number, connection)
    return true
  }

  /// Whether the claim of this process holds still.
  func isClaimed(_ id: String) throws(SQLiteError) -> Bool {
    guard let run = held[id], let worker else { return false }
    let check = try connection.cached("SELECT 1 FROM runs WHERE number = ? AND owner = ? AND fence = ?")
    defer { check.reset() }
    try check.bind(.integer(run.number), .integer(worker), .integer(run.fence))
    return try check.step()
  }

  /// Where it has run out, says that this process lives.
  func renewLease() throws(SQLiteError) {
    if leases.hasRunOut { try beat() }
  }

  private func change(_ run: Int64, to plan: EncodedPlan) throws(SQLiteError) {
    let find = try connection.cached("SELECT plan FROM runs WHERE number = ?")
    defer { find.reset() }
    try find.bind(.integer(run))
    let former = try find.step() ? find.text(0) : plan.hash
    find.reset()
    try keep(plan.hash, plan.body)
    let update = try connection.cached("UPDATE runs SET plan = ? WHERE number = ?")
    try update.bind(.text(plan.hash), .integer(run))
    try update.run()
    if former != plan.hash { _ = try removeUnused([former]) }
    // Where another run of the new name has the same key, it keeps its old one.
    let rename = try connection.cached("UPDATE OR IGNORE runs SET workflow = ? WHERE number = ?")
    try rename.bind(.text(plan.workflow), .integer(run))
    try rename.run()
  }

  private func keep(_ hash: String, _ body: [UInt8]) throws(SQLiteError) {
    let plan = try connection.cached("INSERT OR IGNORE INTO plans (hash, body) VALUES (?, ?)")
    try plan.bind(.text(hash), .blob(body))
    try plan.run()
  }

  private func note(_ state: RunState, of run: Held, _ id: String) throws(SQLiteError) {
    // Nobody will read the inbox once the run has been left: what came meanwhile makes it due.
    let update = try connection.cached(
      """
      UPDATE runs SET status = ?1, ended_ms = ?2, owner = iif(?3, NULL, owner),
        due_ms = CASE WHEN NOT ?3 AND EXISTS (SELECT 1 FROM inbox WHERE run = ?4 AND number > ?5) THEN 0 ELSE ?6 END
      WHERE number = ?4
      """)
    let isFinal = state.status.isFinal
    try update.bind(
      .text(state.status.rawValue), isFinal ? .integer(state.at.milliseconds) : .null, .integer(isFinal ? 1 : 0),
      .integer(run.number), .integer(state.seen),
      state.dueAt.map { .integer($0.millisecondsRoundedUp) } ?? .null)
    try update.run()
    var changed = run
    changed.status = state.status
    hold(id, isFinal ? nil : changed)
  }

  private func add(_ batch: JournalBatch, to run: Int64) throws(SQLiteError) {
    let insert = try connection.cached("INSERT INTO journal (run, batch, events) VALUES (?, ?, ?)")
    try insert.bind(.integer(run), .integer(Int64(batch.number)), .blob(batch.bytes))
    try insert.run()
    try BlobRows.keep(batch.blobs, for: run, connection)
  }

  private func send(
    _ message: RunMessage, to id: String, _ deduplication: String?, at time: Timestamp
  ) throws(SQLiteError) -> Result<Int64, RunStoreError> {
    let find = try connection.cached("SELECT number, status FROM runs WHERE id = ?")
    try find.bind(.text(id))
    let run = try find.step() ? (number: find.integer(0), status: find.text(1)) : nil
    find.reset()
    guard let run else { return .failure(.unknown(id, in: path)) }
    if let deduplication {
      let find = try connection.cached("SELECT number FROM inbox WHERE run = ? AND deduplication = ?")
      defer { find.reset() }
      try find.bind(.integer(run.number), .text(deduplication))
      if try find.step() { return .success(find.integer(0)) }
    }
    if let status = RunStatus(rawValue: run.status), status.isFinal { return .failure(.hasEnded(id, status)) }
    let insert = try connection.cached("INSERT INTO inbox (run, body, deduplication, sent_ms) VALUES (?, ?, ?, ?)")
    let event = RecordedEvent(path: "", kind: .received(message, number: 0), at: time)
    try insert.bind(
      .integer(run.number), .blob(JournalCodec.encode([event])), deduplication.map { .text($0) } ?? .null,
      .integer(time.milliseconds))
    try insert.run()
    let number = connection.lastRowID
    let wake = try connection.cached("UPDATE runs SET due_ms = 0 WHERE number = ?")
    try wake.bind(.integer(run.number))
    try wake.run()
    return .success(number)
  }

  // MARK: - Claims

  /// This process among those that write to the store, from now on.
  func registered() throws(SQLiteError) -> Result<Int64, RunStoreError> {
    if let worker {
      if leases.hasRunOut { try beat() }
      return .success(worker)
    }
    try removeDeadWorkers()
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let insert = try connection.cached("INSERT INTO workers (pid, host, started_ms) VALUES (?, ?, ?)")
    let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try insert.bind(.integer(Int64(getpid())), .text(host), .integer(Int64(now.tv_sec) * 1000))
    try insert.run()
    let number = connection.lastRowID
    do throws(RunStoreError) { try locks.take(number) } catch { return .failure(error) }
    workerBefore = .some(nil)
    renewsLease = true
    worker = number
    return .success(number)
  }

  /// So that the runs of dead ones are found however many processes there have been.
  private func removeDeadWorkers() throws(SQLiteError) {
    let find = try connection.cached(
      "SELECT number FROM workers WHERE NOT EXISTS (SELECT 1 FROM runs WHERE owner = workers.number) LIMIT 100")
    defer { find.reset() }
    var idle: [Int64] = []
    while try find.step() { idle.append(find.integer(0)) }
    let delete = try connection.cached("DELETE FROM workers WHERE number = ?")
    // Its process takes a lock before others see it.
    for worker in idle where !locks.isTaken(worker) {
      try delete.bind(.integer(worker))
      try delete.run()
    }
  }

  private func claim(_ id: String) throws(SQLiteError) -> Result<SQLiteWriter.Claim?, RunStoreError> {
    let find = try connection.cached(
      """
      SELECT r.number, r.status, r.fence, r.owner, w.beat, r.durability
      FROM runs r LEFT JOIN workers w ON w.number = r.owner WHERE r.id = ?
      """)
    defer { find.reset() }
    try find.bind(.text(id))
    guard try find.step() else { return .failure(.unknown(id, in: path)) }
    let (number, fence) = (find.integer(0), find.integer(2) + 1)
    let status = RunStatus(rawValue: find.text(1)) ?? .running
    if !find.isNull(3), isAlive(find.integer(3), beat: find.integer(4)) { return .success(nil) }
    let worker: Int64
    switch try registered() {
    case .success(let number): worker = number
    case .failure(let failure): return .failure(failure)
    }
    let promised = (Durability(rawValue: find.text(5)) ?? .full).weaker(durability)
    let update = try connection.cached("UPDATE runs SET owner = ?, fence = ?, durability = ? WHERE number = ?")
    try update.bind(.integer(worker), .integer(fence), .text(promised.rawValue), .integer(number))
    try update.run()
    hold(id, Held(number: number, fence: fence, status: status))
    return .success(SQLiteWriter.Claim(run: id, number: number, fence: fence))
  }

  /// Whether the runs of a worker are its own still.
  func isAlive(_ other: Int64, beat: Int64) -> Bool {
    if other == worker { return true }
    return locks.isTaken(other) && !leases.isSilent(other, beat: beat)
  }

  private func release(_ claim: SQLiteWriter.Claim) throws(SQLiteError) {
    guard let worker else { return }
    let update = try connection.cached("UPDATE runs SET owner = NULL WHERE number = ? AND owner = ? AND fence = ?")
    try update.bind(.integer(claim.number), .integer(worker), .integer(claim.fence))
    try update.run()
    if held[claim.run]?.fence == claim.fence { hold(claim.run, nil) }
  }

  private func beat() throws(SQLiteError) {
    guard let worker else { return }
    let update = try connection.cached("UPDATE workers SET beat = beat + 1 WHERE number = ?")
    try update.bind(.integer(worker))
    try update.run()
    renewsLease = true
  }

  private func hold(_ run: String, _ new: Held?) {
    if heldBefore[run] == nil { heldBefore[run] = .some(held[run]) }
    held[run] = new
  }
}

extension RunStoreError {
  static func unknown(_ run: String, in path: String) -> RunStoreError {
    RunStoreError(.unknownRun, "there is no run \(run) in \(path)")
  }
}

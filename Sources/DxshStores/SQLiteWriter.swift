import DxshRuntime
import DxshSQLite
import DxshTime
import Synchronization

/// The one connection of a process that writes to a store, on a thread of its own. Whatever has gathered when the
/// thread is free becomes one transaction, so a sync is shared by all who wait for one.
final class SQLiteWriter: Sendable {
  enum Creation: Sendable {
    /// With the claim that was taken inside the transaction; nil when another process was faster.
    case created(RunClaim?)
    /// The run with the same key.
    case existing(String)
  }

  fileprivate enum Request: Sendable {
    case create(NewRun, @Sendable (Int64) throws(RunStoreError) -> RunClaim?, Answer<Creation>)
    case append(JournalBatch, run: String, status: RunStatus, at: Timestamp, Answer<Void>)
  }

  fileprivate typealias Answer<Result> = CheckedContinuation<Swift.Result<Result, RunStoreError>, Never>

  private let queue = WorkQueue<Request>()
  private let connection: SharedConnection

  init(_ connection: sending SQLiteConnection, path: String) {
    let shared = SharedConnection(WriterTransactions(connection, path))
    self.connection = shared
    queue.start { requests in shared.transactions.withLock { $0.perform(requests) } }
  }

  deinit { queue.end() }

  func create(
    _ run: NewRun, claim: @escaping @Sendable (Int64) throws(RunStoreError) -> RunClaim?
  ) async throws(RunStoreError) -> Creation {
    try await withCheckedContinuation { queue.add(.create(run, claim, $0)) }.get()
  }

  /// Returns when the batch is durable.
  func append(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    try await withCheckedContinuation { queue.add(.append(batch, run: run, status: status, at: time, $0)) }.get()
  }

  /// The same on the caller's thread, unless the writer's is at work: two switches of threads less.
  func appendHere(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    let result = connection.transactions.withLockIfAvailable { transactions in
      transactions.perform { () throws(SQLiteError) in try transactions.append(batch, to: run, status, at: time) }
    }
    guard let result else { return try await append(batch, to: run, status: status, at: time) }
    if let failure = try result.get() { throw failure }
  }

  private final class SharedConnection: Sendable {
    let transactions: Mutex<WriterTransactions>

    init(_ transactions: sending WriterTransactions) {
      self.transactions = Mutex(transactions)
    }
  }
}

/// What is done with the connection that writes, by one thread at a time.
private final class WriterTransactions {
  private struct Known {
    let number: Int64
    var status: RunStatus
  }

  private let connection: SQLiteConnection
  private let path: String
  /// Runs that this process writes to.
  private var known: [String: Known] = [:]

  init(_ connection: SQLiteConnection, _ path: String) {
    self.connection = connection
    self.path = path
  }

  /// Carries out all requests in one transaction. One that fails by itself leaves the others alone; a transaction that
  /// fails, fails them all.
  func perform(_ requests: [SQLiteWriter.Request]) {
    var answers: [() -> Void] = []
    let done = perform { () throws(SQLiteError) in
      for request in requests { answers.append(try perform(request)) }
    }
    if case .failure(let failure) = done { answers = requests.map { request in { Self.refuse(request, failure) } } }
    for answer in answers { answer() }
  }

  /// A transaction, durable when this returns a value.
  func perform<Value>(_ body: () throws(SQLiteError) -> Value) -> Result<Value, RunStoreError> {
    do throws(SQLiteError) {
      try connection.execute("BEGIN IMMEDIATE")
      let value = try body()
      try connection.execute("COMMIT")
      return .success(value)
    } catch {
      // What the transaction learned may not hold.
      known = [:]
      if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
      return .failure(RunStoreError(error, path))
    }
  }

  /// What to answer once the transaction is durable; throws what fails it.
  private func perform(_ request: SQLiteWriter.Request) throws(SQLiteError) -> () -> Void {
    switch request {
    case .create(let run, let claim, let answer):
      let result = try create(run, claim)
      return { answer.resume(returning: result) }
    case .append(let batch, let run, let status, let time, let answer):
      let failure = try append(batch, to: run, status, at: time)
      return { answer.resume(returning: failure.map { .failure($0) } ?? .success(())) }
    }
  }

  private static func refuse(_ request: SQLiteWriter.Request, _ failure: RunStoreError) {
    switch request {
    case .create(_, _, let answer): answer.resume(returning: .failure(failure))
    case .append(_, _, _, _, let answer): answer.resume(returning: .failure(failure))
    }
  }

  // MARK: - Requests

  private func create(
    _ run: NewRun, _ claim: (Int64) throws(RunStoreError) -> RunClaim?
  ) throws(SQLiteError) -> Result<SQLiteWriter.Creation, RunStoreError> {
    if let key = run.key {
      let find = try connection.cached("SELECT id FROM runs WHERE workflow = ? AND key = ?")
      defer { find.reset() }
      try find.bind(.text(run.workflow), .text(key))
      if try find.step() { return .success(.existing(find.text(0))) }
    }
    try connection.execute("SAVEPOINT creation")
    let plan = try connection.cached("INSERT OR IGNORE INTO plans (hash, body) VALUES (?, ?)")
    try plan.bind(.text(run.planHash), .blob(run.plan))
    try plan.run()
    let insert = try connection.cached(
      "INSERT INTO runs (id, workflow, key, plan, directory, status, started_ms) VALUES (?, ?, ?, ?, ?, ?, ?)")
    try insert.bind(
      .text(run.id), .text(run.workflow), run.key.map { .text($0) } ?? .null, .text(run.planHash),
      .text(run.directory), .text(RunStatus.running.rawValue), .integer(run.startedAt.milliseconds))
    try insert.run()
    let number = connection.lastRowID
    try add(run.firstBatch, to: number)
    let claimed: Result<RunClaim?, RunStoreError>
    do throws(RunStoreError) {
      claimed = .success(try claim(number))
      known[run.id] = Known(number: number, status: .running)
    } catch {
      claimed = .failure(error)
      try connection.execute("ROLLBACK TO creation")
    }
    try connection.execute("RELEASE creation")
    return claimed.map { .created($0) }
  }

  /// A failure of this batch alone.
  func append(
    _ batch: JournalBatch, to id: String, _ status: RunStatus, at time: Timestamp
  ) throws(SQLiteError) -> RunStoreError? {
    guard let run = try known(id) else { return RunStoreError(.unknownRun, "there is no run \(id) in \(path)") }
    do throws(SQLiteError) {
      try add(batch, to: run.number)
    } catch {
      guard error.kind == .constraint else { throw error }
      return RunStoreError(.taken, "another process goes on with the run \(id)")
    }
    if run.status != status {
      let update = try connection.cached("UPDATE runs SET status = ?, ended_ms = ? WHERE number = ?")
      let end: SQLiteStatement.Cell = status.isFinal ? .integer(time.milliseconds) : .null
      try update.bind(.text(status.rawValue), end, .integer(run.number))
      try update.run()
      known[id]?.status = status
    }
    return nil
  }

  private func add(_ batch: JournalBatch, to run: Int64) throws(SQLiteError) {
    let insert = try connection.cached("INSERT INTO journal (run, batch, events) VALUES (?, ?, ?)")
    try insert.bind(.integer(run), .integer(Int64(batch.number)), .blob(batch.bytes))
    try insert.run()
  }

  private func known(_ run: String) throws(SQLiteError) -> Known? {
    if let found = known[run] { return found }
    let find = try connection.cached("SELECT number, status FROM runs WHERE id = ?")
    defer { find.reset() }
    try find.bind(.text(run))
    guard try find.step(), let status = RunStatus(rawValue: find.text(1)) else { return nil }
    let found = Known(number: find.integer(0), status: status)
    known[run] = found
    return found
  }
}

extension Timestamp {
  /// Since the epoch, rounded down.
  var milliseconds: Int64 { seconds * 1000 + Int64(nanoseconds) / 1_000_000 }

  init(milliseconds: Int64) {
    self = Timestamp(seconds: milliseconds / 1000, nanoseconds: milliseconds % 1000 * 1_000_000) ?? .epoch
  }
}

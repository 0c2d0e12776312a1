import DxshRuntime
import DxshSQLite
import DxshTime

/// The one connection of a process that writes to a store.
actor SQLiteWriter {
  enum Creation: Sendable {
    /// With the claim that was taken inside the transaction; nil when another process was faster.
    case created(RunClaim?)
    /// The run with the same key.
    case existing(String)
  }

  private struct Append {
    let batch: JournalBatch
    let run: String
    let status: RunStatus
    let time: Timestamp
    let answer: CheckedContinuation<RunStoreError?, Never>
  }

  private struct Known {
    let number: Int64
    var status: RunStatus
  }

  private let thread = DatabaseThread()
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private let connection: SQLiteConnection
  private let path: String
  private var pending: [Append] = []
  /// Runs that this process writes to.
  private var known: [String: Known] = [:]

  init(_ connection: sending SQLiteConnection, path: String) {
    self.connection = connection
    self.path = path
  }

  // MARK: - Starting runs

  func create(
    _ run: NewRun, claim: @Sendable (Int64) throws(RunStoreError) -> RunClaim?
  ) throws(RunStoreError) -> Creation {
    do {
      return try transaction {
        if let key = run.key {
          let find = try connection.cached("SELECT id FROM runs WHERE workflow = ? AND key = ?")
          defer { find.reset() }
          try find.bind(.text(run.workflow), .text(key))
          if try find.step() { return .existing(find.text(0)) }
        }
        let plan = try connection.cached("INSERT OR IGNORE INTO plans (hash, body) VALUES (?, ?)")
        try plan.bind(.text(run.planHash), .blob(run.plan))
        try plan.run()
        let insert = try connection.cached(
          """
          INSERT INTO runs (id, workflow, key, plan, directory, status, started_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
          """)
        try insert.bind(
          .text(run.id), .text(run.workflow), run.key.map { .text($0) } ?? .null, .text(run.planHash),
          .text(run.directory), .text(RunStatus.running.rawValue), .integer(run.startedAt.milliseconds))
        try insert.run()
        let number = connection.lastRowID
        try add(run.firstBatch, to: number)
        known[run.id] = Known(number: number, status: .running)
        return .created(try claim(number))
      }
    } catch let error as RunStoreError {
      throw error
    } catch let error as SQLiteError {
      throw RunStoreError(error, path)
    } catch {
      throw RunStoreError(.unavailable, "\(error)")
    }
  }

  // MARK: - Appending

  /// Returns when the batch is durable. Batches that arrive while others are committed share the next commit.
  func append(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    let failure = await withCheckedContinuation { answer in
      pending.append(Append(batch: batch, run: run, status: status, time: time, answer: answer))
      // Behind the calls that already wait for this actor, so that they take part.
      if pending.count == 1 { Task { self.commit() } }
    }
    if let failure { throw failure }
  }

  private func commit() {
    let appends = pending
    pending = []
    var failures = [RunStoreError?](repeating: nil, count: appends.count)
    do {
      try transaction {
        for (position, append) in appends.enumerated() { failures[position] = try perform(append) }
      }
    } catch {
      let failure = (error as? SQLiteError).map { RunStoreError($0, path) } ?? RunStoreError(.unavailable, "\(error)")
      for position in failures.indices { failures[position] = failures[position] ?? failure }
    }
    for (append, failure) in zip(appends, failures) { append.answer.resume(returning: failure) }
  }

  /// A failure of this append alone; throws what fails all of them.
  private func perform(_ append: Append) throws(SQLiteError) -> RunStoreError? {
    guard let run = try known(append.run) else {
      return RunStoreError(.unknownRun, "there is no run \(append.run) in \(path)")
    }
    do throws(SQLiteError) {
      try add(append.batch, to: run.number)
    } catch {
      guard error.kind == .constraint else { throw error }
      return RunStoreError(.taken, "another process goes on with the run \(append.run)")
    }
    if run.status != append.status {
      let update = try connection.cached("UPDATE runs SET status = ?, ended_ms = ? WHERE number = ?")
      let end: SQLiteStatement.Cell = append.status.isFinal ? .integer(append.time.milliseconds) : .null
      try update.bind(.text(append.status.rawValue), end, .integer(run.number))
      try update.run()
      known[append.run]?.status = append.status
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

  private func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try connection.execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try connection.execute("COMMIT")
      return result
    } catch {
      // What the transaction learned may not hold.
      known = [:]
      if !connection.isAutocommit { try? connection.execute("ROLLBACK") }
      throw error
    }
  }
}

extension Timestamp {
  /// Since the epoch, rounded down.
  var milliseconds: Int64 { seconds * 1000 + Int64(nanoseconds) / 1_000_000 }

  init(milliseconds: Int64) {
    self = Timestamp(seconds: milliseconds / 1000, nanoseconds: milliseconds % 1000 * 1_000_000) ?? .epoch
  }
}

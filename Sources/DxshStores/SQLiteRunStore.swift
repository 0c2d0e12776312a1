package import DxshRuntime
import DxshSQLite
package import DxshTime
import Glibc

/// A store in one folder: `store.sqlite` in WAL mode, and `locks`, which says what runs this and other processes are
/// at.
///
/// One connection writes, on a thread of its own; batches that arrive while it syncs are committed together, without
/// an artificial delay. Another connection reads. Several processes may use the folder at once.
package final class SQLiteRunStore: RunStore {
  package let isRecording = true
  package let artifacts: String
  private let writer: SQLiteWriter
  private let reader: SQLiteReader
  private let locks: RunLocks

  /// Opens the store of a folder; makes both when `creating`. Throws `.unavailable` where that cannot be done, `.newer`
  /// and `.damaged` for a store that this version does not read.
  package init(folder: String, creating: Bool) throws(RunStoreError) {
    if creating { try StateFolder.make(folder) }
    let path = folder + "/store.sqlite"
    if !creating, access(path, F_OK) != 0 {
      throw RunStoreError(.unavailable, "there are no runs in \(folder); name the folder that has them with --state")
    }
    self.artifacts = folder + "/files"
    self.locks = try RunLocks(folder + "/locks")
    let connection = try StoreSchema.open(path)
    self.writer = SQLiteWriter(connection, path: path)
    self.reader = SQLiteReader(path: path)
  }

  package func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation {
    let locks = locks
    switch try await writer.create(run, claim: { number throws(RunStoreError) in try locks.claim(number) }) {
    case .created(let claim?): return .created(claim)
    case .created(nil): throw RunStoreError(.taken, "another process goes on with the run \(run.id)")
    case .existing(let id): return .existing(try await self.run(id))
    }
  }

  package func append(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    try await writer.append(batch, to: run, status: status, at: time)
  }

  package func appendHere(
    _ batch: JournalBatch, to run: String, status: RunStatus, at time: Timestamp
  ) async throws(RunStoreError) {
    try await writer.appendHere(batch, to: run, status: status, at: time)
  }

  package func claim(_ run: String) async throws(RunStoreError) -> RunClaim? {
    try locks.claim(try await reader.number(of: run))
  }

  package func run(_ prefix: String) async throws(RunStoreError) -> StoredRun {
    let locks = locks
    return try await reader.run(prefix) { locks.isClaimed($0) }
  }

  package func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] {
    let locks = locks
    return try await reader.runs(limit: limit) { locks.isClaimed($0) }
  }

  package func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] {
    try await reader.journal(of: run)
  }
}

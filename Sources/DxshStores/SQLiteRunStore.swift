import Dispatch
package import DxshPlan
package import DxshRuntime
import DxshSQLite
package import DxshTime
import Glibc

/// A store in one folder: `store.sqlite` in WAL mode, and `locks`, which says which of the processes that write to it
/// live.
///
/// One connection writes, on a thread of its own; batches that arrive while it syncs are committed together, without
/// an artificial delay. Another connection reads. Several processes may use the folder at once.
package final class SQLiteRunStore: RunStore {
  /// How long a process may be silent before others take its runs.
  package static let defaultLease = TimeSpan(nanoseconds: 15_000_000_000)

  package let isRecording = true
  package let artifacts: String
  /// The folder that it is in.
  package let folder: String
  package var logs: (any RunLogs)? { lines }
  let lines: SQLiteRunLogs
  let writer: SQLiteWriter
  let reader: SQLiteReader
  private let locks: WorkerLocks
  private let leases: Leases
  private let inbox: InboxWatch
  private let heart = DispatchSemaphore(value: 0)
  private let confirmations = Confirmations()
  package let limits: any SharedLimits

  /// Opens the store of a folder; makes both when `creating`. Throws `.unavailable` where that cannot be done, `.newer`
  /// and `.damaged` for a store that this version does not read.
  /// - lease: above zero; the same for all processes that use the folder
  /// - durability: what this process promises of what it writes, which its runs say from then on
  /// - leaseClock: nanoseconds that never go back and go on while the machine sleeps; by default the system's
  /// - logLimit: how long the log beside the database may be, in bytes; by default 64 MiB
  package init(
    folder: String, creating: Bool, lease: TimeSpan = defaultLease, durability: Durability = .full,
    leaseClock: (@Sendable () -> UInt64)? = nil, logLimit: Int64? = nil
  ) throws(RunStoreError) {
    if creating { try StateFolder.make(folder) }
    let path = StoreFolder.database(in: folder)
    if !creating, access(path, F_OK) != 0 {
      throw RunStoreError(.unavailable, "there are no runs in \(folder); name the folder that has them with --state")
    }
    self.folder = folder
    self.lines = SQLiteRunLogs(folder: folder)
    self.artifacts = StoreFolder.artifacts(in: folder)
    self.locks = try WorkerLocks(StoreFolder.locks(in: folder))
    self.leases = Leases(span: lease, clock: leaseClock ?? Leases.bootClock)
    let connection = try StoreSchema.open(path, durability: durability)
    self.writer = SQLiteWriter(
      connection, path: path, locks: locks, leases: leases, durability: durability,
      logLimit: logLimit ?? WriteAheadLog.limit)
    self.reader = SQLiteReader(path: path)
    self.inbox = InboxWatch(reader)
    self.limits = SQLiteLimits(writer, reader, folder: folder) { [locks, leases] worker, beat in
      locks.isTaken(worker) && !leases.isSilent(worker, beat: beat)
    }
    startHeart()
  }

  deinit { heart.signal() }

  /// Says three times in each lease that this process lives.
  private func startHeart() {
    let (writer, heart) = (writer, heart)
    let pause = DispatchTimeInterval.nanoseconds(Int(clamping: leases.pause))
    // Where the system refuses the thread, this process has its runs for one lease.
    _ = DetachedThread.start {
      while heart.wait(timeout: .now() + pause) == .timedOut { writer.beat() }
    }
  }

  package func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation {
    let lapses = leases.lapses
    return switch try await writer.create(run) {
    case .created(let claim): .created(hold(claim, since: lapses))
    case .existing(let id): .existing(try await self.run(id))
    }
  }

  private func hold(_ claim: SQLiteWriter.Claim, since lapses: Int) -> RunClaim {
    let (writer, leases, confirmations) = (writer, leases, confirmations)
    confirmations.add(claim, since: lapses)
    return RunClaim(
      isHeld: { confirmations.lapses(of: claim).map(leases.isHeld(since:)) ?? false },
      release: {
        confirmations.remove(claim)
        writer.release(claim)
      })
  }

  package func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    let lapses = leases.lapses
    try await writer.append(batch, to: run, state)
    confirmations.note(run, since: lapses)
  }

  package func appendHere(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    let lapses = leases.lapses
    try await writer.appendHere(batch, to: run, state)
    confirmations.note(run, since: lapses)
  }

  package func claim(_ run: String) async throws(RunStoreError) -> RunClaim? {
    let lapses = leases.lapses
    return try await writer.claim(run).map { hold($0, since: lapses) }
  }

  package func run(_ prefix: String) async throws(RunStoreError) -> StoredRun {
    let locks = locks
    return try await reader.run(prefix) { locks.isTaken($0) }
  }

  package func openRuns() async throws(RunStoreError) -> [RunSummary] {
    let locks = locks
    return try await reader.openRuns { locks.isTaken($0) }
  }

  package func runs(limit: Int) async throws(RunStoreError) -> [RunSummary] {
    let locks = locks
    return try await reader.runs(limit: limit) { locks.isTaken($0) }
  }

  package func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?] {
    try await reader.results(of: keys, at: time)
  }

  package func openCounts() async throws(RunStoreError) -> [RunStatus: Int] { try await reader.openCounts() }

  package func owner(of run: String) async throws(RunStoreError) -> RunOwner? {
    let locks = locks
    return try await reader.owner(of: run) { locks.isTaken($0) }
  }

  package func journal(of run: String) async throws(RunStoreError) -> [JournalBatch] {
    try await reader.journal(of: run, from: 0)
  }

  package func journal(of run: String, from number: Int) async throws(RunStoreError) -> [JournalBatch] {
    try await reader.journal(of: run, from: number)
  }

  // MARK: - The inbox

  package func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64 {
    let number = try await writer.send(message, to: run, deduplication: deduplication, at: time)
    inbox.tell([run])
    return number
  }

  package func messages(to run: String, after number: Int64) async throws(RunStoreError) -> [NumberedMessage] {
    try await reader.messages(to: run, after: number)
  }

  package func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch {
    inbox.watch(run, onNews)
  }

  package func changes() -> AsyncStream<Void> { FolderChanges.stream(of: folder) }

  package func due(at time: Timestamp, limit: Int) async throws(RunStoreError) -> DueRuns {
    let (locks, leases) = (locks, leases)
    return try await reader.due(at: time, limit: limit) { worker, beat in
      locks.isTaken(worker) && !leases.isSilent(worker, beat: beat)
    }
  }
}

import DxshRuntime
import DxshSQLite
import DxshTime
import Synchronization

/// The one connection of a process that writes to a store, on a thread of its own. Whatever has gathered when the
/// thread is free becomes one transaction, so a sync is shared by all who wait for one.
final class SQLiteWriter: Sendable {
  enum Creation: Sendable {
    case created(Claim)
    /// The run with the same key.
    case existing(String)
  }

  /// What a claim is in the store.
  struct Claim: Sendable, Hashable {
    var run: String
    var number: Int64
    var fence: Int64
  }

  enum Request: Sendable {
    case create(NewRun, Answer<Creation>)
    case append(JournalBatch, run: String, RunState, Answer<Void>)
    case claim(String, Answer<Claim?>)
    case release(Claim)
    case send(RunMessage, run: String, deduplication: String?, at: Timestamp, Answer<Int64>)
    /// What is done with the limits that runs share.
    case limits(LimitCall, Answer<LimitAnswer>)
    /// Says that this process lives.
    case beat
    case retire(RetiredRuns, Answer<Retirement>)
    /// Removes some of what is left of runs that are there for nobody.
    case clear(Answer<Clearing>)
    /// Removes what is known of rates after a key whose times were before nanoseconds since the epoch.
    case sweepRates(after: String, before: Int64, Answer<RateSweep>)
    /// Removes large values that no run uses, of those after a digest.
    case sweep(after: [UInt8], Answer<BlobRows.Sweep>)
    /// Gives so many pages back to the file system; answers with how many are left.
    case shrink(pages: Int, Answer<Int>)

    /// Whether it takes its time, so that it shares a transaction with nothing.
    var isUpkeep: Bool {
      switch self {
      case .create, .append, .claim, .release, .send, .limits, .beat: false
      case .retire, .clear, .sweepRates, .sweep, .shrink: true
      }
    }
  }

  typealias Answer<Result> = CheckedContinuation<Swift.Result<Result, RunStoreError>, Never>

  private let queue = WorkQueue<Request>()
  private let connection: SharedConnection

  /// - logLimit: in bytes
  init(
    _ connection: sending SQLiteConnection, path: String, locks: WorkerLocks, leases: Leases, durability: Durability,
    logLimit: Int64
  ) {
    let shared = SharedConnection(
      SQLiteTransactions(connection, path, locks, leases, durability, logLimit: logLimit))
    self.connection = shared
    queue.start { requests in shared.transactions.withLock { $0.perform(requests) } }
  }

  deinit { queue.end() }

  func create(_ run: NewRun) async throws(RunStoreError) -> Creation {
    try await withCheckedContinuation { queue.add(.create(run, $0)) }.get()
  }

  func claim(_ run: String) async throws(RunStoreError) -> Claim? {
    try await withCheckedContinuation { queue.add(.claim(run, $0)) }.get()
  }

  /// Nobody waits for it: the claim of a process that has died is free anyway.
  func release(_ claim: Claim) { queue.add(.release(claim)) }

  func perform(_ call: LimitCall) async throws(RunStoreError) -> LimitAnswer {
    try await withCheckedContinuation { queue.add(.limits(call, $0)) }.get()
  }

  func beat() { queue.add(.beat) }

  func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64 {
    try await withCheckedContinuation {
      queue.add(.send(message, run: run, deduplication: deduplication, at: time, $0))
    }.get()
  }

  func retire(_ runs: RetiredRuns) async throws(RunStoreError) -> Retirement {
    try await withCheckedContinuation { queue.add(.retire(runs, $0)) }.get()
  }

  func clear() async throws(RunStoreError) -> Clearing {
    try await withCheckedContinuation { queue.add(.clear($0)) }.get()
  }

  func sweepRates(after key: String, before time: Int64) async throws(RunStoreError) -> RateSweep {
    try await withCheckedContinuation { queue.add(.sweepRates(after: key, before: time, $0)) }.get()
  }

  func sweep(after digest: [UInt8]) async throws(RunStoreError) -> BlobRows.Sweep {
    try await withCheckedContinuation { queue.add(.sweep(after: digest, $0)) }.get()
  }

  func shrink(by pages: Int) async throws(RunStoreError) -> Int {
    try await withCheckedContinuation { queue.add(.shrink(pages: pages, $0)) }.get()
  }

  /// Returns when the batch is durable.
  func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await withCheckedContinuation { queue.add(.append(batch, run: run, state, $0)) }.get()
  }

  /// The same on the caller's thread, unless the writer's is at work: two switches of threads less.
  func appendHere(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    let result = connection.transactions.withLockIfAvailable { transactions in
      transactions.perform { () throws(SQLiteError) in try transactions.append(batch, to: run, state) }
    }
    guard let result else { return try await append(batch, to: run, state) }
    if let failure = try result.get() { throw failure }
  }

  private final class SharedConnection: Sendable {
    let transactions: Mutex<SQLiteTransactions>

    init(_ transactions: sending SQLiteTransactions) {
      self.transactions = Mutex(transactions)
    }
  }
}

extension SQLiteWriter.Request {
  /// Answers with a failure whoever waits for it.
  func refuse(_ failure: RunStoreError) {
    switch self {
    case .create(_, let answer): answer.resume(returning: .failure(failure))
    case .append(_, _, _, let answer): answer.resume(returning: .failure(failure))
    case .claim(_, let answer): answer.resume(returning: .failure(failure))
    case .send(_, _, _, _, let answer): answer.resume(returning: .failure(failure))
    case .limits(_, let answer): answer.resume(returning: .failure(failure))
    case .retire(_, let answer): answer.resume(returning: .failure(failure))
    case .clear(let answer): answer.resume(returning: .failure(failure))
    case .sweepRates(_, _, let answer): answer.resume(returning: .failure(failure))
    case .sweep(_, let answer): answer.resume(returning: .failure(failure))
    case .shrink(_, let answer): answer.resume(returning: .failure(failure))
    case .release, .beat: break
    }
  }
}

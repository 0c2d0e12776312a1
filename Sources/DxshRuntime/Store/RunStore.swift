package import DxshPlan
package import DxshTime

/// Keeps what runs have done. A run's journal is the only thing written while it goes on; everything else can be
/// derived from it.
///
/// Every call is all or nothing, and what it did is durable when it returns. Contract tests in `RunStoreContract` hold
/// for each store.
package protocol RunStore: Sendable {
  /// Whether events are wanted at all; when not, the engine does not make them.
  var isRecording: Bool { get }

  /// The folder for the contents of values of type `file`, which nodes make and fill.
  var artifacts: String { get }

  /// Where what the runs' nodes say is kept; nil where it is not.
  var logs: (any RunLogs)? { get }

  /// What the runs share: pools of slots, rates and breakers.
  var limits: any SharedLimits { get }

  /// Adds a run with its plan and the first batch of its journal, claimed by this process; or finds the run of the
  /// same workflow that was started with the same key.
  func create(_ run: NewRun) async throws(RunStoreError) -> RunCreation

  /// Adds a batch to the end of a run's journal. Fails with `.taken` when the journal already has a batch of
  /// this number: then another process goes on with the run.
  /// - state: what the run is after these events
  func append(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError)

  /// The same, for a caller that has nothing else to do until it is done: the store may work on the caller's thread.
  func appendHere(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError)

  /// Takes a run for this process, so that no other goes on with it; nil while another process has it.
  func claim(_ run: String) async throws(RunStoreError) -> RunClaim?

  /// The run whose identifier begins with the text, when there is exactly one.
  func run(_ prefix: String) async throws(RunStoreError) -> StoredRun

  /// The newest first, at most `limit`.
  func runs(limit: Int) async throws(RunStoreError) -> [RunSummary]

  /// Those that have not ended, the oldest first.
  func openRuns() async throws(RunStoreError) -> [RunSummary]

  /// How many runs there are of each status that is not final.
  func openCounts() async throws(RunStoreError) -> [RunStatus: Int]

  /// The process that has a run, or had it when it died; nil for a run that nobody was at, or where none is noted.
  func owner(of run: String) async throws(RunStoreError) -> RunOwner?

  /// All batches of a run, in their order.
  func journal(of run: String) async throws(RunStoreError) -> [JournalBatch]

  /// The batches of a run from that of a number on.
  func journal(of run: String, from number: Int) async throws(RunStoreError) -> [JournalBatch]

  /// What was kept of each key (`JournalBatch.results`) and is still to be used at a time.
  func results(of keys: [SHA256Digest], at time: Timestamp) async throws(RunStoreError) -> [[UInt8]?]

  // MARK: - The inbox

  /// Puts a message into the inbox of a run that has not ended, and makes the run due. Returns the message's number,
  /// from 1 and larger than those before it.
  /// - deduplication: a second message of a run with the same text is not put in again: the number is the first one's
  func send(
    _ message: RunMessage, to run: String, deduplication: String?, at time: Timestamp
  ) async throws(RunStoreError) -> Int64

  /// The messages of a run after the one of a number, in their order.
  func messages(to run: String, after number: Int64) async throws(RunStoreError) -> [NumberedMessage]

  /// Calls back, on any thread, soon after a message to the run has been put in by any process, as long as what it
  /// returns is kept. It may call back without reason.
  func watch(_ run: String, _ onNews: @escaping @Sendable () -> Void) -> RunWatch

  /// Yields soon after any process has written to the store or its logs, and at least once a second; may yield without
  /// reason.
  func changes() -> AsyncStream<Void>

  /// The runs that have something to do at a time and are not final, the longest due first, at most `limit`; and when
  /// the next one after them is due.
  func due(at time: Timestamp, limit: Int) async throws(RunStoreError) -> DueRuns
}

extension RunStore {
  package func appendHere(_ batch: JournalBatch, to run: String, _ state: RunState) async throws(RunStoreError) {
    try await append(batch, to: run, state)
  }

  package var logs: (any RunLogs)? { nil }

  package func owner(of run: String) async throws(RunStoreError) -> RunOwner? { nil }

  package func openRuns() async throws(RunStoreError) -> [RunSummary] {
    try await runs(limit: .max).reversed().filter { !$0.status.isFinal }
  }

  package func openCounts() async throws(RunStoreError) -> [RunStatus: Int] {
    Dictionary(grouping: try await openRuns(), by: \.status).mapValues(\.count)
  }

  package func changes() -> AsyncStream<Void> {
    AsyncStream { try? await Task.sleep(for: .seconds(1)) }
  }

  package func journal(of run: String, from number: Int) async throws(RunStoreError) -> [JournalBatch] {
    Array(try await journal(of: run).dropFirst(number))
  }
}

/// A part of a run's journal: events that became durable together, encoded by `JournalCodec`.
package struct JournalBatch: Sendable, Equatable {
  /// From 0, without gaps.
  package var number: Int
  package var bytes: [UInt8]
  /// The large values that the bytes refer to. The store keeps them in the same transaction, once however many batches
  /// of all runs refer to them, and gives them back with the batch.
  package var blobs: [Blob]
  /// The plan that the run has from then on; nil when it stays. Given when the batch is added, and not read again.
  package var plan: EncodedPlan?
  /// What other runs may use. Given when the batch is added, and not read again.
  package var results: [CachedResult]

  package init(
    number: Int, bytes: [UInt8], blobs: [Blob] = [], plan: EncodedPlan? = nil, results: [CachedResult] = []
  ) {
    self.number = number
    self.bytes = bytes
    self.blobs = blobs
    self.plan = plan
    self.results = results
  }

  /// Encodes events, large values apart from the others.
  package init(
    number: Int, _ events: some Collection<RecordedEvent>, plan: EncodedPlan? = nil, results: [CachedResult] = []
  ) {
    let (bytes, blobs) = JournalCodec.encodeInParts(events)
    self.init(number: number, bytes: bytes, blobs: blobs, plan: plan, results: results)
  }

  /// In bytes, with the values that it refers to.
  package var size: Int { blobs.reduce(bytes.count) { $0 + $1.bytes.count } }
}

/// A plan as stores keep it.
package struct EncodedPlan: Sendable, Equatable {
  package var workflow: String
  /// `Plan.encoded()`.
  package var body: [UInt8]
  /// `Plan.hash`.
  package var hash: String

  package init(_ plan: Plan) {
    workflow = plan.workflow
    body = plan.encoded()
    hash = plan.hash
  }
}

/// The words of rule 61.
package enum RunStatus: String, Sendable, Hashable, CaseIterable {
  case running, waiting, paused, succeeded, failed, rejected, cancelled

  package var isFinal: Bool {
    switch self {
    case .running, .waiting, .paused: false
    case .succeeded, .failed, .rejected, .cancelled: true
    }
  }
}

/// What a store shows of a run without reading its journal.
package struct RunState: Sendable, Equatable {
  package var status: RunStatus
  /// Since when, or until when it is known.
  package var at: Timestamp
  /// When it has something to do without being told: at once while a process is at it, so that another goes on with it
  /// when that one dies; nil for never.
  package var dueAt: Timestamp?
  /// The number of the last message that it has taken in; with a later one in its inbox it is due at once.
  package var seen: Int64

  package init(_ status: RunStatus, at time: Timestamp, dueAt: Timestamp? = nil, seen: Int64 = 0) {
    self.status = status
    self.at = time
    self.dueAt = dueAt
    self.seen = seen
  }
}

package struct NumberedMessage: Sendable, Equatable {
  package var number: Int64
  package var message: RunMessage
  package var at: Timestamp

  package init(number: Int64, message: RunMessage, at: Timestamp) {
    self.number = number
    self.message = message
    self.at = at
  }
}

/// What has something to do.
package struct DueRuns: Sendable, Equatable {
  package var runs: [String]
  package var next: Timestamp?

  package init(runs: [String], next: Timestamp?) {
    self.runs = runs
    self.next = next
  }
}

/// Ends a watch when the last reference is gone.
package final class RunWatch: Sendable {
  private let end: @Sendable () -> Void

  package init(end: @escaping @Sendable () -> Void) {
    self.end = end
  }

  deinit { end() }
}

/// A run that is about to start.
package struct NewRun: Sendable {
  package var id: String
  package var workflow: String
  /// The caller's key: one run for each workflow and key.
  package var key: String?
  /// `Plan.encoded()` of the plan before optimizing: the run keeps it whatever becomes of the file.
  package var plan: [UInt8]
  /// `Plan.hash`.
  package var planHash: String
  /// The folder that relative paths are relative to, absolute (rule 69).
  package var directory: String
  package var startedAt: Timestamp
  /// Number 0, with the event `started`.
  package var firstBatch: JournalBatch

  package init(
    id: String, workflow: String, key: String?, plan: [UInt8], planHash: String, directory: String,
    startedAt: Timestamp, firstBatch: JournalBatch
  ) {
    self.id = id
    self.workflow = workflow
    self.key = key
    self.plan = plan
    self.planHash = planHash
    self.directory = directory
    self.startedAt = startedAt
    self.firstBatch = firstBatch
  }
}

package enum RunCreation: Sendable {
  case created(RunClaim)
  case existing(StoredRun)
}

/// What a store says of a run without reading its journal.
package struct RunSummary: Sendable, Equatable {
  package var id: String
  package var workflow: String
  package var key: String?
  package var status: RunStatus
  package var startedAt: Timestamp
  /// Nil until it has a final status.
  package var endedAt: Timestamp?
  /// Whether a process is at it now.
  package var isClaimed: Bool
  /// The least that any process promised that wrote to its journal.
  package var durability: Durability

  package init(
    id: String, workflow: String, key: String?, status: RunStatus, startedAt: Timestamp, endedAt: Timestamp?,
    isClaimed: Bool, durability: Durability = .full
  ) {
    self.id = id
    self.workflow = workflow
    self.key = key
    self.status = status
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.isClaimed = isClaimed
    self.durability = durability
  }
}

/// A run with what is needed to go on with it.
package struct StoredRun: Sendable, Equatable {
  package var summary: RunSummary
  package var plan: [UInt8]
  package var planHash: String
  package var directory: String

  package init(summary: RunSummary, plan: [UInt8], planHash: String, directory: String) {
    self.summary = summary
    self.plan = plan
    self.planHash = planHash
    self.directory = directory
  }

  /// It goes on with another plan.
  package mutating func take(_ plan: EncodedPlan) {
    summary.workflow = plan.workflow
    self.plan = plan.body
    planHash = plan.hash
  }

  /// The plan that the run has. Throws `.damaged` when the bytes are not those that were kept, `.newer`
  /// when this version does not read them.
  package func decodedPlan() throws(RunStoreError) -> Plan {
    guard SHA256Digest(of: plan).hexadecimal == planHash else {
      throw RunStoreError(.damaged, "the plan of the run \(summary.id) is damaged; restore the store from a backup")
    }
    do {
      return try Plan.decode(plan)
    } catch {
      throw RunStoreError(.newer, "this version does not read the plan of the run \(summary.id): \(error.message)")
    }
  }
}

/// Holds a run for this process until the last reference is gone. It is free again when the process dies, and when it
/// has been silent for longer than its lease.
package final class RunClaim: Sendable {
  private let held: @Sendable () -> Bool
  private let release: @Sendable () -> Void

  package init(isHeld: @escaping @Sendable () -> Bool = { true }, release: @escaping @Sendable () -> Void) {
    self.held = isHeld
    self.release = release
  }

  /// Whether it is certain that no other process has the run; when not, an `append` says.
  package var isHeld: Bool { held() }

  deinit { release() }
}

/// The store failed, not the run.
package struct RunStoreError: Error, Hashable, Sendable {
  package enum Kind: Sendable, Hashable {
    /// No run, or several, with this identifier.
    case unknownRun
    /// The run is over: nothing can be told it.
    case ended
    /// Another process goes on with the run.
    case taken
    /// It cannot be opened, read or written: rights, a folder that is missing, a device that fails.
    case unavailable
    /// No space is left; nothing of the call was kept.
    case full
    /// What it holds is not what was written.
    case damaged
    /// A later version of dxsh wrote it.
    case newer
  }

  package var kind: Kind
  /// One sentence without a full stop that names the place and the remedy.
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

extension RunStoreError {
  package static func taken(_ run: String) -> RunStoreError {
    RunStoreError(.taken, "another process goes on with the run \(run)")
  }

  package static func hasEnded(_ run: String, _ status: RunStatus) -> RunStoreError {
    RunStoreError(
      .ended, "the run \(run) has ended: it \(status == .succeeded ? "succeeded" : "is \(status.rawValue)")")
  }
}

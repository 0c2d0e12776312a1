import DxshPlan
import DxshTime
import HeapModule
import Synchronization

/// The engine's end of the journal: what has been recorded, how much of that is durable, and who waits for it.
///
/// One batch is on its way to the store at a time; while it is, the next gathers. There is no artificial delay.
extension Engine {
  struct Journal {
    /// So many events are worth a write while the loop is still busy.
    static let batchSize = 512
    /// With so many events not durable the loop waits.
    static let backlogLimit = 65_536

    /// False for a run of which nothing is kept; then everything counts as durable.
    let isRecording: Bool
    /// Recorded, and not yet handed to the store.
    var pending: [RecordedEvent] = []
    /// What others may use of what those say.
    var results: [SHA256Digest: CachedResult] = [:]
    /// The same of what is on its way to the store.
    var resultsOnTheirWay: [SHA256Digest: CachedResult] = [:]
    /// How many events there are in all.
    var recorded: Int
    /// How many of them are durable.
    var durable: Int
    var nextBatch: Int
    var isFlushing = false
    let report = FlushReport()

    init(_ history: RunHistory, isRecording: Bool) {
      self.isRecording = isRecording
      self.recorded = isRecording ? history.events.count : 0
      self.durable = self.recorded
      self.nextBatch = history.nextBatch
    }
  }

  /// How a write beside the loop ended.
  final class FlushReport: Sendable {
    private let result = Mutex<Result<Int, RunStoreError>?>(nil)

    func put(_ newResult: Result<Int, RunStoreError>) { result.withLock { $0 = newResult } }

    func take() -> Result<Int, RunStoreError>? {
      result.withLock { result in
        defer { result = nil }
        return result
      }
    }
  }

  /// A call that must not start before a part of the journal is durable.
  struct ParkedCall: Comparable {
    /// How many events must be durable.
    let due: Int
    let flight: Int
    let call: StepCall
    /// How often it has been asked whose the run is.
    var inquiries = 0
    /// So often, then what the store said last has to do: a lease may be shorter than a write takes.
    static let inquiryLimit = 3

    static func < (left: ParkedCall, right: ParkedCall) -> Bool {
      (left.due, left.flight) < (right.due, right.flight)
    }
    static func == (left: ParkedCall, right: ParkedCall) -> Bool { left.flight == right.flight }
  }

  /// Adds an event; returns its place in the journal, from 1, or 0 when nothing is kept.
  @discardableResult
  func record(_ path: @autoclosure () -> String, _ kind: @autoclosure () -> RecordedEvent.Kind) -> Int {
    let now = !hasAlarms ? context.clock.now() : noticeClock()
    interpreter.now = now
    guard journal.isRecording else { return 0 }
    journal.pending.append(RecordedEvent(path: path(), kind: kind(), at: now))
    journal.recorded += 1
    return journal.recorded
  }

  // MARK: - Writing

  /// Hands what is pending to the store, unless a batch is on its way.
  func beginFlush() {
    guard !journal.isFlushing, !journal.pending.isEmpty else { return }
    journal.isFlushing = true
    let (number, upTo, state) = (journal.nextBatch, journal.recorded, state(.running))
    let (events, results) = (journal.pending, Array(journal.results.values))
    (journal.results, journal.resultsOnTheirWay) = ([:], journal.results)
    journal.nextBatch += 1
    journal.pending = []
    journal.pending.reserveCapacity(Journal.batchSize)
    let (store, runID, report, mail) = (store, runID, journal.report, mail)
    Task {
      do throws(RunStoreError) {
        let batch = JournalBatch(number: number, events, results: results)
        try await store.append(batch, to: runID, state)
        report.put(.success(upTo))
      } catch {
        report.put(.failure(error))
      }
      mail.post(.flushed)
    }
  }

  /// Takes note of a write that has ended.
  func absorb() throws(RunStoreError) {
    guard journal.isFlushing, let result = journal.report.take() else { return }
    journal.durable = try result.get()
    journal.isFlushing = false
    if !journal.resultsOnTheirWay.isEmpty { journal.resultsOnTheirWay = [:] }
  }

  /// Keeps the journal going while the loop is busy, and waits only when it falls far behind.
  func writeBehind() async throws(RunStoreError) {
    try absorb()
    beginFlush()
    while journal.isFlushing, journal.pending.count >= Journal.backlogLimit {
      handle(await mail.next(isolation: self))
      try absorb()
    }
  }

  /// Writes everything; when this returns, it is durable.
  func flush(status: RunStatus) async throws(RunStoreError) {
    while journal.isFlushing {
      handle(await mail.next(isolation: self))
      try absorb()
    }
    guard journal.isRecording else { return }
    let events = journal.pending
    journal.pending = []
    let batch = JournalBatch(number: journal.nextBatch, events, results: Array(journal.results.values))
    journal.results = [:]
    journal.nextBatch += 1
    try await store.appendHere(batch, to: runID, state(status))
    journal.durable = journal.recorded
  }

  /// When all that is under way waits for the journal, as in a chain of steps, it is written here and now, without a
  /// task. False when something else is under way.
  func flushForParked() async throws(RunStoreError) -> Bool {
    guard !journal.isFlushing, !parked.isEmpty, flights.count == parked.count, alarms.isEmpty else { return false }
    try await flush(status: .running)
    return true
  }

  private func state(_ status: RunStatus) -> RunState {
    let now = context.clock.now()
    let dueAt: Timestamp? =
      switch status {
      case .running: .epoch
      case .waiting: nextAlarm
      case .paused, .succeeded, .failed, .rejected, .cancelled: nil
      }
    return RunState(status, at: now, dueAt: dueAt, seen: seen)
  }

  // MARK: - Waiting for it

  /// Makes a call wait until `due` events are durable.
  func park(_ call: StepCall, _ bound: BoundPlan.Call, until due: Int, inquiries: Int = 0) {
    let flight = takeOff(call, bound.plan.effect)
    flights[call.id]?.isParked = true
    if bound.immediate != nil { parkedWithoutPlace += 1 }
    parked.insert(ParkedCall(due: due, flight: flight, call: call, inquiries: inquiries))
  }

  /// Starts the calls whose part of the journal is durable; false when there is none.
  func releaseParked() -> Bool {
    var hasStarted = false
    while let next = parked.min, next.due <= journal.durable {
      parked.removeMin()
      guard flights[next.call.id]?.number == next.flight else { continue }
      flights[next.call.id] = nil
      let bound = bound.call(scope: next.call.scope, node: Int(next.call.id.node))
      if bound.immediate != nil { parkedWithoutPlace -= 1 }
      if claim?.isHeld == false, next.inquiries < ParkedCall.inquiryLimit {
        // The process stood still while it waited, and another may have the run: the store says.
        let due = record(interpreter.path(of: next.call.id), .attemptStarted(attempt: next.call.attempt))
        park(next.call, bound, until: due, inquiries: next.inquiries + 1)
        continue
      }
      if let node = bound.immediate {
        answer(next.call, bound, node)
      } else {
        launch(next.call, bound)
      }
      hasStarted = true
    }
    return hasStarted
  }
}

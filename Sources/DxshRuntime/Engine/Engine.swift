package import DxshExpressions
package import DxshPlan
import DxshTime
import HeapModule

/// Carries out one run: performs the interpreter's commands, and tells it and the store what happened.
///
/// The one owner of the run's mutable state. Nodes that answer at once are called on its loop, without a task or
/// a hop; the others run in tasks of their own, `maxParallel` at a time, and report to its mailbox.
package actor Engine {
  /// What the loop waits for.
  enum Message: Sendable {
    case finished(StepID, attempt: Int, Result<Value, NodeFailure>)
    case tick
    case cancel
  }

  /// What becomes due at a time.
  struct Alarm: Comparable {
    enum Kind {
      case start(StepCall)
      case answer(StepID, attempt: Int, Result<Value, NodeFailure>)
      case timeout(StepID, attempt: Int)
    }

    let at: Timestamp
    /// In the order of their making, so that what is due at once happens in a fixed order.
    let number: Int
    let kind: Kind

    static func < (left: Alarm, right: Alarm) -> Bool { (left.at, left.number) < (right.at, right.number) }
    static func == (left: Alarm, right: Alarm) -> Bool { left.number == right.number }
  }

  /// A call in flight.
  struct Flight {
    let attempt: Int
    /// Nil for an answer that only waits for its time.
    var task: Task<Void, Never>?
    var isTimedOut = false
    var isCancelled = false
  }

  let context: NodeContext
  let store: any RunStore
  let observer: (any RunObserver)?
  let runID: String
  let options: RunOptions
  let bound: BoundPlan
  var interpreter: Interpreter
  var commands: [Command] = []
  var nextCommand = 0
  /// Calls that wait for a free place.
  var queue: [StepCall] = []
  var nextInQueue = 0
  var flights: [StepID: Flight] = [:]
  var alarms = Heap<Alarm>()
  var alarmCount = 0
  var journal: [RecordedEvent] = []
  var outcome: RunOutcome?
  private let mailbox: AsyncStream<Message>
  let post: AsyncStream<Message>.Continuation
  private var timer: (at: Timestamp, task: Task<Void, Never>)?

  /// `input` has one value for each parameter of the plan. Throws when a node has no implementation.
  package init(
    _ plan: ValidatedPlan, input: [Value], runID: String, nodes: NodeRegistry, context: NodeContext,
    store: any RunStore, options: RunOptions = RunOptions(), observer: (any RunObserver)? = nil
  ) throws(RunFailure) {
    self.bound = try BoundPlan(plan, registry: nodes)
    self.interpreter = Interpreter(plan, input: input, runID: runID)
    self.runID = runID
    self.context = context
    self.store = store
    self.options = options
    self.observer = observer
    (self.mailbox, self.post) = AsyncStream.makeStream()
    if store.isRecording {
      journal = [RecordedEvent(path: "", kind: .started(input: input), at: context.clock.now())]
    }
  }

  /// Runs to the end; throws only when the store fails. To be called once.
  package func run() async throws(RunStoreError) -> RunOutcome {
    interpreter.start(&commands)
    var messages = mailbox.makeAsyncIterator()
    while true {
      while performNext() || startQueued() {
        if journal.count >= 512 { try await flush() }
      }
      if let outcome {
        timer?.task.cancel()
        record("", .ended(outcome))
        try await flush()
        return outcome
      }
      try await flush()
      armTimer()
      guard let message = await messages.next(isolation: self) else { preconditionFailure("the mailbox never closes") }
      handle(message)
    }
  }

  /// Asks the run to end: what is in flight is cancelled and awaited.
  package nonisolated func cancel() {
    post.yield(.cancel)
  }

  private func handle(_ message: Message) {
    switch message {
    case .finished(let id, let attempt, let result): finish(id, attempt: attempt, result)
    case .tick: ring()
    case .cancel:
      record("", .cancelRequested)
      interpreter.apply(.cancelRequested, &commands)
    }
  }

  // MARK: - Time

  func setAlarm(after span: TimeSpan, _ kind: Alarm.Kind) {
    let now = context.clock.now()
    alarmCount += 1
    alarms.insert(Alarm(at: now.adding(span) ?? now, number: alarmCount, kind: kind))
  }

  /// Makes a task wait for the earliest alarm, unless one does.
  private func armTimer() {
    while let next = alarms.min, isStale(next) { alarms.removeMin() }
    guard let next = alarms.min, timer?.at ?? .latest > next.at else { return }
    timer?.task.cancel()
    let clock = context.clock
    let post = post
    timer = (
      next.at,
      Task {
        await clock.sleep(until: next.at)
        if !Task.isCancelled { post.yield(.tick) }
      }
    )
  }

  private func ring() {
    timer = nil
    let now = context.clock.now()
    while let next = alarms.min, next.at <= now {
      alarms.removeMin()
      if isStale(next) { continue }
      switch next.kind {
      case .start(let call): start(call)
      case .answer(let id, let attempt, let result): finish(id, attempt: attempt, result)
      case .timeout(let id, _):
        flights[id]?.isTimedOut = true
        flights[id]?.task?.cancel()
      }
    }
  }

  /// Whether an alarm is for a call that has ended.
  private func isStale(_ alarm: Alarm) -> Bool {
    switch alarm.kind {
    case .start: false
    case .answer(let id, let attempt, _), .timeout(let id, let attempt): flights[id]?.attempt != attempt
    }
  }

  // MARK: - Journal

  func record(_ path: @autoclosure () -> String, _ kind: @autoclosure () -> RecordedEvent.Kind) {
    guard store.isRecording else { return }
    journal.append(RecordedEvent(path: path(), kind: kind(), at: context.clock.now()))
  }

  private func flush() async throws(RunStoreError) {
    guard !journal.isEmpty else { return }
    let events = journal
    journal = []
    try await store.append(events, to: runID)
  }
}

extension Timestamp {
  /// No alarm is later.
  fileprivate static var latest: Timestamp {
    Timestamp(seconds: maximumSeconds, nanoseconds: 999_999_999) ?? .epoch
  }
}

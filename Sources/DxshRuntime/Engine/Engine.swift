package import DxshExpressions
import DxshPlan
import DxshTime
import HeapModule

/// Carries out one run: performs the interpreter's commands, and tells it and the store what happened.
///
/// The one owner of the run's mutable state. It begins where the journal ends: a new run is one whose journal holds
/// only its start. Nodes that answer at once are called on its loop, without a task or a hop; the others run in tasks
/// of their own, `maxParallel` at a time, and report to its mailbox. The journal is written beside the loop
/// (`Engine+Journal`): only a step that is dangerous waits for it (rule 64).
package actor Engine {
  /// What the loop waits for.
  enum Message: Sendable {
    case finished(StepID, flight: Int, Result<Value, NodeFailure>)
    case tick
    case cancel
    /// A batch is durable, or the store has failed.
    case flushed
    /// There may be something in the inbox.
    case news
    /// A step, by its path, may have got the slot that it waits for.
    case given(String)
    /// The resource manager says something of an inquiry of that key.
    case resources(StepID, key: Int, ResourceManager.Answer)
    case drain
    /// Others want the place.
    case makeRoom
  }

  /// What becomes due at a time.
  struct Alarm: Comparable {
    enum Kind {
      case start(StepCall)
      case answer(StepID, flight: Int, Result<Value, NodeFailure>)
      case timeout(StepID, flight: Int)
      /// An attempt may have given no sign of life for so long.
      case silence(StepID, flight: Int, TimeSpan)
      /// All attempts of a step together have to be over, or its first has to have begun: if that is still its moment.
      case deadline(StepID)
      /// A time of a wait: of one that is still open if it has this number.
      case wait(StepID, number: Int, chosen: Int?)
    }

    var at: Timestamp
    /// In the order of their making, so that what is due at once happens in a fixed order.
    let number: Int
    let kind: Kind
    /// Whether it is meant by the clock, and not as so much from now.
    var isTimeOfDay = false

    static func < (left: Alarm, right: Alarm) -> Bool { (left.at, left.number) < (right.at, right.number) }
    static func == (left: Alarm, right: Alarm) -> Bool { left.number == right.number }
  }

  /// A call in flight, or one that waits for the journal.
  struct Flight {
    /// Unique in the engine: step identifiers are used again by later iterations.
    let number: Int
    let attempt: Int
    let effect: Effect
    /// Nil for an answer that only waits for its time.
    var task: Task<Void, Never>?
    var isParked = false
    var isTimedOut = false
    var life: SignsOfLife?
    /// How long it gave no sign of life, when it was ended for that.
    var silence: TimeSpan?
    var isPastDeadline = false
    var isCancelled = false
    /// Why it was ended, when it used more than it may.
    var overuse: String?
  }

  let context: NodeContext
  /// Takes the values of the run's secrets out of what is said or kept of it.
  let redactor: Redactor
  let store: any RunStore
  let observer: (any RunObserver)?
  /// Keeps other processes from the run; nil where there are none.
  let claim: RunClaim?
  let runID: String
  /// How many calls may be in flight at once.
  let width: Int
  let bound: BoundPlan
  private(set) lazy var paths = PlanPaths(bound.plan.plan)
  private(set) lazy var ranks = StepRanks(bound.plan)
  private(set) lazy var copies = CopiedSteps(bound.plan.plan)
  let history: RunHistory
  /// What of the history counts.
  let standing: StandingEvents
  var interpreter: Interpreter
  var commands: [Command] = []
  var nextCommand = 0
  /// Calls that wait for a free place.
  var queue = ReadyQueue()
  let resources: ResourceManager
  /// Of this run, at the resource manager.
  let account: Int
  var reservations = Reservations()
  let order: RunOptions.Order
  var flights: [StepID: Flight] = [:]
  var flightCount = 0
  /// Calls that wait for the journal, by how much of it must be durable.
  var parked = Heap<ParkedCall>()
  /// Those of them that hold no place.
  var parkedWithoutPlace = 0
  var alarms = Heap<Alarm>()
  /// Those that wait until the run goes on.
  var heldAlarms: [Alarm] = []
  var alarmCount = 0
  /// For which moments there are alarms of deadlines.
  var armedDeadlines: [StepID: Set<Timestamp>] = [:]
  /// How the clocks stood when the first alarm was set, or when it was last noticed that the clock had been set.
  var lastReading: ClockReading?
  var seats = SharedSeats()
  /// The steps under way whose results are shared.
  var caching: [StepID: Caching] = [:]
  /// Those of them whose results are to be looked for; some may be unwanted by now.
  var lookups: [StepID] = []
  /// Waits that have begun and are not over.
  var waits: [StepID: OpenWait] = [:]
  var waitCount = 0
  /// The number of the last message that was taken in.
  var seen: Int64
  /// Whether there may be something in the inbox.
  var hasNews = true
  let leaving: RunOptions.Leaving
  /// Whether others want the place, so that the run is left whenever it waits.
  var hasToMakeRoom = false
  /// Whether the inbox has not been read yet: it may say that nothing is to start.
  var isOpening: Bool
  /// What was done that is not wanted yet.
  var kept = Kept()
  /// Set while a person has paused the run.
  var pause: RunPause?
  /// Whether nothing new is to start here: another process will go on.
  var isDraining = false
  /// Steps that wait for a person, by what they are called: their outcome is not known, or they are compensations that
  /// failed.
  var indeterminate: [StepID: String] = [:]
  var journal: Journal
  var outcome: RunOutcome?
  /// What the fold of the journal showed of times and causes; nil where nobody asks (`inspect`).
  var trace: RunTrace?
  let mail = Mailbox<Message>()
  var timer: (at: Timestamp, task: Task<Void, Never>)?

  /// `secrets` has one value for each secret of the plan.
  package init(
    _ bound: BoundPlan, history: RunHistory, secrets: [Value] = [], runID: String, context: NodeContext,
    store: any RunStore, options: RunOptions = RunOptions(), observer: (any RunObserver)? = nil,
    claim: RunClaim? = nil
  ) {
    self.claim = claim
    self.bound = bound
    self.interpreter = Interpreter(
      bound.plan, input: history.input, secrets: secrets, runID: runID, startedAt: history.events[0].at)
    self.history = history
    self.standing = history.standing
    self.runID = runID
    self.redactor = Redactor(secrets)
    self.context = context.keeping(in: store.isRecording ? store.logs : nil, of: runID, redactor)
    self.store = store
    self.width = options.width(of: bound.plan.plan)
    self.leaving = options.leaving
    self.resources = options.resources
    self.order = options.order
    self.account = options.resources.open(memory: bound.plan.plan.memory)
    self.seen = history.seen
    self.observer = observer
    self.journal = Journal(history, isRecording: store.isRecording)
    self.isOpening = store.isRecording
  }

  /// Goes on until the run has ended or nothing more can be done; throws only when the store fails. To be called once.
  package func run() async throws(RunStoreError) -> EngineStop {
    defer { resources.close(account, but: reservationsUnderWay) }
    if let outcome = history.outcome { return .ended(outcome) }
    do throws(RunStoreError) {
      return try await goOn()
    } catch {
      abandon()
      throw error
    }
  }

  private func goOn() async throws(RunStoreError) -> EngineStop {
    try replay()
    let watch = store.watch(runID) { [mail] in mail.post(.news) }
    let seatWatch =
      bound.sharesLimits ? store.limits.watch(runID) { [mail] path in mail.post(.given(path)) } : nil
    defer { withExtendedLifetime((watch, seatWatch)) {} }
    try await releaseLostSeats()
    try await open()
    let stop = try await carryOut()
    if outcome == nil || pause != nil { try await giveBackSeats(keepingTimes: true) }
    return stop
  }

  /// The run is another process's, or the store says nothing: whoever goes on with it makes the calls again that are
  /// under way.
  private func abandon() {
    timer?.task.cancel()
    for flight in flights.values { flight.task?.cancel() }
  }

  private func carryOut() async throws(RunStoreError) -> EngineStop {
    while true {
      while performNext() || reserveNext() || handBack() || startQueued() {
        if journal.pending.count >= Journal.batchSize { try await writeBehind() }
      }
      try absorb()
      // A chain of steps that only wait for the journal would not hear of it else.
      if !mail.isEmpty {
        handle(await mail.next(isolation: self))
        continue
      }
      if releaseParked() { continue }
      if !lookups.isEmpty {
        try await lookUp()
        continue
      }
      if hasNews, try await readInbox() { continue }
      if let outcome, pause == nil {
        timer?.task.cancel()
        if bound.sharesLimits {
          // Before the end is recorded: should the store fail in between, nobody would come back to give it back.
          if journal.durable < journal.recorded { try await flush(status: .running) }
          try await giveBackSeats(keepingTimes: false)
        }
        record("", .ended(outcome))
        try await flush(status: outcome.status)
        return .ended(outcome)
      }
      if seats.isUnsettled, try await exchangeSeats() { continue }
      if let stop = try await leave() { return stop }
      if try await flushForParked() { continue }
      if hasAlarms { noticeClock() }
      beginFlush()
      // What waits for the journal is due now: no time need pass for it.
      if parked.isEmpty && seats.ended.isEmpty || !journal.isFlushing { armTimer() }
      handle(await mail.next(isolation: self))
    }
  }

  /// Asks the run to end: what is in flight is cancelled and awaited.
  package nonisolated func cancel() {
    mail.post(.cancel)
  }

  /// Asks the engine to leave the run to the store once the calls in flight have ended.
  package nonisolated func drain() {
    mail.post(.drain)
  }

  /// Asks the engine to leave the run to the store whenever it waits, for however short a time.
  package nonisolated func makeRoom() {
    mail.post(.makeRoom)
  }

  func handle(_ message: Message) {
    switch message {
    case .finished(let id, let flight, let result): finish(id, flight: flight, result)
    case .tick: ring()
    case .cancel:
      let position = record("", .cancelRequested)
      interpreter.apply(.cancelRequested, at: position, &commands)
      take(.cancel, at: interpreter.now)
    case .flushed: break
    case .news: hasNews = true
    case .given(let path): noteGiven(path)
    case .resources(let id, let key, let answer): take(answer, of: id, key: key)
    case .drain: isDraining = true
    case .makeRoom: hasToMakeRoom = true
    }
  }

  /// When the next alarm is; nil for none.
  var nextAlarm: Timestamp? {
    while let next = alarms.min, isStale(next) { noteDropped(alarms.removeMin()) }
    return alarms.min?.at
  }

  var indeterminatePaths: [String] { indeterminate.values.sorted() }

  // MARK: - Time

  func setAlarm(after span: TimeSpan, _ kind: Alarm.Kind) {
    let now = noticeClock()
    setAlarm(at: now.adding(span) ?? .latest, kind)
  }

  /// - isTimeOfDay: whether it is meant by the clock, and not as so much from now
  func setAlarm(at time: Timestamp, isTimeOfDay: Bool = false, _ kind: Alarm.Kind) {
    if !hasAlarms { noticeClock() }
    alarmCount += 1
    let alarm = Alarm(at: time, number: alarmCount, kind: kind, isTimeOfDay: isTimeOfDay)
    if isHeld(alarm) { heldAlarms.append(alarm) } else { alarms.insert(alarm) }
  }

  /// Makes a task wait for the earliest alarm, unless one does.
  private func armTimer() {
    guard let next = nextAlarm, timer?.at ?? .latest > next else { return }
    timer?.task.cancel()
    let clock = context.clock
    let mail = mail
    timer = (
      next,
      Task {
        await clock.sleep(until: next)
        if !Task.isCancelled { mail.post(.tick) }
      }
    )
  }

  private func ring() {
    timer = nil
    let now = noticeClock()
    while let next = alarms.min, next.at <= now {
      // What has come of one may have ended what others are for.
      if nextCommand < commands.count { return mail.post(.tick) }
      alarms.removeMin()
      noteDropped(next)
      if isStale(next) { continue }
      // What it was for has ended while nothing new may begin.
      if isHeld(next) {
        heldAlarms.append(next)
        continue
      }
      switch next.kind {
      case .start(let call): start(call)
      case .answer(let id, let flight, let result): finish(id, flight: flight, result)
      case .timeout(let id, _):
        flights[id]?.isTimedOut = true
        flights[id]?.task?.cancel()
      case .silence(let id, let flight, let span): endSilent(id, flight: flight, after: span)
      case .deadline(let id): passDeadline(of: id, at: next.at)
      case .wait(let id, let number, let chosen): reach(id, number: number, chosen: chosen)
      }
    }
  }

  /// Whether an alarm is for a call that has ended.
  func isStale(_ alarm: Alarm) -> Bool {
    switch alarm.kind {
    case .start: false
    case .answer(let id, let flight, _), .timeout(let id, let flight), .silence(let id, let flight, _):
      flights[id]?.number != flight
    case .deadline(let id): interpreter.deadline(of: id) != alarm.at && interpreter.latestStart(of: id)?.at != alarm.at
    case .wait(let id, let number, _): waits[id]?.number != number
    }
  }
}

/// Why an engine has nothing more to do.
package enum EngineStop: Sendable, Equatable {
  case ended(RunOutcome)
  /// A person has to settle these steps, by their paths, before the run can go on.
  case paused(indeterminate: [String])
  /// A person has paused the run, and somebody has to resume it.
  case pausedByHand(RunPause)
  /// For signals or times, by the paths of the waits.
  case waiting([WaitingStep])
  /// It was asked to leave.
  case left
}

extension RunOutcome {
  /// What a run that ended so is called (rule 61).
  package var status: RunStatus {
    switch self {
    case .succeeded: .succeeded
    case .failed(let failure): failure.kind == "rejected" ? .rejected : .failed
    case .cancelled: .cancelled
    }
  }
}

extension Timestamp {
  /// No alarm is later.
  static var latest: Timestamp {
    Timestamp(seconds: maximumSeconds, nanoseconds: 999_999_999) ?? .epoch
  }
}

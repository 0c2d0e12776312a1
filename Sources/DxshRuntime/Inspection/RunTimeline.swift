import DxshPlan
package import DxshTime

/// When each step of a run was at what, by its journal.
package struct RunTimeline: Sendable, Equatable {
  package struct Span: Sendable, Equatable {
    package enum Kind: String, Sendable {
      case succeeded, failed, cancelled, indeterminate
      /// A call of a step that polls, whose result was not what is waited for.
      case polled
      /// An attempt that its process did not live to end: until what the journal had last.
      case interrupted
      /// An attempt or a wait that is not over.
      case open
      case waited
    }

    package var kind: Kind
    /// Of an attempt, from 1, after each poll again; nil for a wait.
    package var attempt: Int?
    package var from: Timestamp
    package var to: Timestamp

    package var isWait: Bool { attempt == nil }
  }

  package struct Row: Sendable, Equatable {
    package var path: String
    /// When nothing was left to wait for; nil where the journal could not be folded.
    package var readyAt: Timestamp?
    package var spans: [Span] = []
    package var isCritical = false
    /// Whether there is to be another attempt, at a time that has not come.
    package var isBetweenAttempts = false
    /// Whether there was no other attempt because the `budget` of its `retry` was used up.
    package var isOutOfBudget = false

    package var start: Timestamp? { spans.first?.from }
    package var end: Timestamp? { spans.last?.to }
  }

  package let startedAt: Timestamp
  /// When it ended, or the moment it is looked at.
  package let endedAt: Timestamp
  /// In the order in which they began.
  package private(set) var rows: [Row] = []
  /// Paths from the run's first step to its last, of which each made the next one ready: a shorter run needs one of
  /// them to be shorter. Of a run that has not ended, to the step that is at it for longest. Empty where the journal
  /// could not be folded.
  package private(set) var criticalPath: [String] = []
  private var places: [String: Int] = [:]
  private var lastPath: String?

  /// - situation: by the same history
  /// - now: what an unfinished run is shown until
  package init(_ history: RunHistory, _ situation: RunSituation?, now: Timestamp) {
    let trace = situation?.trace
    startedAt = history.events[0].at
    let last = history.events.last ?? history.events[0]
    endedAt = history.outcome == nil ? max(now, last.at) : last.at
    var before = startedAt
    for event in history.events {
      if case .resumed = event.kind { interrupt(at: before) }
      if !event.path.isEmpty { add(event, trace) }
      before = event.at
    }
    // What the run may take is of interest where it was used up.
    for wait in trace?.steps ?? [] where wait.isWait {
      if TimeLimit.limited(by: wait.path)?.limit != .duration || places[wait.path] != nil { add(wait) }
    }
    for place in rows.indices where rows[place].spans.last?.kind == .open {
      rows[place].spans[rows[place].spans.count - 1].to = endedAt
    }
    for attempt in situation?.attempts ?? [] where attempt.notBefore != nil {
      if let place = places[attempt.path] { rows[place].isBetweenAttempts = true }
    }
    for path in situation?.outOfBudget ?? [] {
      if let place = places[path] { rows[place].isOutOfBudget = true }
    }
    let order = rows.map { ($0.readyAt ?? $0.start ?? startedAt, Self.naturalOrder(of: $0.path)) }
    rows = rows.indices.sorted { order[$0] < order[$1] }.map { rows[$0] }
    places = [:]
    if let trace { markCriticalPath(trace) }
  }

  /// Of what is only predicted, as if it had begun at the epoch.
  package init(_ schedule: PredictedSchedule) {
    startedAt = .epoch
    endedAt = Timestamp.epoch.adding(schedule.length) ?? .epoch
    criticalPath = schedule.bound.chainPaths
    rows = schedule.rows.map { row in
      let time = { (span: TimeSpan) in Timestamp.epoch.adding(span) ?? .epoch }
      let span = Span(
        kind: row.isWait ? .waited : .succeeded, attempt: row.isWait ? nil : 1, from: time(row.from), to: time(row.to))
      return Row(path: row.path, readyAt: time(row.readyAt), spans: [span], isCritical: row.isCritical)
    }
  }

  /// What orders `s[9]` before `s[10]`.
  private static func naturalOrder(of path: String) -> String {
    var (order, digits) = ("", "")
    for character in path {
      if character.isWholeNumber {
        digits.append(character)
      } else {
        if !digits.isEmpty { order += String(repeating: "0", count: max(10 - digits.count, 0)) + digits }
        digits = ""
        order.append(character)
      }
    }
    return order + digits
  }

  private mutating func place(of path: String, _ trace: RunTrace?) -> Int {
    if let place = places[path] { return place }
    places[path] = rows.count
    rows.append(Row(path: path, readyAt: trace?[path]?.readyAt))
    return rows.count - 1
  }

  private mutating func add(_ event: RecordedEvent, _ trace: RunTrace?) {
    let place = place(of: event.path, trace)
    switch event.kind {
    case .attemptStarted(let attempt):
      lastPath = event.path
      rows[place].spans.append(Span(kind: .open, attempt: attempt, from: event.at, to: event.at))
    case .succeeded, .settled(.done): end(place, .succeeded, nil, event.at)
    case .polled: end(place, .polled, nil, event.at)
    case .attemptFailed(let attempt, _, _, _), .refused(let attempt, _, _): end(place, .failed, attempt, event.at)
    case .settled(.fail): end(place, .failed, nil, event.at)
    case .indeterminate(let attempt, _): end(place, .indeterminate, attempt, event.at)
    case .cancelled: end(place, .cancelled, nil, event.at)
    case .timeReached:
      lastPath = event.path
      guard TimeLimit.limited(by: event.path) != nil else { break }
      rows[place].spans.append(Span(kind: .waited, attempt: nil, from: event.at, to: event.at))
    case .fellBack, .recalled: lastPath = event.path
    case .settled(.retry), .started, .cancelRequested, .received, .clock, .resumed, .ended, .reopened, .migrated: break
    }
  }

  /// Ends the attempt that is under way; of a step that answered at once, the journal has no beginning.
  private mutating func end(_ place: Int, _ kind: Span.Kind, _ attempt: Int?, _ time: Timestamp) {
    lastPath = rows[place].path
    let last = rows[place].spans.count - 1
    if last >= 0, rows[place].spans[last].kind == .open {
      rows[place].spans[last].kind = kind
      rows[place].spans[last].to = time
    } else if last >= 0, rows[place].spans[last].kind == .indeterminate, kind != .indeterminate {
      // Somebody has settled it.
      rows[place].spans[last].kind = kind
    } else {
      let from = last < 0 ? rows[place].readyAt ?? time : time
      let number = attempt ?? (rows[place].spans.last?.attempt ?? 0) + 1
      rows[place].spans.append(Span(kind: kind, attempt: number, from: from, to: time))
    }
  }

  private mutating func interrupt(at time: Timestamp) {
    for place in rows.indices {
      guard let last = rows[place].spans.last, last.kind == .open else { continue }
      rows[place].spans[rows[place].spans.count - 1].kind = .interrupted
      rows[place].spans[rows[place].spans.count - 1].to = max(last.from, time)
    }
  }

  private mutating func add(_ wait: RunTrace.Step) {
    let place = place(of: wait.path, nil)
    rows[place].readyAt = wait.readyAt
    rows[place].spans = [
      Span(
        kind: wait.endedAt == nil ? .open : .waited, attempt: nil, from: wait.readyAt, to: wait.endedAt ?? endedAt)
    ]
  }

  private mutating func markCriticalPath(_ trace: RunTrace) {
    let open = rows.filter { $0.spans.last?.kind == .open }.first
    var next = endedAt == startedAt || open == nil ? lastPath : open?.path
    var path: [String] = []
    var seen: Set<String> = []
    while let step = next, seen.insert(step).inserted {
      path.append(step)
      next = trace[step]?.cause
    }
    criticalPath = path.reversed()
    for place in rows.indices where seen.contains(rows[place].path) { rows[place].isCritical = true }
  }
}

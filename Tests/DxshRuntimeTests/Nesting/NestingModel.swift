/// What rule 42 says that the policies of a case do, attempt by attempt: one function for each policy, which calls the
/// one inside of it. It shares no code with the engine and knows nothing of events, alarms or stores; its time is a
/// number of nanoseconds that functions take and give.
struct NestingModel {
  /// What a process that died took with it.
  enum Loss: Equatable {
    /// What an attempt came to, by how many began before it: it is made again when the process died.
    /// - isRecorded: whether the journal knows that it had begun
    case attempt(Int, at: Int64, isRecorded: Bool)
    /// What its end says of the breaker, which only the process knew.
    case finding(Int)
  }

  /// How a policy and all inside of it ended.
  struct End {
    enum What {
      case gives(String)
      /// - isLast: whether no policy that is still to come makes it again
      case fails(String, isLast: Bool)
    }

    var at: Int64
    var what: What
    /// Of the last attempt.
    var attempt = 1
    /// Before which another attempt would come to nothing.
    var notBefore: Int64?
    /// Whether it was refused, which is said already.
    var isRefusal = false

    static func fails(_ kind: String, at time: Int64, isLast: Bool = false) -> End {
      End(at: time, what: .fails(kind, isLast: isLast))
    }
  }

  let policies: PolicyCase
  let loss: Loss?
  private(set) var lines: [String] = []
  /// When which attempt began and ended, in the order of their beginnings.
  private(set) var attempts: [(began: Int64, ended: Int64)] = []
  private var breaker: BreakerModel?
  private var rate: RateModel?
  private var pool: PoolModel?
  private var kept: (value: String, until: Int64)?
  private var round = 0
  /// How often the node has answered in this round.
  private var answers = 0
  private var path = ""
  /// By when the first attempt has to begin, and how long others may; nil where none has begun.
  private var startLimit = Int64.max
  private var lastStart: Int64?

  init(_ policies: PolicyCase, loss: Loss? = nil) {
    self.policies = policies
    self.loss = loss
    breaker = policies.breaker.map { BreakerModel($0) }
    rate = policies.rate.map { RateModel($0) }
    pool = policies.capacity.map { PoolModel($0, policies.rivals) }
  }

  /// What each round comes to.
  mutating func results() -> [String] {
    var (results, time): ([String], Int64) = ([], 0)
    for number in 0..<policies.roundCount {
      (round, answers, path) = (number, 0, policies.path(ofRound: number))
      let end = onError(at: time)
      switch end.what {
      case .gives(let value): results.append(value)
      case .fails(let kind, _): results.append(kind)
      }
      time = end.at + (number < policies.pauses.count ? policies.pauses[number] : 0)
    }
    pool?.finish()
    return results
  }

  /// What the run leaves of what it shares with others.
  var shared: [String] {
    let beginnings = pool?.beginnings.sorted { $0.key < $1.key } ?? []
    return (breaker.map { ["the breaker is \($0.description)"] } ?? [])
      + beginnings.map { "rival\($0.key) begins at \($0.value)" }
  }

  private mutating func say(_ what: String, at time: Int64) { lines.append("\(time) \(path) \(what)") }

  // MARK: - From the outside in

  private mutating func onError(at time: Int64) -> End {
    var end = fallback(at: time)
    if policies.policies.contains(.onError), case .fails = end.what { end.what = .gives("skipped") }
    return end
  }

  private mutating func fallback(at time: Int64) -> End {
    var end = cache(at: time)
    if policies.policies.contains(.fallback), case .fails(let kind, _) = end.what {
      let value = "fell back after \(kind)"
      say("falls back to \(value)", at: end.at)
      end.what = .gives(value)
    }
    return end
  }

  private mutating func cache(at time: Int64) -> End {
    guard policies.policies.contains(.cache) else { return deadline(at: time) }
    if let kept, time < kept.until {
      say("has \(kept.value)", at: time)
      return End(at: time, what: .gives(kept.value))
    }
    let end = deadline(at: time)
    if case .gives(let value) = end.what { kept = (value, end.at + policies.lifetime) }
    return end
  }

  private mutating func deadline(at time: Int64) -> End {
    poll(at: time, until: policies.deadline.map { time + $0 } ?? .max)
  }

  private mutating func poll(at start: Int64, until limit: Int64) -> End {
    var (time, count) = (start, 0)
    while true {
      let end = startBy(at: time, until: limit)
      guard case .gives(let value) = end.what else { return end }
      guard let poll = policies.poll, !value.hasPrefix("v") else {
        say("succeeds with \(value)", at: end.at)
        return end
      }
      count += 1
      time = end.at + poll.every
      let kind: String? = count == poll.max ? "exhausted" : time >= limit ? "deadline" : nil
      if let kind {
        say("fails at attempt \(end.attempt): \(kind)", at: end.at)
        return .fails(kind, at: end.at, isLast: true)
      }
      say("is not what it waits for, at poll \(count)", at: end.at)
    }
  }

  private mutating func startBy(at time: Int64, until limit: Int64) -> End {
    startLimit = policies.startBy.map { time + $0 } ?? .max
    return retry(at: time, until: limit)
  }

  private mutating func noteBeginning(at time: Int64) {
    startLimit = .max
    lastStart = lastStart ?? policies.retry?.budget.map { time + $0 }
  }

  private mutating func retry(at start: Int64, until limit: Int64) -> End {
    lastStart = nil
    var time = start
    for attempt in 1... {
      var end = breaker(attempt, at: time, until: limit)
      end.attempt = attempt
      guard case .fails(let kind, let isLast) = end.what else { return end }
      if !end.isRefusal { say("fails at attempt \(attempt): \(kind)", at: end.at) }
      guard !isLast, let retry = policies.retry, attempt < retry.attempts, retry.only?.contains(kind) ?? true,
        retry.unless != kind
      else { return end }
      time = end.at + retry.backoff.delay(after: attempt)
      // Where nobody can say when it is worth another attempt, a second is let pass.
      if end.isRefusal { time = max(time, end.notBefore ?? end.at + 1_000_000_000) }
      if time >= limit { return .fails("deadline", at: end.at, isLast: true) }
      if time >= startLimit { return .fails("timeout", at: end.at, isLast: true) }
      if lastStart == nil, let budget = retry.budget { lastStart = end.at + budget }
      if let lastStart, time > lastStart { return end }
    }
    preconditionFailure("attempts are counted")
  }

  private mutating func breaker(_ attempt: Int, at time: Int64, until limit: Int64) -> End {
    guard let settings = policies.breaker, breaker != nil else { return limits(attempt, at: time, until: limit) }
    if let until = breaker?.refuses(at: time) {
      say("is refused at attempt \(attempt) until \(until)", at: time)
      var end = End.fails("circuit_open", at: time)
      (end.isRefusal, end.notBefore) = (true, until)
      return end
    }
    let (number, isProbe) = (attempts.count, breaker?.isProbing == true)
    let end = limits(attempt, at: time, until: limit)
    if attempts.count == number { return end }
    // What was begun again has said what it found.
    if case .attempt(number, _, _) = loss { return end }
    if loss == .finding(number) {
      if isProbe { breaker?.note(isFailure: true, settings, at: end.at) }
      return end
    }
    switch end.what {
    case .gives: breaker?.note(isFailure: false, settings, at: end.at)
    case .fails(let kind, _):
      if !["decode", "deadline"].contains(kind) { breaker?.note(isFailure: true, settings, at: end.at) }
    }
    return end
  }

  /// `limit` and `rate`: first a slot, then, with the slot, the time.
  private mutating func limits(_ attempt: Int, at start: Int64, until limit: Int64) -> End {
    var time = start
    if pool != nil {
      guard let got = pool?.acquire(at: time, until: min(limit, startLimit)) else {
        return .fails(startLimit < limit ? "timeout" : "deadline", at: min(limit, startLimit), isLast: true)
      }
      time = got
    }
    if let next = rate?.next(at: time) {
      if next > time, next >= min(limit, startLimit) {
        pool?.release(at: time)
        return .fails(startLimit < limit ? "timeout" : "deadline", at: time, isLast: true)
      }
      time = next
      rate?.begin(at: time)
    }
    let number = attempts.count
    attempts.append((time, time))
    breaker?.letThrough()
    if case .attempt(number, let diedAt, let isRecorded) = loss {
      if isRecorded, policies.recordsBeginnings { say("begins attempt \(attempt)", at: time) }
      if isRecorded { noteBeginning(at: time) }
      return makeAgain(attempt, at: diedAt, until: limit)
    }
    noteBeginning(at: time)
    let end = timeout(attempt, at: time, until: limit)
    attempts[number].ended = end.at
    pool?.release(at: end.at)
    return end
  }

  /// `timeout` and `heartbeat`, and the call and its decoding inside of them.
  private mutating func timeout(_ attempt: Int, at time: Int64, until limit: Int64) -> End {
    if policies.recordsBeginnings { say("begins attempt \(attempt)", at: time) }
    let last = min(time + policies.timeout, limit, policies.silentAt.map { time + $0 } ?? .max)
    let cut = End.fails(
      limit <= last ? "deadline" : "timeout", at: last, isLast: limit <= last)
    let end: End
    switch policies.act(round, call: answers) {
    case .gives(let value, let span): end = End(at: time + span, what: .gives(value))
    case .fails(let kind, let span): end = .fails(kind, at: time + span)
    case .wrong(let span): end = .fails("decode", at: time + span)
    case .never: end = cut
    }
    answers += 1
    return end.at < last ? end : cut
  }

  /// The process died before the end of an attempt was recorded: what that had of what runs share is free, and a probe
  /// counts as failed.
  private mutating func makeAgain(_ attempt: Int, at time: Int64, until limit: Int64) -> End {
    if let settings = policies.breaker, breaker?.isProbing == true {
      breaker?.note(isFailure: true, settings, at: time)
    }
    pool?.release(at: time)
    if time >= min(limit, startLimit) {
      return .fails(startLimit < limit ? "timeout" : "deadline", at: startLimit < limit ? time : limit, isLast: true)
    }
    return breaker(attempt, at: time, until: limit)
  }
}

extension PolicyCase.Backoff {
  /// After the attempt of this number.
  func delay(after attempt: Int) -> Int64 {
    switch self {
    case .none: 0
    case .fixed(let base): base
    case .linear(let base): base * Int64(attempt)
    case .exponential(let base, let most, let factor):
      min(most ?? .max, Int64((1..<max(attempt, 1)).reduce(Double(base)) { span, _ in span * (factor ?? 2) }))
    }
  }
}

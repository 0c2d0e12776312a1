/// A breaker as the language's reference tells of it: after so many failures in a row within the window it is open;
/// then an attempt is let through, whose success closes it, and whose failure opens it for twice as long as before, up
/// to ten times.
struct BreakerModel {
  private let settings: PolicyCase.Breaker
  private var failures: [Int64] = []
  /// Nil while it is closed.
  private var openUntil: Int64?
  /// Whether something was let through since it opened.
  private var hasProbed = false
  private var openings = 0

  init(_ settings: PolicyCase.Breaker) { self.settings = settings }

  /// Until when nothing is let through; nil when something is.
  func refuses(at time: Int64) -> Int64? { openUntil.flatMap { time < $0 ? $0 : nil } }

  /// Whether what is let through shows whether it works again.
  var isProbing: Bool { openUntil != nil }

  var description: String {
    guard let openUntil else { return "closed after failures at \(failures)" }
    return hasProbed ? "half open" : "open until \(openUntil)"
  }

  /// An attempt begins.
  mutating func letThrough() { hasProbed = isProbing }

  mutating func note(isFailure: Bool, _ settings: PolicyCase.Breaker, at time: Int64) {
    guard isFailure else {
      (failures, openUntil, hasProbed, openings) = ([], nil, false, 0)
      return
    }
    failures = failures.filter { time - $0 <= settings.window } + [time]
    guard isProbing || failures.count >= settings.failures else { return }
    openUntil = time + settings.open * min(1 << Int64(min(openings, 4)), 10)
    openings += 1
    hasProbed = false
    failures = []
  }
}

/// A rate as the reference tells of it: what has begun keeps its distance, but for a burst after a quiet while.
struct RateModel {
  private let interval: Int64
  private let burst: Int64
  /// When what has begun would have used up its share.
  private var spent = Int64.min

  init(_ rate: PolicyCase.Rate) {
    interval = (rate.period + rate.count - 1) / rate.count
    burst = rate.burst
  }

  /// When an attempt that could begin now may.
  func next(at time: Int64) -> Int64 {
    spent == .min ? time : max(time, spent - (burst - 1) * interval)
  }

  mutating func begin(at time: Int64) { spent = max(spent, time) + interval }
}

/// A pool, and who else uses it: first come, first served.
struct PoolModel {
  private enum Waiter { case step, rival(Int, use: Int64) }

  private let capacity: Int
  private var arrivals: [(number: Int, rival: PolicyCase.Rival)]
  /// When which of the others got its slot.
  private(set) var beginnings: [Int: Int64] = [:]
  private var ends: [Int64] = []
  private var waiting: [Waiter] = []
  private var hasSlot = false

  init(_ capacity: Int, _ rivals: [PolicyCase.Rival]) {
    self.capacity = capacity
    arrivals = rivals.enumerated().map { ($0, $1) }.sorted { $0.rival.arrival < $1.rival.arrival }
  }

  /// When the step has a slot; nil if that is not before the limit.
  mutating func acquire(at time: Int64, until limit: Int64) -> Int64? {
    goOn(to: time)
    waiting.append(.step)
    giveSlots(at: time)
    var now = time
    while !hasSlot {
      guard let next, next < limit else {
        goOn(to: limit, leaving: true)
        return nil
      }
      now = next
      goOn(to: now)
    }
    return now
  }

  mutating func release(at time: Int64) {
    goOn(to: time)
    hasSlot = false
    giveSlots(at: time)
  }

  /// All others come to their end.
  mutating func finish() { goOn(to: .max) }

  /// When something happens next.
  private var next: Int64? { [ends.min(), arrivals.first?.rival.arrival].compactMap(\.self).min() }

  /// - leaving: whether the step waits no more then
  private mutating func goOn(to time: Int64, leaving: Bool = false) {
    while let next, next <= time {
      ends.removeAll { $0 == next }
      while let (number, rival) = arrivals.first, rival.arrival == next {
        arrivals.removeFirst()
        waiting.append(.rival(number, use: rival.use))
      }
      giveSlots(at: next)
    }
    guard leaving else { return }
    waiting.removeAll { if case .step = $0 { true } else { false } }
    giveSlots(at: time)
  }

  private mutating func giveSlots(at time: Int64) {
    while !waiting.isEmpty, ends.count + (hasSlot ? 1 : 0) < capacity {
      switch waiting.removeFirst() {
      case .step: hasSlot = true
      case .rival(let number, let use):
        ends.append(time + use)
        beginnings[number] = time
      }
    }
  }
}

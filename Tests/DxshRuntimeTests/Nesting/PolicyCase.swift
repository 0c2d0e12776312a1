import DxshTestSupport

/// A step with policies that a seed chooses, what its node answers, and what else uses its pool. Times are nanoseconds.
///
/// What policies say is in whole milliseconds and meets often; what nodes take never ends with any of it, so that
/// nothing depends on which of two comes first.
struct PolicyCase {
  enum Policy: String, CaseIterable {
    case onError, fallback, cache, deadline, poll, startBy, retry, breaker, limit, rate, timeout, heartbeat
  }

  enum Backoff {
    case none, fixed(Int64), linear(Int64)
    case exponential(Int64, max: Int64?, factor: Double?)
  }

  struct Retry {
    var attempts = 1
    var backoff = Backoff.none
    var only: [String]?
    var unless: String?
    var budget: Int64?
  }

  struct Poll {
    var every: Int64
    var max: Int?
  }

  struct Breaker {
    var failures: Int
    var window, open: Int64
  }

  struct Rate {
    var count: Int64
    var period: Int64
    var burst: Int64
  }

  /// What an attempt comes to.
  enum Act {
    case gives(String, after: Int64)
    case fails(String, after: Int64)
    /// A value of another type.
    case wrong(after: Int64)
    case never
  }

  /// Another step that uses the pool, once.
  struct Rival {
    var arrival, use: Int64
  }

  let seed: UInt64
  let policies: Set<Policy>
  /// Whether the node answers on the engine's loop.
  let isImmediate: Bool
  let effect: String
  private(set) var lifetime: Int64 = 0
  private(set) var deadline: Int64?
  private(set) var startBy: Int64?
  private(set) var poll: Poll?
  private(set) var retry: Retry?
  private(set) var breaker: Breaker?
  private(set) var capacity: Int?
  private(set) var rate: Rate?
  private(set) var timeout: Int64 = 60_000_000_000
  private(set) var heartbeat: Int64?
  /// When its node says something, from its beginning.
  private(set) var signs: [Int64] = []
  let rivalCount: Int
  let roundCount: Int
  private(set) var rivals: [Rival] = []
  /// For each round, one after the other from its first call on, and then again.
  private(set) var acts: [[Act]] = []
  /// Between two rounds.
  private(set) var pauses: [Int64] = []

  init(seed: UInt64, _ policies: Set<Policy>, hasRivals: Bool) {
    var random = SeededGenerator(seed)
    self.seed = seed
    self.policies = policies
    isImmediate = Int.random(in: 0..<4, using: &random) == 0
    effect = policies.contains(.cache) || Bool.random(using: &random) ? "read" : "idempotent"
    func pick<Element>(_ elements: [Element]) -> Element {
      elements[Int.random(in: 0..<elements.count, using: &random)]
    }
    func seconds(_ choices: [Double]) -> Int64 { Int64(pick(choices) * 1000) * 1_000_000 }
    if policies.contains(.cache) { lifetime = seconds([0.5, 3, 8, 30]) }
    if policies.contains(.deadline) { deadline = seconds([0.5, 2, 3, 5, 9, 20]) }
    if policies.contains(.poll) {
      poll = Poll(
        every: seconds([0.5, 1, 2, 4]), max: deadline != nil && pick([true, false]) ? nil : pick([1, 2, 3, 5]))
    }
    if policies.contains(.retry) { retry = Self.retry(&random, hasBreaker: policies.contains(.breaker)) }
    // What contradicts others is a mistake that the checker finds.
    if let first = retry?.backoff.delay(after: 1), Bool.random(using: &random) {
      let budget = max(seconds([0.5, 2, 6]), first)
      if budget <= deadline ?? .max { retry?.budget = budget }
    }
    if policies.contains(.startBy) { startBy = min(seconds([0.5, 1, 3, 8]), deadline ?? .max) }
    if policies.contains(.breaker) {
      breaker = Breaker(failures: pick([1, 2, 3]), window: seconds([1, 4, 30]), open: seconds([0.5, 1, 3, 8]))
    }
    if policies.contains(.limit) { capacity = pick([1, 2]) }
    if policies.contains(.rate) {
      rate = Rate(count: pick([1, 2, 3]), period: seconds([0.2, 1, 2, 10]), burst: pick([1, 1, 2]))
    }
    // A longer one is a mistake that the checker finds.
    if policies.contains(.timeout) { timeout = min(seconds([0.5, 1, 2, 3]), deadline ?? .max) }
    if policies.contains(.heartbeat), !isImmediate {
      heartbeat = min(seconds([0.3, 0.7, 1.5]), timeout - 100_000_000)
      let pause = Self.apart(seconds([0.2, 0.4, 1]), 5)
      signs = (1...4).prefix(pick([0, 1, 4])).map { pause * $0 }
    }
    rivalCount = hasRivals && policies.contains(.limit) ? pick([1, 2, 3]) : 0
    roundCount = pick([1, 2, 3, 5])
    pauses = (1..<roundCount).map { _ in seconds([0.5, 1, 3, 10]) }
  }

  /// Whether the journal says when its attempts begin.
  var recordsBeginnings: Bool { !isImmediate || startBy != nil || retry?.budget != nil }

  /// How long after its beginning an attempt has been silent for too long, if it goes on; nil where it may be.
  var silentAt: Int64? {
    guard let heartbeat else { return nil }
    var last: Int64 = 0
    for sign in signs where sign - last < heartbeat { last = sign }
    return last + heartbeat
  }

  /// The same workflow in another world.
  func course(_ number: UInt64) -> PolicyCase {
    var random = SeededGenerator(seed << 8 ^ number)
    func milliseconds(_ choices: [Int64]) -> Int64 { (choices.randomElement(using: &random) ?? 0) * 1_000_000 }
    var policies = self
    policies.rivals = (0..<rivalCount).map { number in
      Rival(
        arrival: Self.apart(milliseconds([100, 700, 2000, 5000]), 700 + Int64(number)),
        use: Self.apart(milliseconds([300, 1000, 4000, 8000]), 30 + Int64(number)))
    }
    policies.acts = (0..<roundCount).map { round in
      (0..<([1, 2, 3, 5, 8].randomElement(using: &random) ?? 1)).map { Self.act(round, $0, isImmediate, &random) }
    }
    return policies
  }

  /// A moment at which nothing else happens.
  private static func apart(_ span: Int64, _ number: Int64) -> Int64 { span + 1_000 * number + 1 }

  private static func retry(_ random: inout SeededGenerator, hasBreaker: Bool) -> Retry {
    let base = [Int64(500), 1000, 2000].randomElement(using: &random).map { $0 * 1_000_000 } ?? 0
    let backoffs: [Backoff] = [
      .none, .fixed(base), .linear(base), .exponential(base, max: nil, factor: nil),
      .exponential(base, max: 3_000_000_000, factor: nil), .exponential(base, max: nil, factor: 3),
      .exponential(base, max: 2_500_000_000, factor: 1.5),
    ]
    let last = hasBreaker ? "circuit_open" : "broken"
    return Retry(
      attempts: Int.random(in: 1...5, using: &random), backoff: backoffs.randomElement(using: &random) ?? .none,
      only: [nil, nil, ["flaky"], ["flaky", "timeout"], ["decode"]].randomElement(using: &random) ?? nil,
      unless: [nil, nil, "broken", "timeout", last].randomElement(using: &random) ?? nil)
  }

  private static func act(_ round: Int, _ number: Int, _ isImmediate: Bool, _ random: inout SeededGenerator) -> Act {
    let length = Int64.random(in: 1...3500, using: &random) * 1_000_000
    let later = apart(length, 10_000 + Int64(round * 100 + number) * 17)
    let span = Bool.random(using: &random) ? 0 : later
    switch Int.random(in: 0..<12, using: &random) {
    case 0...2: return .gives("v\(round).\(number)", after: span)
    case 3...4: return .gives("w\(round).\(number)", after: span)
    case 5...7: return .fails("flaky", after: isImmediate ? 0 : span)
    case 8: return .fails("broken", after: isImmediate ? 0 : span)
    case 9: return .wrong(after: span)
    default: return .never
    }
  }

  func act(_ round: Int, call number: Int) -> Act { acts[round][number % acts[round].count] }
}

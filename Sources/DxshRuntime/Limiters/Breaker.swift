package import DxshTime

/// Whether calls of something that fails are let through: after some failures in a row none are for a while, and then a
/// few, to see whether it works again.
package struct Breaker: Sendable, Hashable {
  /// What `breaker(…)` says.
  package struct Settings: Sendable, Hashable {
    /// So many failures in a row open it, from 1.
    package let failures: Int
    /// How long ago the first of them may be; above zero.
    package let window: TimeSpan
    /// How long it is open after it was closed; above zero.
    package let open: TimeSpan
    /// How many calls it lets through at once then, from 1.
    package let probes: Int

    package init(failures: Int, window: TimeSpan, open: TimeSpan, probes: Int = 1) {
      precondition(failures > 0 && probes > 0 && window > .zero && open > .zero)
      self.failures = failures
      self.window = window
      self.open = open
      self.probes = probes
    }
  }

  package enum Phase: String, Sendable, Hashable, CaseIterable {
    case closed, open
    case halfOpen = "half_open"
  }

  package enum Answer: Sendable, Hashable {
    case passes
    /// It is one of those that show whether it works again.
    case probes
    /// - until: when it may be asked again; nil where nobody can say
    case refuses(until: Timestamp?)
  }

  /// What an attempt that was let through says about the other side.
  package enum Finding: Sendable, Hashable {
    case works, fails
    /// Nothing: it was given up, or failed for a reason of its own.
    case nothing
  }

  /// What a person decides.
  package enum Force: String, Sendable, Hashable, CaseIterable {
    /// Open until somebody says otherwise.
    case open
    /// Closed, whatever failed before.
    case close
    /// As if nothing had ever gone through it.
    case reset
  }

  /// A breaker that opens again and again is open for up to so many times as long as at first.
  package static let longestFactor: Int64 = 10

  package var phase = Phase.closed
  /// When the last failures in a row were, the earliest first.
  package var failures: [Timestamp] = []
  /// While it is open: until when; nil until somebody closes it.
  package var until: Timestamp?
  /// How often it has opened since it was last closed.
  package var openings = 0

  package init() {}

  /// Nothing is known of it.
  package var isNew: Bool { self == Breaker() }

  /// Whether an attempt may go through now.
  /// - probes: how many of those that were let through to see are under way
  package mutating func ask(probes: Int, _ settings: Settings, at now: Timestamp) -> Answer {
    switch phase {
    case .closed: return .passes
    case .open:
      // No breaker is open for longer: the clock was set back.
      let latest = settings.open.multiplied(by: Self.longestFactor).flatMap { now.adding($0) }
      if let known = until, let latest, known > latest { until = latest }
      guard let until, until <= now else { return .refuses(until: until) }
      phase = .halfOpen
      self.until = nil
      return probes < settings.probes ? .probes : .refuses(until: nil)
    case .halfOpen: return probes < settings.probes ? .probes : .refuses(until: nil)
    }
  }

  /// Takes in what came of an attempt.
  /// - isProbe: whether it was let through to see
  package mutating func note(_ finding: Finding, isProbe: Bool, _ settings: Settings, at now: Timestamp) {
    switch (phase, finding) {
    case (_, .nothing): break
    case (.closed, .works): failures = []
    case (.closed, .fails):
      failures.append(now)
      failures.removeAll { now.since($0) > settings.window }
      if failures.count >= settings.failures { trip(settings, at: now) }
    // What began before it opened says nothing of now.
    case (.open, _): break
    case (.halfOpen, .works): if isProbe { self = Breaker() }
    case (.halfOpen, .fails): if isProbe { trip(settings, at: now) }
    }
  }

  package mutating func force(_ force: Force) {
    self = Breaker()
    if force == .open { phase = .open }
  }

  private mutating func trip(_ settings: Settings, at now: Timestamp) {
    let factor = openings < 4 ? min(1 << Int64(openings), Self.longestFactor) : Self.longestFactor
    let span = settings.open.multiplied(by: factor) ?? settings.open
    phase = .open
    until = now.adding(span) ?? now
    openings += 1
    failures = []
  }
}

extension NodeFailure {
  /// What a failure says about the other side: those that the call itself is to blame for say nothing, as when the
  /// answer is not what `as` wants, an argument is not allowed, or nobody waited for the answer.
  package var finding: Breaker.Finding { Self.silentKinds.contains(kind) ? .nothing : .fails }

  private static let silentKinds: Set<String> = [
    "arithmetic", "assertion", "cancelled", "circuit_open", "deadline", "decode", "exhausted", "invalid", "limit",
    "rejected", "request", "too_large", "url",
  ]
}

package import DxshTime

/// What an attempt needs before it may begin, which runs share: its `breaker`, `limit` and `rate`, evaluated.
package final class StepLimits: Sendable {
  package struct BreakerName: Sendable, Hashable {
    package let name: String
    package let settings: Breaker.Settings

    package init(name: String, settings: Breaker.Settings) {
      self.name = name
      self.settings = settings
    }
  }

  package struct Pool: Sendable, Hashable {
    package let name: String
    /// How many attempts may have a slot of it when this one takes one, itself included; from 1.
    package let capacity: Int

    package init(name: String, capacity: Int) {
      self.name = name
      self.capacity = capacity
    }
  }

  package struct Rate: Sendable, Hashable {
    package let key: String
    package let rate: GenericCellRate

    package init(key: String, rate: GenericCellRate) {
      self.key = key
      self.rate = rate
    }
  }

  package let breaker: BreakerName?
  package let pool: Pool?
  package let rate: Rate?

  package init(breaker: BreakerName? = nil, pool: Pool? = nil, rate: Rate? = nil) {
    self.breaker = breaker
    self.pool = pool
    self.rate = rate
  }
}

/// Asks whether an attempt may begin.
package struct SeatRequest: Sendable {
  /// The step's.
  package let path: String
  package let limits: StepLimits
  /// How long the attempt may take.
  package let timeout: TimeSpan
  /// When the step has to be over; nil for never. No time of a rate is promised to it that would be then or later.
  package let deadline: Timestamp?

  package init(path: String, limits: StepLimits, timeout: TimeSpan, deadline: Timestamp? = nil) {
    self.path = path
    self.limits = limits
    self.timeout = timeout
    self.deadline = deadline
  }
}

/// Says that an attempt has ended, or is not wanted any more.
package struct SeatEnd: Sendable {
  package let path: String
  package let limits: StepLimits
  package let finding: Breaker.Finding

  package init(path: String, limits: StepLimits, finding: Breaker.Finding) {
    self.path = path
    self.limits = limits
    self.finding = finding
  }
}

/// What is said to one that asks.
package enum Admission: Sendable, Hashable {
  /// It may begin now.
  case granted
  /// It waits for a slot of its pool; `SharedLimits.watch` tells when it is to ask again.
  case queued
  /// Its time has not come: it is to ask again then.
  case resting(until: Timestamp)
  /// Its breaker is open.
  case refused(until: Timestamp?)
}

/// An attempt that has something of what runs share, or waits for it.
package struct Seat: Sendable, Hashable {
  package var run: String
  /// The step's path; with the run it is unique.
  package var path: String
  /// Grows in the order in which they came.
  package var ticket: Int64
  /// The process that it is of; nil when that has left the run to the store.
  package var owner: Int64?
  package var pool: String?
  /// How many there may be in the pool when it takes its slot.
  package var capacity = 1
  /// Whether it has a slot of its pool.
  package var isHeld = false
  /// The breaker that it shows something of.
  package var probe: String?
  /// By when it would have ended, as a probe.
  package var probeUntil: Timestamp?
  /// Whose time it waits for, or waited for.
  package var rate: String?
  package var rateAt: Timestamp?

  package init(run: String, path: String, ticket: Int64, owner: Int64?) {
    self.run = run
    self.path = path
    self.ticket = ticket
    self.owner = owner
  }
}

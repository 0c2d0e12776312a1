package import DxshExpressions
package import DxshTime

extension PlanCall {
  /// What an attempt needs before it may begin, which all runs of a store share: names are evaluated with the step's
  /// arguments.
  package struct Limits: Sendable, Hashable {
    /// Lets no attempt through for a while, after some that failed.
    package struct Breaker: Sendable, Hashable {
      /// A string.
      package var name: Expression
      /// So many failures in a row open it, from 1.
      package var failures: Int
      /// How long ago the first of them may be; above zero.
      package var window: TimeSpan
      /// How long it is open after it was closed; above zero.
      package var open: TimeSpan
      /// How many attempts it lets through then, from 1.
      package var probes: Int

      package init(name: Expression, failures: Int, window: TimeSpan, open: TimeSpan, probes: Int) {
        self.name = name
        self.failures = failures
        self.window = window
        self.open = open
        self.probes = probes
      }
    }

    /// A slot of a pool.
    package struct Pool: Sendable, Hashable {
      /// A string.
      package var name: Expression
      /// How many slots there are, from 1.
      package var capacity: Int

      package init(name: Expression, capacity: Int) {
        self.name = name
        self.capacity = capacity
      }
    }

    package struct Rate: Sendable, Hashable {
      /// A string; nil is the node's name.
      package var key: Expression?
      /// How many attempts may begin in each period, from 1.
      package var count: Int
      /// Above zero.
      package var period: TimeSpan
      /// How many may begin at once, from 1.
      package var burst: Int

      package init(key: Expression?, count: Int, period: TimeSpan, burst: Int) {
        self.key = key
        self.count = count
        self.period = period
        self.burst = burst
      }
    }

    package var breaker: Breaker?
    package var pool: Pool?
    package var rate: Rate?

    package init(breaker: Breaker? = nil, pool: Pool? = nil, rate: Rate? = nil) {
      self.breaker = breaker
      self.pool = pool
      self.rate = rate
    }

    /// Those of the names, by where they stand in the plan's form.
    package var names: [(path: String, name: Expression)] {
      var names: [(String, Expression)] = []
      if let breaker { names.append(("/limits/breaker/0", breaker.name)) }
      if let pool { names.append(("/limits/pool/0", pool.name)) }
      if let key = rate?.key { names.append(("/limits/rate/0", key)) }
      return names
    }

    package func validate() throws(PlanError) {
      if let breaker, min(breaker.failures, breaker.probes) < 1 || min(breaker.window, breaker.open) <= .zero {
        throw PlanError("the numbers of a breaker are above zero", path: "/limits/breaker")
      }
      if let pool, pool.capacity < 1 { throw PlanError("a pool has at least 1 slot", path: "/limits/pool/1") }
      if let rate, min(rate.count, rate.burst) < 1 || rate.period <= .zero {
        throw PlanError("the numbers of a rate are above zero", path: "/limits/rate")
      }
    }
  }
}

package import DxshTime

/// What is done to the limits that runs share, in one transaction of a store.
///
/// A slot belongs to the process in its row; those of dead processes are free. Who waits gets a slot in the order of
/// coming, from whoever gives one back: only the first in the queue is looked at, so that many who wait cost nothing.
package struct LimitTransaction<Rows: LimitRows> {
  package var rows: Rows
  private let run: String
  private let now: Timestamp
  /// Seats that have got the slot that they waited for: who owns them is to be told.
  package private(set) var given: [Seat] = []

  package init(_ rows: Rows, run: String, at now: Timestamp) {
    self.rows = rows
    self.run = run
    self.now = now
  }

  // MARK: - Asking

  package mutating func enter(_ request: SeatRequest) throws(Rows.Failure) -> Admission {
    let limits = request.limits
    var seat = try rows.seat(run, request.path)
    var wanted = seat ?? Seat(run: run, path: request.path, ticket: 0, owner: rows.owner)
    if let former = seat, former.owner != rows.owner {
      wanted = try takeOver(former)
      seat = nil
    }
    if let until = try refusal(limits, of: request.path) {
      if let seat { try giveBack(seat) }
      return .refused(until: until.time)
    }
    if let pool = limits.pool {
      wanted.pool = pool.name
      wanted.capacity = pool.capacity
      if !wanted.isHeld { wanted.isHeld = try hasRoom(pool, for: wanted) }
      guard wanted.isHeld else {
        if wanted != seat { try rows.put(wanted) }
        return .queued
      }
    }
    if let rate = limits.rate, let time = try wait(for: rate, &wanted, until: request.deadline) {
      if wanted != seat { try rows.put(wanted) }
      return .resting(until: time)
    }
    return try begin(wanted, seat, request)
  }

  /// All that it needs is there.
  private mutating func begin(
    _ wanted: Seat, _ former: Seat?, _ request: SeatRequest
  ) throws(Rows.Failure) -> Admission {
    var wanted = wanted
    wanted.rate = nil
    wanted.rateAt = nil
    if let breaker = request.limits.breaker {
      var known = try named(breaker)
      let before = known
      let probes = try probes(of: breaker.name, besides: request.path)
      switch known.breaker.ask(probes: probes, breaker.settings, at: now) {
      case .passes: break
      case .probes:
        wanted.probe = breaker.name
        wanted.probeUntil = now.adding(request.timeout)?.adding(Self.grace)
      case .refuses(let until):
        if let former { try giveBack(former) }
        return .refused(until: until)
      }
      if known != before { try rows.set(known, of: breaker.name) }
    }
    if wanted.pool != nil || wanted.probe != nil {
      if wanted != former { try rows.put(wanted) }
    } else if let former {
      try rows.remove(former)
    }
    return .granted
  }

  /// How much longer than its timeout a probe may take until it counts as failed.
  private static var grace: TimeSpan { TimeSpan(nanoseconds: 60_000_000_000) }

  /// A step that asks again is none of those that are in its way.
  private func probes(of breaker: String, besides path: String) throws(Rows.Failure) -> Int {
    try rows.probes(of: breaker).count { ($0.run, $0.path) != (run, path) }
  }

  private func named(_ breaker: StepLimits.BreakerName) throws(Rows.Failure) -> NamedBreaker {
    var known =
      try rows.breaker(breaker.name)
      ?? NamedBreaker(name: breaker.name, breaker: Breaker(), settings: breaker.settings)
    known.settings = breaker.settings
    return known
  }

  /// Until when the breaker of a step lets nothing through; nil when it does.
  private mutating func refusal(
    _ limits: StepLimits, of path: String
  ) throws(Rows.Failure) -> (time: Timestamp?, Void)? {
    guard let breaker = limits.breaker, let known = try rows.breaker(breaker.name), known.breaker.phase != .closed
    else { return nil }
    try endLostProbes(of: breaker.name)
    var current = try rows.breaker(breaker.name)?.breaker ?? Breaker()
    let probes = try probes(of: breaker.name, besides: path)
    guard case .refuses(let until) = current.ask(probes: probes, breaker.settings, at: now) else { return nil }
    return (until, ())
  }

  /// Whether a step may have a slot now: nobody may be before it.
  private mutating func hasRoom(_ pool: StepLimits.Pool, for seat: Seat) throws(Rows.Failure) -> Bool {
    if try isFree(pool, for: seat) { return true }
    try endDeadOwners()
    return try isFree(pool, for: seat)
  }

  private func isFree(_ pool: StepLimits.Pool, for seat: Seat) throws(Rows.Failure) -> Bool {
    if let first = try rows.firstWaiter(of: pool.name), (first.run, first.path) != (seat.run, seat.path) {
      return false
    }
    return try rows.holders(of: pool.name) < pool.capacity
  }

  /// When the step is to ask again because of its rate; nil when its time has come.
  /// - deadline: a time from then on is not taken, as others can use it
  private mutating func wait(
    for rate: StepLimits.Rate, _ seat: inout Seat, until deadline: Timestamp?
  ) throws(Rows.Failure) -> Timestamp? {
    let before = try rows.past(of: rate.key)
    var past = before
    var time = seat.rate == rate.key ? seat.rateAt : nil
    if time == nil { time = rate.rate.promise(&past, at: now) }
    if let promised = time, promised <= now { time = rate.rate.begin(&past, at: now) }
    if let time, let deadline, time >= deadline { return time }
    if past != before { try rows.set(past, of: rate.key) }
    seat.rate = rate.key
    seat.rateAt = time
    return time
  }

  // MARK: - Giving back

  package mutating func leave(_ end: SeatEnd) throws(Rows.Failure) {
    let seat = try rows.seat(run, end.path).flatMap { $0.owner == rows.owner ? $0 : nil }
    if let breaker = end.limits.breaker {
      try note(end.finding, of: breaker.name, breaker.settings, isProbe: seat?.probe == breaker.name)
    }
    if let seat { try giveBack(seat) }
  }

  /// Gives back all that a run has or waits for.
  /// - keepsTimes: whether it keeps the times that it was promised
  /// - isLost: whether its process is gone, and nobody knows what its attempts found
  package mutating func release(keepsTimes: Bool, isLost: Bool) throws(Rows.Failure) {
    for seat in try rows.seats(of: run) where isLost || seat.owner == nil || seat.owner == rows.owner {
      if isLost { try endProbe(seat) }
      guard keepsTimes, seat.rateAt != nil else {
        try giveBack(seat)
        continue
      }
      var kept = seat
      kept.owner = nil
      kept.isHeld = false
      kept.pool = nil
      kept.probe = nil
      kept.probeUntil = nil
      try rows.put(kept)
      if seat.isHeld, let pool = seat.pool { try fill(pool) }
    }
  }

  private mutating func giveBack(_ seat: Seat) throws(Rows.Failure) {
    try rows.remove(seat)
    if let pool = seat.pool { try fill(pool) }
  }

  /// Another process goes on with the step: only the time that it was promised is left.
  private mutating func takeOver(_ former: Seat) throws(Rows.Failure) -> Seat {
    try endProbe(former)
    try giveBack(former)
    var seat = Seat(run: run, path: former.path, ticket: 0, owner: rows.owner)
    seat.rate = former.rate
    seat.rateAt = former.rateAt
    return seat
  }

  /// Gives the free slots of a pool to those that have waited longest.
  private mutating func fill(_ pool: String) throws(Rows.Failure) {
    while var next = try rows.firstWaiter(of: pool), try rows.holders(of: pool) < next.capacity {
      next.isHeld = true
      try rows.put(next)
      given.append(next)
    }
  }

  // MARK: - What became of others

  /// Frees what dead processes had.
  package mutating func endDeadOwners() throws(Rows.Failure) {
    var number = Int64.min
    while let owner = try rows.owner(after: number) {
      number = owner
      if try rows.isAlive(owner) { continue }
      while true {
        let seats = try rows.seats(ofOwner: owner)
        if seats.isEmpty { break }
        for seat in seats {
          try endProbe(seat)
          try giveBack(seat)
        }
      }
    }
    // One that was given a slot since may be of a dead process too: it is gone by now, and its slot is another's.
    var living: [Seat] = []
    for seat in given { if let owner = seat.owner, try rows.isAlive(owner) { living.append(seat) } }
    given = living
  }

  /// Probes whose process died, or that have taken too long, have failed.
  private mutating func endLostProbes(of breaker: String) throws(Rows.Failure) {
    for seat in try rows.probes(of: breaker) {
      let isLate = seat.probeUntil.map { $0 < now } ?? false
      let isAlive = try isAlive(seat)
      if isAlive, !isLate { continue }
      try endProbe(seat)
      if isAlive {
        // Its attempt goes on, and has its slot.
        var seat = seat
        (seat.probe, seat.probeUntil) = (nil, nil)
        if seat.pool == nil { try rows.remove(seat) } else { try rows.put(seat) }
      } else {
        try giveBack(seat)
      }
    }
  }

  private func isAlive(_ seat: Seat) throws(Rows.Failure) -> Bool {
    guard let owner = seat.owner else { return false }
    return try rows.isAlive(owner)
  }

  private mutating func endProbe(_ seat: Seat) throws(Rows.Failure) {
    guard let name = seat.probe, let settings = try rows.breaker(name)?.settings else { return }
    try note(.fails, of: name, settings, isProbe: true)
  }

  // MARK: - Breakers

  private mutating func note(
    _ finding: Breaker.Finding, of name: String, _ settings: Breaker.Settings, isProbe: Bool
  ) throws(Rows.Failure) {
    let before = try rows.breaker(name)
    var known = before ?? NamedBreaker(name: name, breaker: Breaker(), settings: settings)
    known.breaker.note(finding, isProbe: isProbe, settings, at: now)
    if before == nil, known.breaker.isNew { return }
    known.settings = settings
    if known != before { try rows.set(known, of: name) }
  }

  /// A person decides about a breaker; false when nothing is known of it and it is not to be opened.
  package mutating func force(_ force: Breaker.Force, _ name: String) throws(Rows.Failure) -> Bool {
    var known = try rows.breaker(name)
    if known == nil, force != .open { return false }
    if force == .reset {
      try rows.set(nil, of: name)
      return true
    }
    known = known ?? NamedBreaker(name: name, breaker: Breaker(), settings: nil)
    known?.breaker.force(force)
    try rows.set(known, of: name)
    return true
  }
}

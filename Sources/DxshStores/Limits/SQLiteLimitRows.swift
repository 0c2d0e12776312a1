import DxshRuntime
import DxshSQLite
import DxshTime

/// What runs share, as the connection that writes sees it.
struct SQLiteLimitRows: LimitRows {
  typealias Failure = SQLiteError

  private let transactions: SQLiteTransactions
  let owner: Int64
  private var connection: SQLiteConnection { transactions.connection }

  init(_ transactions: SQLiteTransactions, owner: Int64) {
    self.transactions = transactions
    self.owner = owner
  }

  // MARK: - Seats

  func seat(_ run: String, _ path: String) throws(SQLiteError) -> Seat? {
    try LimitTables.seats("WHERE run = ? AND path = ?", [.text(run), .text(path)], connection).first
  }

  func seats(of run: String) throws(SQLiteError) -> [Seat] {
    try LimitTables.seats("WHERE run = ? ORDER BY ticket", [.text(run)], connection)
  }

  func seats(ofOwner owner: Int64) throws(SQLiteError) -> [Seat] {
    try LimitTables.seats("WHERE owner = ? ORDER BY ticket LIMIT 100", [.integer(owner)], connection)
  }

  mutating func put(_ seat: Seat) throws(SQLiteError) {
    let write = try connection.cached(
      """
      INSERT INTO seats (run, path, owner, pool, capacity, held, probe, probe_until_ns, rate, rate_at_ns)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (run, path) DO UPDATE SET owner = excluded.owner, pool = excluded.pool,
        capacity = excluded.capacity, held = excluded.held, probe = excluded.probe,
        probe_until_ns = excluded.probe_until_ns, rate = excluded.rate, rate_at_ns = excluded.rate_at_ns
      """)
    try write.bind(
      .text(seat.run), .text(seat.path), .optional(seat.owner), .optional(seat.pool), .integer(Int64(seat.capacity)),
      .integer(seat.isHeld ? 1 : 0), .optional(seat.probe), .optional(seat.probeUntil?.sinceEpoch),
      .optional(seat.rate), .optional(seat.rateAt?.sinceEpoch))
    try write.run()
  }

  mutating func remove(_ seat: Seat) throws(SQLiteError) {
    let delete = try connection.cached("DELETE FROM seats WHERE run = ? AND path = ?")
    try delete.bind(.text(seat.run), .text(seat.path))
    try delete.run()
  }

  func holders(of pool: String) throws(SQLiteError) -> Int {
    let count = try connection.cached("SELECT count(*) FROM seats WHERE pool = ? AND held = 1")
    defer { count.reset() }
    try count.bind(.text(pool))
    return try count.step() ? Int(count.integer(0)) : 0
  }

  func firstWaiter(of pool: String) throws(SQLiteError) -> Seat? {
    try LimitTables.seats("WHERE pool = ? AND held = 0 ORDER BY ticket LIMIT 1", [.text(pool)], connection).first
  }

  func probes(of breaker: String) throws(SQLiteError) -> [Seat] {
    try LimitTables.seats("WHERE probe = ? ORDER BY ticket", [.text(breaker)], connection)
  }

  // MARK: - Owners

  func owner(after number: Int64) throws(SQLiteError) -> Int64? {
    try LimitTables.owner(after: number, connection)
  }

  func isAlive(_ owner: Int64) throws(SQLiteError) -> Bool {
    if owner == self.owner { return true }
    guard let beat = try LimitTables.beat(of: owner, connection) else { return false }
    return transactions.isAlive(owner, beat: beat)
  }

  // MARK: - Rates and breakers

  func past(of rate: String) throws(SQLiteError) -> GenericCellRate.Past {
    let read = try connection.cached("SELECT promised_ns, begun_ns FROM rates WHERE key = ?")
    defer { read.reset() }
    try read.bind(.text(rate))
    guard try read.step() else { return GenericCellRate.Past() }
    return GenericCellRate.Past(promised: read.time(0), begun: read.time(1))
  }

  mutating func set(_ past: GenericCellRate.Past, of rate: String) throws(SQLiteError) {
    let write = try connection.cached("INSERT OR REPLACE INTO rates (key, promised_ns, begun_ns) VALUES (?, ?, ?)")
    try write.bind(.text(rate), .optional(past.promised?.sinceEpoch), .optional(past.begun?.sinceEpoch))
    try write.run()
  }

  func breaker(_ name: String) throws(SQLiteError) -> NamedBreaker? {
    try LimitTables.breakers("WHERE name = ?", [.text(name)], connection).first
  }

  mutating func set(_ breaker: NamedBreaker?, of name: String) throws(SQLiteError) {
    guard let breaker else {
      let delete = try connection.cached("DELETE FROM breakers WHERE name = ?")
      try delete.bind(.text(name))
      return try delete.run()
    }
    let write = try connection.cached(
      """
      INSERT OR REPLACE INTO breakers (name, phase, failed_ns, until_ns, openings, failures, window_ns, open_ns, probes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    let (state, settings) = (breaker.breaker, breaker.settings)
    try write.bind(
      .text(name), .text(state.phase.rawValue),
      .text(state.failures.map { String($0.sinceEpoch) }.joined(separator: ",")),
      .optional(state.until?.sinceEpoch), .integer(Int64(state.openings)),
      .optional(settings.map { Int64($0.failures) }), .optional(settings?.window.clampedNanoseconds),
      .optional(settings?.open.clampedNanoseconds), .optional(settings.map { Int64($0.probes) }))
    try write.run()
  }
}

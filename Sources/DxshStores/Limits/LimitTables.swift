import DxshRuntime
import DxshSQLite
import DxshTime

/// The rows of what runs share, as any connection reads them.
enum LimitTables {
  static func seats(
    _ choice: String, _ cells: [SQLiteStatement.Cell], _ connection: SQLiteConnection
  ) throws(SQLiteError) -> [Seat] {
    let read = try connection.cached(
      """
      SELECT ticket, run, path, owner, pool, capacity, held, probe, probe_until_ns, rate, rate_at_ns
      FROM seats \(choice)
      """)
    defer { read.reset() }
    try read.bind(cells)
    var seats: [Seat] = []
    while try read.step() {
      var seat = Seat(
        run: read.text(1), path: read.text(2), ticket: read.integer(0),
        owner: read.isNull(3) ? nil : read.integer(3))
      seat.pool = read.optionalText(4)
      seat.capacity = Int(read.integer(5))
      seat.isHeld = read.integer(6) != 0
      seat.probe = read.optionalText(7)
      seat.probeUntil = read.time(8)
      seat.rate = read.optionalText(9)
      seat.rateAt = read.time(10)
      seats.append(seat)
    }
    return seats
  }

  static func breakers(
    _ choice: String, _ cells: [SQLiteStatement.Cell], _ connection: SQLiteConnection
  ) throws(SQLiteError) -> [NamedBreaker] {
    let read = try connection.cached(
      """
      SELECT name, phase, failed_ns, until_ns, openings, failures, window_ns, open_ns, probes FROM breakers \(choice)
      """)
    defer { read.reset() }
    try read.bind(cells)
    var breakers: [NamedBreaker] = []
    while try read.step() {
      var breaker = Breaker()
      breaker.phase = Breaker.Phase(rawValue: read.text(1)) ?? .closed
      breaker.failures = read.text(2).split(separator: ",").compactMap { Int64($0) }.map(Timestamp.init(sinceEpoch:))
      breaker.until = read.time(3)
      breaker.openings = Int(read.integer(4))
      let (window, open) = (TimeSpan(nanoseconds: read.integer(6)), TimeSpan(nanoseconds: read.integer(7)))
      let hasSettings = min(read.integer(5), read.integer(8)) > 0 && min(window, open) > .zero
      breakers.append(
        NamedBreaker(
          name: read.text(0), breaker: breaker,
          settings: hasSettings
            ? Breaker.Settings(
              failures: Int(read.integer(5)), window: window, open: open, probes: Int(read.integer(8))) : nil))
    }
    return breakers
  }

  /// The first owner of a seat whose number is larger: one look into the index, however many seats it has.
  static func owner(after number: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> Int64? {
    let read = try connection.cached("SELECT min(owner) FROM seats WHERE owner IS NOT NULL AND owner > ?")
    defer { read.reset() }
    try read.bind(.integer(number))
    return try read.step() && !read.isNull(0) ? read.integer(0) : nil
  }

  /// How often a worker has said that it lives; nil for one that is gone.
  static func beat(of worker: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> Int64? {
    let read = try connection.cached("SELECT beat FROM workers WHERE number = ?")
    defer { read.reset() }
    try read.bind(.integer(worker))
    return try read.step() ? read.integer(0) : nil
  }
}

extension SQLiteStatement {
  func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }

  /// Of nanoseconds since the epoch.
  func time(_ column: Int) -> Timestamp? { isNull(column) ? nil : Timestamp(sinceEpoch: integer(column)) }
}

extension SQLiteStatement.Cell {
  static func optional(_ text: String?) -> Self { text.map { .text($0) } ?? .null }
  static func optional(_ number: Int64?) -> Self { number.map { .integer($0) } ?? .null }
}

extension Timestamp {
  /// In nanoseconds, as far as they go: until 2262.
  var sinceEpoch: Int64 { since(.epoch).clampedNanoseconds }

  init(sinceEpoch nanoseconds: Int64) {
    self = Timestamp.epoch.adding(TimeSpan(nanoseconds: nanoseconds)) ?? .epoch
  }
}

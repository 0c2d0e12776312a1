import DxshRuntime
import DxshSQLite

/// What runs share.
extension SQLiteReader {
  struct SeatNews: Sendable {
    /// The seats of a worker that have a slot.
    var held: [Seat]
    /// How many of its seats wait for one.
    var waiting: Int
    /// Whether somebody who has a seat has died.
    var hasDead: Bool
  }

  func seatNews(
    of worker: Int64, _ isAlive: @Sendable (_ worker: Int64, _ beat: Int64) -> Bool
  ) throws(RunStoreError) -> SeatNews {
    try reading { connection throws(SQLiteError) in
      let held = try LimitTables.seats("WHERE owner = ? AND held = 1", [.integer(worker)], connection)
      let count = try connection.cached(
        "SELECT count(*) FROM seats WHERE owner = ? AND held = 0 AND pool IS NOT NULL")
      defer { count.reset() }
      try count.bind(.integer(worker))
      let waiting = try count.step() ? Int(count.integer(0)) : 0
      let dead = try deadOwners(connection, isAlive)
      return SeatNews(held: held, waiting: waiting, hasDead: dead.contains { $0 != worker })
    }
  }

  /// Those of living processes, and those that runs left with the store.
  func seats(_ isAlive: @Sendable (_ worker: Int64, _ beat: Int64) -> Bool) throws(RunStoreError) -> [Seat] {
    try reading { connection throws(SQLiteError) in
      let dead = try deadOwners(connection, isAlive)
      let seats = try LimitTables.seats("ORDER BY ticket", [], connection)
      return seats.filter { $0.owner.map { !dead.contains($0) } ?? true }
    }
  }

  func breakers() throws(RunStoreError) -> [NamedBreaker] {
    try reading { connection throws(SQLiteError) in try LimitTables.breakers("ORDER BY name", [], connection) }
  }

  private func deadOwners(
    _ connection: SQLiteConnection, _ isAlive: (_ worker: Int64, _ beat: Int64) -> Bool
  ) throws(SQLiteError) -> Set<Int64> {
    var dead: Set<Int64> = []
    var number = Int64.min
    while let owner = try LimitTables.owner(after: number, connection) {
      number = owner
      guard let beat = try LimitTables.beat(of: owner, connection), isAlive(owner, beat) else {
        dead.insert(owner)
        continue
      }
    }
    return dead
  }
}

/// What runs share, kept by a process for itself.
package struct InMemoryLimitRows: LimitRows {
  package typealias Failure = Never

  private struct Place: Hashable {
    let run: String
    let path: String
  }

  /// The process that asks next.
  package var owner: Int64 = 0
  private var places: [Place: Int64] = [:]
  private var byTicket: [Int64: Seat] = [:]
  private var ticketCount: Int64 = 0
  /// By pools: how many have a slot, and the tickets of those that wait, in their order.
  private var holderCounts: [String: Int] = [:]
  private var waiters: [String: [Int64]] = [:]
  private var ownerCounts: [Int64: Int] = [:]
  private var pasts: [String: GenericCellRate.Past] = [:]
  private var known: [String: NamedBreaker] = [:]
  private let lives: @Sendable (Int64) -> Bool

  /// - isAlive: whether a process lives
  package init(isAlive: @escaping @Sendable (Int64) -> Bool = { _ in true }) {
    lives = isAlive
  }

  /// By their tickets.
  package var seats: [Seat] { byTicket.values.sorted { $0.ticket < $1.ticket } }

  /// By their names.
  package var breakers: [NamedBreaker] { known.values.sorted { $0.name < $1.name } }

  package func seat(_ run: String, _ path: String) -> Seat? {
    places[Place(run: run, path: path)].flatMap { byTicket[$0] }
  }

  package func seats(of run: String) -> [Seat] { seats.filter { $0.run == run } }

  package func seats(ofOwner owner: Int64) -> [Seat] { seats.filter { $0.owner == owner } }

  package mutating func put(_ seat: Seat) {
    var seat = seat
    let place = Place(run: seat.run, path: seat.path)
    if let ticket = places[place] {
      seat.ticket = ticket
      if let former = byTicket[ticket] { count(former, by: -1) }
    } else {
      ticketCount += 1
      seat.ticket = ticketCount
      places[place] = seat.ticket
    }
    byTicket[seat.ticket] = seat
    count(seat, by: 1)
  }

  package mutating func remove(_ seat: Seat) {
    guard let ticket = places.removeValue(forKey: Place(run: seat.run, path: seat.path)) else { return }
    if let former = byTicket.removeValue(forKey: ticket) { count(former, by: -1) }
  }

  private mutating func count(_ seat: Seat, by change: Int) {
    if let owner = seat.owner {
      ownerCounts[owner, default: 0] += change
      if ownerCounts[owner] == 0 { ownerCounts[owner] = nil }
    }
    guard let pool = seat.pool else { return }
    if seat.isHeld {
      holderCounts[pool, default: 0] += change
    } else if change > 0 {
      // Most come last.
      let place = waiters[pool, default: []].lastIndex { $0 < seat.ticket }.map { $0 + 1 } ?? 0
      waiters[pool, default: []].insert(seat.ticket, at: place)
    } else if let place = waiters[pool]?.firstIndex(of: seat.ticket) {
      waiters[pool]?.remove(at: place)
    }
  }

  package func holders(of pool: String) -> Int { holderCounts[pool] ?? 0 }

  package func firstWaiter(of pool: String) -> Seat? { waiters[pool]?.first.flatMap { byTicket[$0] } }

  package func probes(of breaker: String) -> [Seat] { seats.filter { $0.probe == breaker } }

  package func owner(after number: Int64) -> Int64? {
    ownerCounts.keys.filter { $0 > number }.min()
  }

  package func isAlive(_ owner: Int64) -> Bool { lives(owner) }

  package func past(of rate: String) -> GenericCellRate.Past { pasts[rate] ?? GenericCellRate.Past() }

  package mutating func set(_ past: GenericCellRate.Past, of rate: String) { pasts[rate] = past }

  package func breaker(_ name: String) -> NamedBreaker? { known[name] }

  package mutating func set(_ breaker: NamedBreaker?, of name: String) { known[name] = breaker }
}

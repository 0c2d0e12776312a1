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
    } else {
      ticketCount += 1
      seat.ticket = ticketCount
      places[place] = seat.ticket
    }
    byTicket[seat.ticket] = seat
  }

  package mutating func remove(_ seat: Seat) {
    guard let ticket = places.removeValue(forKey: Place(run: seat.run, path: seat.path)) else { return }
    byTicket[ticket] = nil
  }

  package func holders(of pool: String) -> Int { byTicket.values.count { $0.pool == pool && $0.isHeld } }

  package func firstWaiter(of pool: String) -> Seat? {
    byTicket.values.lazy.filter { $0.pool == pool && !$0.isHeld }.min { $0.ticket < $1.ticket }
  }

  package func probes(of breaker: String) -> [Seat] { seats.filter { $0.probe == breaker } }

  package func owner(after number: Int64) -> Int64? {
    byTicket.values.lazy.compactMap(\.owner).filter { $0 > number }.min()
  }

  package func isAlive(_ owner: Int64) -> Bool { lives(owner) }

  package func past(of rate: String) -> GenericCellRate.Past { pasts[rate] ?? GenericCellRate.Past() }

  package mutating func set(_ past: GenericCellRate.Past, of rate: String) { pasts[rate] = past }

  package func breaker(_ name: String) -> NamedBreaker? { known[name] }

  package mutating func set(_ breaker: NamedBreaker?, of name: String) { known[name] = breaker }
}

/// What a store keeps of the limits that runs share, as one transaction sees it.
package protocol LimitRows {
  associatedtype Failure: Error

  /// The process that asks.
  var owner: Int64 { get }

  func seat(_ run: String, _ path: String) throws(Failure) -> Seat?
  /// All of a run, by their tickets.
  func seats(of run: String) throws(Failure) -> [Seat]
  /// Some of an owner, until there are none.
  func seats(ofOwner owner: Int64) throws(Failure) -> [Seat]
  /// Adds a seat behind all others, or changes the one of its run and path; a new one gets its ticket.
  mutating func put(_ seat: Seat) throws(Failure)
  mutating func remove(_ seat: Seat) throws(Failure)

  /// How many seats have a slot of a pool.
  func holders(of pool: String) throws(Failure) -> Int
  /// The one that has waited for a slot of a pool for the longest time.
  func firstWaiter(of pool: String) throws(Failure) -> Seat?
  /// Those that show something of a breaker.
  func probes(of breaker: String) throws(Failure) -> [Seat]
  /// The first owner of a seat whose number is larger.
  func owner(after number: Int64) throws(Failure) -> Int64?
  /// Whether what an owner has is its own still.
  func isAlive(_ owner: Int64) throws(Failure) -> Bool

  func past(of rate: String) throws(Failure) -> GenericCellRate.Past
  mutating func set(_ past: GenericCellRate.Past, of rate: String) throws(Failure)
  /// Nil for one that nothing is known of.
  func breaker(_ name: String) throws(Failure) -> NamedBreaker?
  /// Nil forgets it.
  mutating func set(_ breaker: NamedBreaker?, of name: String) throws(Failure)
}

/// A breaker as stores keep it.
package struct NamedBreaker: Sendable, Hashable {
  package var name: String
  package var breaker: Breaker
  /// Those that it was last asked with; nil where only a person has named it.
  package var settings: Breaker.Settings?

  package init(name: String, breaker: Breaker, settings: Breaker.Settings?) {
    self.name = name
    self.breaker = breaker
    self.settings = settings
  }
}

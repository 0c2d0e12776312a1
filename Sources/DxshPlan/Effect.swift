/// What a node does to the world; the journal's protocol follows from it (language reference, "Nodes and effects").
package enum Effect: String, Sendable, Hashable, CaseIterable {
  /// No outside effect: may be recomputed, merged, removed.
  case pure
  /// Reads the outside world.
  case read
  /// Safe to repeat.
  case idempotent
  /// The callee drops repeats by key.
  case keyed
  /// Happens in a database transaction that the engine holds.
  case transactional
  /// Must not repeat.
  case once
}

extension Effect: Comparable {
  /// `pure < read < idempotent < keyed < transactional < once`
  package static func < (left: Effect, right: Effect) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .pure: 0
    case .read: 1
    case .idempotent: 2
    case .keyed: 3
    case .transactional: 4
    case .once: 5
    }
  }
}

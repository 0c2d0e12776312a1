/// Which of two attempts that are ready goes first.
package struct DispatchRank: Sendable, Hashable, Comparable {
  /// `priority(n)` of the step.
  package let priority: Int
  /// In seconds, about how long the longest chain is that begins with the step (`StepRanks`).
  package let rest: Float
  /// It has something that others wait for already.
  package let holds: Bool

  package init(priority: Int = 0, rest: Float = 0, holds: Bool = false) {
    self.priority = priority
    self.rest = rest
    self.holds = holds
  }

  /// Whether the left one goes later.
  package static func < (left: DispatchRank, right: DispatchRank) -> Bool {
    if left.holds != right.holds { return right.holds }
    return (left.priority, left.rest) < (right.priority, right.rest)
  }
}

/// What an evaluation may still cost. A unit is about one operation on scalars, or 32 bytes or elements moved.
package struct Meter: Sendable {
  package private(set) var remaining: Int

  package init(_ budget: Int) {
    self.remaining = budget
  }

  /// Takes the cost of work that is about to be done.
  @inline(__always)
  package mutating func charge(_ units: Int) throws(EvaluationError) {
    remaining -= units
    if remaining < 0 { throw EvaluationError(.limit, "the expression costs more than it may") }
  }

  /// Takes the cost of moving so many bytes or elements.
  package mutating func charge(moving count: Int) throws(EvaluationError) { try charge(1 + count >> 5) }
}

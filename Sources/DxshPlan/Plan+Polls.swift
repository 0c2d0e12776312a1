package import DxshExpressions

extension PlanCall {
  /// The call is repeated until a condition holds of its result, each time with attempts of its own.
  package struct Poll: Sendable, Hashable {
    /// A duration: how long is waited after a result of which the condition does not hold.
    package var every: Expression
    /// A slot that no node fills: it has the result while the condition is evaluated.
    package var slot: Int
    /// A bool.
    package var condition: Expression
    /// An int: how often the call is made at most; nil leaves that to the deadline.
    package var maximum: Expression?

    package init(every: Expression, slot: Int, condition: Expression, maximum: Expression?) {
      self.every = every
      self.slot = slot
      self.condition = condition
      self.maximum = maximum
    }
  }
}

package import DxshExpressions

extension PlanCall {
  /// The result of a call that only reads is used again by all runs of the store (rule 42).
  package struct Cache: Sendable, Hashable {
    /// A duration: for how long.
    package var lifetime: Expression
    /// A text that stands for the arguments; nil where they stand for themselves.
    package var key: Expression?

    package init(lifetime: Expression, key: Expression?) {
      self.lifetime = lifetime
      self.key = key
    }
  }
}

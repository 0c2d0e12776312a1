package import DxshExpressions

extension PlanCall {
  /// What a step gives where it has failed for good (rule 42).
  package struct Fallback: Sendable, Hashable {
    /// A slot that no node fills: it has the failure, `{ kind, message, retry_after }`, while the value is evaluated.
    package var slot: Int
    /// Of the type of the call's result.
    package var value: Expression

    package init(slot: Int, value: Expression) {
      self.slot = slot
      self.value = value
    }
  }
}

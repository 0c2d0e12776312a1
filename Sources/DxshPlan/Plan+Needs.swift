package import DxshExpressions

extension PlanCall {
  /// What an attempt uses of the machine while it is under way, and which of those that are ready goes first.
  package struct Needs: Sendable, Hashable {
    /// A double: cores, above zero; nil reserves none.
    package var cpu: Expression?
    /// A size above zero; nil reserves none.
    package var memory: Expression?
    /// A duration: how long an attempt usually takes. Nothing ends because of it; it orders, and predicts.
    package var time: Expression?
    /// Of steps that are ready the one with the highest goes first; 0 where nothing is said.
    package var priority: Int

    package init(cpu: Expression? = nil, memory: Expression? = nil, time: Expression? = nil, priority: Int = 0) {
      self.cpu = cpu
      self.memory = memory
      self.time = time
      self.priority = priority
    }

    /// With their places in the call.
    package var values: [(path: String, value: Expression)] {
      [("/needs/cpu", cpu), ("/needs/memory", memory), ("/needs/time", time)].compactMap { path, value in
        value.map { (path, $0) }
      }
    }
  }
}

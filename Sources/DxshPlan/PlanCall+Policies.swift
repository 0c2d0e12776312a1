package import DxshExpressions

/// What few calls have, behind one pointer: a plan may have a million calls.
extension PlanCall {
  package struct Policies: Sendable, Hashable {
    package var retry: Retry?
    package var deadline: Expression?
    package var startBy: Expression?
    package var heartbeat: Expression?
    package var poll: Poll?
    package var cache: Cache?
    package var fallback: Fallback?
    package var limits: Limits?
    package var needs: Needs?
    package var onInterrupt: Interruption?
    package var compensation: Compensation?
  }

  package var retry: Retry? {
    get { policies?.value.retry }
    set { change { $0.retry = newValue } }
  }

  /// A duration: how long all attempts may take together with the delays between them, from when the first could start.
  package var deadline: Expression? {
    get { policies?.value.deadline }
    set { change { $0.deadline = newValue } }
  }

  /// A duration: how long the first attempt may wait for its beginning, from when it could start.
  package var startBy: Expression? {
    get { policies?.value.startBy }
    set { change { $0.startBy = newValue } }
  }

  /// A duration: how long an attempt may give no sign of life.
  package var heartbeat: Expression? {
    get { policies?.value.heartbeat }
    set { change { $0.heartbeat = newValue } }
  }

  package var poll: Poll? {
    get { policies?.value.poll }
    set { change { $0.poll = newValue } }
  }

  package var cache: Cache? {
    get { policies?.value.cache }
    set { change { $0.cache = newValue } }
  }

  package var fallback: Fallback? {
    get { policies?.value.fallback }
    set { change { $0.fallback = newValue } }
  }

  /// Nil where nothing but its own run limits it.
  package var limits: Limits? {
    get { policies?.value.limits }
    set { change { $0.limits = newValue } }
  }

  /// Nil where it uses nothing worth telling, and goes when its turn comes.
  package var needs: Needs? {
    get { policies?.value.needs }
    set { change { $0.needs = newValue } }
  }

  /// Of a `once` step; nil asks a person.
  package var onInterrupt: Interruption? {
    get { policies?.value.onInterrupt }
    set { change { $0.onInterrupt = newValue } }
  }

  /// What undoes it; nil when nothing does.
  package var compensation: Compensation? {
    get { policies?.value.compensation }
    set { change { $0.compensation = newValue } }
  }

  private mutating func change(_ change: (inout Policies) -> Void) {
    var changed = policies?.value ?? Policies()
    change(&changed)
    policies = Self.shared(changed)
  }

  /// Equal calls are alike in this: no policies are nil.
  static func shared(_ policies: Policies) -> Shared<Policies>? {
    policies == Policies() ? nil : Shared(policies)
  }
}

/// A value behind a pointer, compared as what it is.
package final class Shared<Value: Sendable & Hashable>: Sendable, Hashable {
  package let value: Value

  package init(_ value: Value) {
    self.value = value
  }

  package static func == (left: Shared, right: Shared) -> Bool { left === right || left.value == right.value }

  package func hash(into hasher: inout Hasher) { hasher.combine(value) }
}

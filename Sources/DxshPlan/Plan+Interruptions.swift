import DxshExpressions

extension PlanCall {
  /// What is done about an attempt of which nobody knows whether it took place (rule 63).
  package indirect enum Interruption: Sendable, Hashable {
    /// Another attempt is made.
    case retry
    /// The step fails.
    case fail
    /// A node that only reads says whether it did: with a bool, or with what the step would have given, or none.
    ///
    /// Its arguments are evaluated in the frame of the step; its policies are constants.
    case verify(PlanCall)
  }

  /// So many attempts are made in all where no `retry` says it.
  package static let interruptedAttempts = 3

  package var verification: PlanCall? {
    if case .verify(let call)? = onInterrupt { call } else { nil }
  }

  /// The scope that a verification runs in, alone: its values have been computed and stand in its slots, after which is
  /// that of its result.
  package var verificationScope: PlanScope {
    var call = self
    for index in arguments.indices { call.arguments[index].value = .binding(depth: 0, slot: index) }
    call.slot = arguments.count
    return PlanScope(
      slots: arguments.map { .init(name: $0.name, type: .json) } + [.init(name: Plan.verificationName, type: result)],
      nodes: [PlanNode(path: Plan.verificationName, kind: .call(call), guardedBy: nil, dependencies: [])])
  }
}

extension Plan {
  /// What follows the path of a step, after an `@`, in that of what asks whether it took place: `pay[3]@verify`.
  package static let verificationName = "verify"

  package static func verificationPath(of path: String) -> String { "\(path)@\(verificationName)" }

  /// The path of the step that a verification is about; nil when the path is that of no verification.
  package static func verified(by path: String) -> String? {
    path.hasSuffix("@\(verificationName)") ? String(path.dropLast(verificationName.count + 1)) : nil
  }
}

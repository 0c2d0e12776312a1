import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTime

/// `heartbeat(d)`: how long one attempt may give no sign of life (rule 42: beside `timeout`).
extension PolicyChecker {
  /// - signature: nil in `defaults`, which are for the nodes that give any
  func heartbeat(_ call: Call, of signature: NodeSignature?) -> Expression {
    if let signature, !signature.showsLife { session.report(.silentNode(signature, at: call.range)) }
    return span(call, "a sign of life takes some time to come, so a `heartbeat` is above 0s")
  }

  /// An attempt that may be silent for as long as it takes needs no `heartbeat`.
  func checkSilence(_ policies: StepPolicies, _ calls: [Call], of signature: NodeSignature?) {
    guard let call = calls.first(where: { $0.path.text == PolicyName.heartbeat.rawValue }),
      case .duration(let silence)? = known(policies.heartbeat),
      case .duration(let timeout)? = known(policies.timeout ?? signature?.timeout), silence >= timeout
    else { return }
    session.report(.heartbeatAboveTimeout(silence, timeout, at: call.range))
  }
}

extension Diagnostic {
  fileprivate static func silentNode(_ signature: NodeSignature, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedPolicy, "`heartbeat` is for programs and servers, and `\(signature.path)` gives no sign of life",
      at: range, help: "say with `timeout` how long an attempt may take")
  }

  fileprivate static func heartbeatAboveTimeout(
    _ silence: TimeSpan, _ timeout: TimeSpan, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .timeoutInversion, "one attempt may be silent for \(silence), and takes no longer than \(timeout)", at: range,
      help: "give it a shorter `heartbeat`, or a longer `timeout`")
  }
}

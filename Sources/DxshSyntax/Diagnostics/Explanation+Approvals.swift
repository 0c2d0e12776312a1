extension DiagnosticCode {
  /// Of approvals.
  var approvalExplanation: Explanation {
    switch self {
    case .approvalWithoutDeadline:
      Self.approval(
        "the approval has no deadline",
        why:
          "A question that nobody answers would keep the run for ever. When the time is up, the approval is refused.",
        wrong: "title: \"Ship it?\"", right: "title: \"Ship it?\"\n    timeout: 24h")
    case .approvalOpensByItself:
      Self.approval(
        "the approval opens by itself",
        why: "When the time is up, an approval can only close: what opens it is decided by people.",
        wrong: "timeout: 24h\n    opens: [ship]\n    on_timeout: outcome(ship)",
        right: "timeout: 24h\n    opens: [ship]\n    on_timeout: outcome(wait)")
    case .impossibleQuorum:
      Self.approval(
        "so many cannot agree",
        why: "More people have to agree than there are to decide, so the approval could never open.",
        wrong: "timeout: 24h\n    approvers: [user(\"ada\"), user(\"grace\")]\n    quorum: 3",
        right: "timeout: 24h\n    approvers: [user(\"ada\"), user(\"grace\")]\n    quorum: 2")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  private static func approval(_ title: String, why: String, wrong: String, right: String) -> Explanation {
    func file(_ fields: String) -> String { "workflow w() {\n  approval release {\n    \(fields)\n  }\n}" }
    return Explanation(title, why: why, wrong: file(wrong), right: file(right))
  }
}

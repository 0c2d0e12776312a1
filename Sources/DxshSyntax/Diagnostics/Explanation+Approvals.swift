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
    case .approvalBypassed:
      Self.guarded(
        "a step can be reached round its approval",
        why:
          "What `requires` an approval runs only when people have decided, so on every path to the step it is "
          + "asked for.",
        wrong: "  if n > 100 {\n    \(Self.gate)\n  }\n  step paid = log.info(message: \"${n}\") requires release",
        right: "  if n > 100 {\n    \(Self.gate)\n    step paid = log.info(message: \"${n}\") requires release\n  }")
    case .approvalUnused:
      Self.guarded(
        "nothing depends on the approval",
        why: "People would be asked, and whatever they decide, the same would happen.",
        wrong: "  \(Self.gate)\n  step paid = log.info(message: \"${n}\")",
        right: "  \(Self.gate)\n  step paid = log.info(message: \"${n}\") requires release")
    case .decidedUnseen:
      Self.guarded(
        "what is approved is not known when it is decided",
        why:
          "People see the arguments of the step that they approve, and the step refuses to run with others. So these "
          + "must not come from what waits for the approval; what its form asks for may.",
        wrong: "  \(Self.gate)\n  let sum = release.approved ? n : 0\n"
          + "  step paid = log.info(message: \"${sum}\") requires release",
        right: "  \(Self.gate)\n  step paid = log.info(message: \"${n}\") requires release")
    case .approvalOpensByItself:
      Self.approval(
        "the approval opens by itself",
        why: "When the time is up, an approval can only close: what opens it is decided by people.",
        wrong: "timeout: 24h\n    opens: [ship]\n    on_timeout: outcome(ship)",
        right: "timeout: 24h\n    opens: [ship]\n    on_timeout: outcome(wait)")
    case .approvalPerElement:
      Explanation(
        "people are asked once for each element",
        why:
          "Nobody knows how many elements there are, so people may be asked hundreds of times. An approval before the "
          + "loop binds what its steps do for all of them; a list that is limited is asked for one by one.",
        wrong: Self.looped("  for name in names {\n    \(Self.gate)\n    \(Self.told)\n  }"),
        right: Self.looped("  \(Self.gate)\n  for name in names {\n    \(Self.told)\n  }"))
    case .approvalsPileUp:
      Self.approval(
        "people are asked again before they have to answer",
        why:
          "A schedule starts runs more often than an approval has to be decided, so that questions pile up. Where "
          + "`overlap` is `skip`, `cancel_running` or `allow`, somebody has thought of it.",
        wrong: "timeout: 24h", right: "timeout: 30m", header: "schedule hourly { every: 1h }")
    case .impossibleQuorum:
      Self.approval(
        "so many cannot agree",
        why: "More people have to agree than there are to decide, so the approval could never open.",
        wrong: "timeout: 24h\n    approvers: [user(\"ada\"), user(\"grace\")]\n    quorum: 3",
        right: "timeout: 24h\n    approvers: [user(\"ada\"), user(\"grace\")]\n    quorum: 2")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  private static let gate = "approval release { timeout: 1d }"
  private static let told = "step told = log.info(message: name) requires release"

  private static func looped(_ items: String) -> String { "workflow w(names: list<string>) {\n\(items)\n}" }

  private static func guarded(_ title: String, why: String, wrong: String, right: String) -> Explanation {
    func file(_ items: String) -> String { "workflow w(n: int) {\n\(items)\n}" }
    return Explanation(title, why: why, wrong: file(wrong), right: file(right))
  }

  private static func approval(_ title: String, why: String, wrong: String, right: String, header: String? = nil)
    -> Explanation
  {
    func file(_ fields: String) -> String {
      "workflow w() -> bool {\n\(header.map { "  \($0)\n" } ?? "")"
        + "  approval release {\n    \(fields)\n  }\n  output release.approved\n}"
    }
    return Explanation(title, why: why, wrong: file(wrong), right: file(right))
  }
}

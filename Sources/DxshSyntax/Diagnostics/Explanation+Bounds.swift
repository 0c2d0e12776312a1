extension DiagnosticCode {
  /// Of how wide and how long workflows may be.
  var boundExplanation: Explanation {
    switch self {
    case .widerThanLimit:
      Explanation(
        "a loop is to be wider than its run",
        why:
          "Of all steps of a run no more are under way than `limits { concurrency }` says; the loop never is as wide.",
        wrong: Self.loop(width: 20), right: Self.loop(width: 8))
    case .mayExceedLimit:
      Explanation(
        "a run may be stopped before it ends by itself",
        why:
          "Where each attempt takes all of its time, the run takes longer than its limit. That may be meant, so only "
          + "an audit says it.",
        wrong: Self.limited("10m"), right: Self.limited("1h"))
    case .limitsDisagree:
      Explanation(
        "a pool, a rate or a breaker has different numbers in one file",
        why:
          "All that use one name share it, so that each step would be held to the numbers of whoever came last. What "
          + "is to be limited apart has a name of its own.",
        wrong: Self.pooled(second: "3"), right: Self.pooled(second: "2"))
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  private static func loop(width: Int) -> String {
    "workflow w(names: list<string>) {\n  limits { concurrency: 8 }\n"
      + "  for name in names with parallel(\(width)) {\n    step told = log.info(message: name)\n  }\n}"
  }

  private static func pooled(second: String) -> String {
    "workflow w() {\n  step a = file.read(path: \"a\") with limit(\"disk\", 2)\n"
      + "  step b = file.read(path: \"b\") with limit(\"disk\", \(second))\n}"
  }

  private static func limited(_ limit: String) -> String {
    "workflow w() {\n  limits { duration: \(limit) }\n  step x = file.read(path: \"a\") with timeout(5m), retry(4)\n}"
  }
}

extension DiagnosticCode {
  /// Of secrets that would get out.
  var secretExplanation: Explanation {
    let secret = "secret token: string = env(\"TOKEN\")\n"
    switch self {
    case .secretInMessage:
      return Explanation(
        "a secret would stand in a message",
        why: "Why a run failed is shown to people and kept. What is made of a secret is secret too.",
        wrong: secret + "workflow w() {\n  fail \"${token} was refused\"\n}",
        right: secret + "workflow w() {\n  fail \"the token was refused\"\n}")
    case .secretKept:
      return Explanation(
        "a secret would be kept with the run",
        why:
          "What a workflow is given, what its steps give and what it outputs is written down, so that a run survives a"
          + " crash. Secrets and connections are not: they stay in memory, and are read again when a run goes on.",
        wrong: secret + "workflow w() {\n  output \"Bearer ${token}\"\n}",
        right: secret
          + "workflow w() {\n  output declassify(token.size(), reason: \"only its length\")\n}")
    case .secretInArgument:
      return Explanation(
        "a secret would reach a node that does not keep it",
        why:
          "A node's parameter takes a secret only when its type says so, `secret<T>`: not a URL, a command or the text"
          + " of a log.",
        wrong: secret + "workflow w() {\n  step said = log.info(\"using ${token}\")\n}",
        right: secret + "workflow w() {\n  step said = log.info(\"using the token\")\n}")
    case .hardcodedSecret:
      return Explanation(
        "a secret is written into the file",
        why:
          "Who reads the file would know it, and so would everyone who has an old version. Name where it comes from.",
        wrong: "secret token: string = \"hunter2\"\nworkflow w() {\n}",
        right: "secret token: string = env(\"TOKEN\")\nworkflow w() {\n}")
    case .secretDecides:
      return Explanation(
        "a secret would decide what is done",
        why: "Which steps ran, and how often, is there for everybody to see, and tells something about the secret.",
        wrong: secret + "workflow w() {\n  if token == \"\" {\n    fail \"no token\"\n  }\n}",
        right: secret + "workflow w() {\n"
          + "  if declassify(token == \"\", reason: \"only whether there is one\") {\n    fail \"no token\"\n  }\n}")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }
}

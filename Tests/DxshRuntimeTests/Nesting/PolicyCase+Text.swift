/// A case as a workflow: its rounds are steps in a row, each in the same policies.
extension PolicyCase {
  func path(ofRound round: Int) -> String { policies.contains(.onError) ? "a\(round)[0]" : "a\(round)" }

  var text: String {
    var lines = [
      "node x.act(round: int, command: string @sink(shell) = \"\") -> string",
      "  effect \(effect) throws flaky, broken timeout(1m)",
      "node x.rival(number: int, arrives: bool) -> int effect read timeout(1d)",
      "",
      "workflow w() -> list<string> {",
    ]
    for number in 0..<rivalCount {
      lines.append("  step arrived\(number) = x.rival(number: \(number), arrives: true)")
      lines.append("  step rival\(number) = x.rival(number: \(number), arrives: false)")
      lines.append("    after arrived\(number) with limit(\"pool\", \(capacity ?? 1))")
    }
    lines.append("  sequence {")
    for round in 0..<roundCount {
      lines += text(ofRound: round).map { "    \($0)" }
      if round < pauses.count { lines.append("    wait pause\(round) = delay(\(Self.text(pauses[round])))") }
    }
    let results = (0..<roundCount).map { "r\($0)" }.joined(separator: ", ")
    lines += ["  }", "  output [\(results)]", "}", ""]
    return lines.joined(separator: "\n")
  }

  private func text(ofRound round: Int) -> [String] {
    let clauses = clauses
    let with = clauses.isEmpty ? "" : " with \(clauses.joined(separator: ", "))"
    let step = "step a\(round) = x.act(round: \(round))\(with)"
    if policies.contains(.onError) {
      return [
        "for i in [0] with on_error(skip) {", "  \(step)", "}",
        "let r\(round) = a\(round).map(x, x.orValue(\"skipped\")).join(\",\")",
      ]
    }
    return [
      "try {", "  \(step)", "  let r\(round) = a\(round)", "} catch e {", "  let r\(round) = \"${e.kind}\"", "}",
    ]
  }

  /// In an order of the seed's: it says nothing.
  private var clauses: [String] {
    let all = Policy.allCases.filter(policies.contains).compactMap(clause)
    let shift = all.isEmpty ? 0 : Int(seed % UInt64(all.count))
    let turned = Array(all[shift...] + all[..<shift])
    return seed % 2 == 0 ? turned : turned.reversed()
  }

  private func clause(_ policy: Policy) -> String? {
    switch policy {
    case .onError: return nil
    case .fallback: return "fallback(\"fell back after ${error.kind}\")"
    case .cache: return "cache(ttl: \(Self.text(lifetime)), key: \"all\")"
    case .deadline: return deadline.map { "deadline(\(Self.text($0)))" }
    case .poll:
      return poll.map { poll in
        let most = poll.max.map { ", max: \($0)" } ?? ""
        return "poll(until: self.startsWith(\"v\"), every: \(Self.text(poll.every))\(most))"
      }
    case .startBy: return startBy.map { "start_by(\(Self.text($0)))" }
    case .retry: return retry.map(Self.text)
    case .breaker:
      return breaker.map {
        "breaker(\"b\", failures: \($0.failures), window: \(Self.text($0.window)), open: \(Self.text($0.open)))"
      }
    case .limit: return capacity.map { "limit(\"pool\", \($0))" }
    case .rate:
      return rate.map { "rate(\($0.count), per: \(Self.text($0.period)), key: \"pace\", burst: \($0.burst))" }
    case .timeout: return "timeout(\(Self.text(timeout)))"
    case .heartbeat: return heartbeat.map { "heartbeat(\(Self.text($0)))" }
    }
  }

  private static func text(_ retry: Retry) -> String {
    var parts = ["\(retry.attempts)"]
    switch retry.backoff {
    case .none: break
    case .fixed(let base): parts.append("backoff: fixed(\(text(base)))")
    case .linear(let base): parts.append("backoff: linear(\(text(base)))")
    case .exponential(let base, let most, let factor):
      let limits = [most.map { "max: \(text($0))" }, factor.map { "factor: \($0)" }].compactMap(\.self)
      parts.append("backoff: exponential(\(([text(base)] + limits).joined(separator: ", ")))")
    }
    if case .none = retry.backoff {} else { parts.append("jitter: false") }
    if let only = retry.only { parts.append("only: [\(only.joined(separator: ", "))]") }
    if let budget = retry.budget { parts.append("budget: \(text(budget))") }
    if let unless = retry.unless { parts.append("unless: error.kind == \(unless)") }
    return "retry(\(parts.joined(separator: ", ")))"
  }

  private static func text(_ span: Int64) -> String { "\(span / 1_000_000)ms" }
}

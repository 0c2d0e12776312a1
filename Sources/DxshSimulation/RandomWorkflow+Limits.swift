/// Workflows that end because of their `limits`.
extension RandomWorkflow {
  /// The call of a workflow that never ends by itself: its limit ends it, whatever happens, and no other attempt is
  /// made.
  mutating func exhausted(_ indent: String) {
    let (limit, seconds) = (dice.pick(["duration", "active"]), 5 + dice.roll(60))
    let (workflow, name) = (name("sub"), name("lost") + "x\(limit)\(seconds)")
    let policies = "retry(3), fallback(error.kind == limit ? 7 : 0)"
    lines.append("\(indent)step \(name) = \(workflow)(n: \(operand())) with \(policies)")
    let outer = names
    names = ["n"]
    var body: [String] = []
    var sum = "n"
    for _ in 0..<(1 + dice.roll(3)) {
      let step = self.name("k")
      body.append(
        "  step \(step) = x.act(n: \(sum)) with assume(\(effect()), reason: \"random\"), \(compensation())")
      sum += " + \(step)"
      steps += 1
    }
    // It works for longer than it may, also where the process that it works in dies.
    let slow = self.name("s")
    let call = dice.pick(["x.wait", "x.slow"])
    body.append(
      "  step \(slow) = \(call)(n: \(sum), seconds: 3000) "
        + "with assume(\(dice.pick(["read", "keyed", "idempotent"])), reason: \"random\")")
    let endless = self.name("endless")
    body.append("  wait \(endless) = signal(\"nobody\") after \(slow)")
    let last = self.name("s")
    body.append("  step \(last) = x.act(n: n) after \(endless)")
    body.append("  output \(last)")
    if dice.once(in: 3) {
      body.append("  finally {")
      body.append("    step \(self.name("z")) = x.act(n: 1) with assume(\(effect()), reason: \"random\")")
      body.append("  }")
    }
    callees +=
      "workflow \(workflow)(n: int) -> int {\n  limits { \(limit): \(seconds)s }\n" + body.joined(separator: "\n")
      + "\n}\n"
    names = outer + [name]
  }
}

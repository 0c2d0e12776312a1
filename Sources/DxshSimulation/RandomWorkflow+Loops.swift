/// Loops of random workflows.
extension RandomWorkflow {
  /// Instances in a chain of two steps, some of which fail.
  mutating func skippingLoop(_ indent: String) {
    let (number, variable) = (name(""), name("i"))
    let way = dice.once(in: 2) ? ", on_error(skip)" : " collect \(name("c"))"
    lines.append("\(indent)for \(variable) in [\(list())] with parallel(\(1 + dice.roll(3)))\(way) {")
    lines.append(
      "\(indent)  step f\(number) = x.act(n: \(variable), never: 3) "
        + "with assume(\(effect()), reason: \"random\"), \(compensation())")
    lines.append(
      "\(indent)  step g\(number) = x.act(n: f\(number), never: 4) with assume(\(effect()), reason: \"random\")")
    lines.append("\(indent)}")
    steps += 2
    let sum = name("l")
    lines.append("\(indent)let \(sum) = g\(number).unwrapOpt().sum()")
    names.append(sum)
  }

  /// Instances in a chain of two steps, of which so many have to complete; some fail.
  mutating func firstLoop(_ indent: String) {
    let elements = (0..<(2 + dice.roll(4))).map { _ in dice.roll(9) }
    // Those whose second step does not fail.
    let isQuick = dice.once(in: 2)
    let able = elements.filter { $0 % 3 != 0 && (!isQuick || ($0 + 1) % 4 != 0) }.count
    let wanted = 1 + dice.roll(max(able, 1))
    let list = (able == 0 ? elements + [1] : elements).map { "\($0)" }.joined(separator: ", ")
    let (number, variable) = (name(""), name("i"))
    let clause = dice.once(in: 2) ? "" : " collect \(name("c"))"
    lines.append(
      "\(indent)for \(variable) in [\(list)] with parallel(\(1 + dice.roll(4))), first(\(wanted))\(clause) {")
    let first = "h\(number)w\(wanted)"
    lines.append(
      "\(indent)  step \(first) = x.act(n: \(variable), never: 3) "
        + "with assume(\(effect()), reason: \"random\"), \(compensation())")
    let seconds = "seconds: \(dice.roll(20)) * \(variable)"
    let second =
      isQuick ? "x.act(n: \(first), never: 4)" : "x.\(dice.pick(["wait", "slow"]))(n: \(first), \(seconds))"
    // Journals speak of each.
    let effect = dice.pick(["read", "idempotent", "keyed", "once"])
    lines.append("\(indent)  step j\(number) = \(second) with assume(\(effect), reason: \"random\")")
    lines.append("\(indent)}")
    steps += 2
    let count = name("l")
    lines.append("\(indent)let \(count) = j\(number).unwrapOpt().size()")
    names.append(count)
  }

  private mutating func inside(_ indent: String, _ names: [String], items: Int) -> String {
    let outer = self.names
    self.names += names
    depth += 1
    for _ in 0..<(1 + dice.roll(items)) { item(indent: indent + "  ") }
    depth -= 1
    let last = self.names.last ?? "1"
    self.names = outer
    return last
  }

  mutating func loop(_ indent: String) {
    let (variable, total, sum) = (name("i"), name("t"), name("l"))
    lines.append("\(indent)for \(variable) in [\(list())] with parallel(\(1 + dice.roll(3))) {")
    let last = inside(indent, [variable], items: 3)
    lines.append("\(indent)  let \(total) = \(last) + \(variable)")
    lines.append("\(indent)}")
    lines.append("\(indent)let \(sum) = \(total).sum()")
    names.append(sum)
  }

  mutating func iteration(_ indent: String) {
    let state = name("r")
    lines.append("\(indent)repeat \(state): int = \(dice.roll(9)) with max(\(2 + dice.roll(3))) {")
    let last = inside(indent, [state], items: 2)
    lines.append("\(indent)  next \(last) + 1")
    lines.append("\(indent)}")
    names.append(state)
  }
}

import DxshExpressions
import DxshPlan
import DxshRuntime

/// A signal as somebody sends it.
struct SentSignal: Equatable {
  let name: SignalName
  let value: Value
}

/// A workflow that dice make: at least 20 steps, of every effect, in every item. What it ends with depends on every
/// step and on no order.
///
/// Names tell the invariants what to expect: `u3d1_5` stands in the `try` 3, which fails and is inside one loop, and
/// can be undone; `k5` can be undone and is only with the whole run; `f5` in a loop is undone where `g5` fails; `h5w2`
/// in a loop is undone where `j5` is not among the first 2 that succeed; what is done in the workflow that `lost5`
/// calls is undone, as it fails; `lost5xactive40` calls a workflow that is over when it has worked for 40 seconds;
/// `p5` is verified where its answer is lost; `delay5x40` takes 40 seconds after the step `before5x40`; `q5` shares
/// something with other runs; `last` stands in `finally`.
struct RandomWorkflow: Sendable {
  /// The file.
  private(set) var text = ""
  /// Whether the run fails at its end, until its world is healed.
  private(set) var fails = false
  private(set) var hasFinally = false
  /// What it waits for.
  private(set) var signals: [SentSignal] = []

  var dice: Dice
  /// The ints that can be mentioned.
  var names: [String] = []
  private var count = 0
  var steps = 0
  var lines: [String] = []
  var depth = 0
  private var tries = 0
  var callees = ""
  /// How many calls lead to the workflow that is being written.
  private var nesting = 0
  private var isCallee: Bool { nesting > 0 }

  static let minimumSteps = 20

  private static let declarations = """
    node x.act(n: int, after: int = 1, never: int = 0) -> int effect read throws flaky timeout(1h)
    node x.told(n: int, after: int, pause: int) -> int effect read throws flaky timeout(1h)
    node x.wait(n: int, seconds: int) -> int effect read timeout(1h)
    node x.slow(n: int, seconds: int, cores: int = 0) -> int effect read timeout(1h)
    node x.undo(n: int, after: int = 1, never: int = 0) -> int effect keyed throws flaky timeout(1h)
    node x.doom(n: int) -> int effect keyed throws flaky timeout(1h)
    node x.shaky(n: int, times: int) -> int effect keyed throws flaky timeout(1h)
    node x.page(n: int) -> string effect read timeout(1h)
    node x.ripe(n: int, id: int, times: int) -> int effect read timeout(1h)
    node x.look(step: string) -> int? effect read timeout(1h)
    node x.undo_once(n: int, after: int = 1, never: int = 0) -> int effect once timeout(1h)

    """

  init(_ dice: Dice) {
    self.dice = dice
    while steps < Self.minimumSteps { item(indent: "  ") }
    fails = self.dice.once(in: 3)
    hasFinally = self.dice.once(in: 3)
    // More than a batch holds: the store keeps it apart.
    lines.append("  step page = x.page(n: \(names[0])) with assume(idempotent, reason: \"random\")")
    let sum = (names + ["size(page)"]).joined(separator: " + ")
    if fails { lines.append("  step doom = x.doom(n: \(sum))") }
    lines.append("  output \(fails ? "doom" : sum)")
    if hasFinally {
      lines.append("  finally {")
      lines.append("    step last = x.act(n: 1) with assume(once, reason: \"random\")")
      lines.append("  }")
    }
    // More than it ever takes.
    let limits = self.dice.once(in: 3) ? "  limits { duration: 9000h, active: 9000h }\n" : ""
    text = Self.declarations + "workflow w() -> int {\n" + limits + lines.joined(separator: "\n") + "\n}\n" + callees
  }

  // MARK: - Items

  mutating func name(_ kind: String) -> String {
    count += 1
    return "\(kind)\(count)"
  }

  mutating func operand() -> String { names.isEmpty ? "\(dice.roll(9))" : dice.pick(names) }
  mutating func list() -> String {
    (0..<(1 + dice.roll(4))).map { _ in "\(dice.roll(9))" }.joined(separator: ", ")
  }

  mutating func effect() -> String {
    dice.pick(["pure", "read", "idempotent", "keyed", "keyed", "transactional", "once", "once", "once"])
  }

  mutating func item(indent: String) {
    switch dice.roll(depth < 2 ? 17 : 8) {
    case 0, 1, 2: step(indent)
    case 3: branch(indent)
    case 4: match(indent)
    case 5: delay(indent)
    case 6: undoable(indent)
    case 7: if dice.once(in: 2) { skippingLoop(indent) } else { firstLoop(indent) }
    case 8: iteration(indent)
    case 9, 10: loop(indent)
    case 11: sequence(indent)
    case 12, 13: attempt(indent)
    case 14: if depth == 0, !isCallee { signal(indent) } else { step(indent) }
    case 15: if depth == 0, !isCallee { alternatives(indent) } else { step(indent) }
    default:
      if depth > 0 || nesting > 1 {
        step(indent)
      } else if !isCallee, dice.once(in: 3) {
        exhausted(indent)
      } else {
        callee(indent)
      }
    }
  }

  /// The text of a call with its clauses; of a step that waits for another, which it does not mention.
  private mutating func call(_ operand: String, after other: String? = nil) -> String {
    let effect = effect()
    let claim = (other.map { "after \($0) " } ?? "") + "with assume(\(effect), reason: \"random\")"
    steps += 1
    switch dice.roll(8) {
    case 0: return "x.wait(n: \(operand), seconds: \(dice.roll(20))) \(claim)\(needs(cores: dice.roll(4)))"
    case 1:
      let cores = dice.roll(4)
      return "x.slow(n: \(operand), seconds: \(dice.roll(20)), cores: \(cores)) \(claim)\(needs(cores: cores))"
    case 2 where effect != "once":
      let backoff = dice.pick(["fixed(\(dice.roll(9))s)", "exponential(2s, max: 1m)", "linear(1s)"])
      let fallback = dice.once(in: 2) ? ", fallback(\(operand))" : ""
      let retry = "retry(3, backoff: \(backoff), budget: 9000h)"
      return "x.act(n: \(operand), after: \(1 + dice.roll(3))) \(claim), \(retry)\(fallback)"
    case 3: return "x.act(n: \(operand), after: \(5 + dice.roll(3))) \(claim), fallback(\(operand))"
    case 4 where effect == "pure" || effect == "read":
      return "x.act(n: \(operand), after: \(1 + dice.roll(3))) \(claim), retry(3), cache(ttl: \(1 + dice.roll(60))m)"
    case 5 where effect != "once":
      let pause = dice.once(in: 9) ? 1 << 62 : Int64(dice.roll(99)) - 9
      let given = pause > 86_400 ? ", fallback(\(operand))" : ""
      return "x.told(n: \(operand), after: \(1 + dice.roll(3)), pause: \(pause)) \(claim), "
        + "retry(3, backoff: fixed(\(dice.roll(60))s))\(given)"
    case 4: return "x.act(n: \(operand)) \(claim), deadline(\(1 + dice.roll(9))000h)"
    default: return "x.act(n: \(operand)) \(claim)"
    }
  }

  private mutating func needs(cores: Int) -> String {
    let uses = cores == 0 ? "" : ", uses(cpu: \(cores), memory: \(1 + dice.roll(4))MiB, time: \(1 + dice.roll(9))s)"
    return uses + (dice.once(in: 4) ? ", priority(\(dice.roll(9)))" : "")
  }

  mutating func step(_ indent: String) {
    switch dice.roll(14) {
    case 0: return poll(indent)
    case 2, 3: return limited(indent)
    case 1 where depth == 0 && !isCallee: return verified(indent)
    default: break
    }
    let name = name("s")
    lines.append("\(indent)step \(name) = \(call(operand()))")
    names.append(name)
  }

  private mutating func poll(_ indent: String) {
    let name = name("s")
    let policies = "poll(until: self != 0, every: \(1 + dice.roll(30))s, max: 9)"
    lines.append(
      "\(indent)step \(name) = x.ripe(n: \(operand()), id: \(count), times: \(dice.roll(4))) with \(policies)")
    steps += 1
    names.append(name)
  }

  /// Shares a pool, a rate or a breaker with the other runs.
  private mutating func limited(_ indent: String) {
    let name = name("q")
    let width = 1 + dice.roll(3)
    let pool = "limit(\"pool\(width)\", \(width))"
    let rate = "rate(1, per: \(3 + width)s, key: \"rate\(width)\")"
    let breaker = "breaker(\"breaker\(width)\", failures: 2, window: 1m, open: 5s, half_open: \(width))"
    let retry = "retry(99, backoff: fixed(\(1 + dice.roll(9))s), budget: 9000h)"
    let keyed =
      "with assume(\(dice.pick(["idempotent", "keyed", "keyed", "once"])), reason: \"random\"), start_by(9000h)"
    switch dice.roll(6) {
    case 0, 1:
      lines.append(
        "\(indent)step \(name) = x.slow(n: \(operand()), seconds: \(dice.roll(20)), cores: \(width)) \(keyed), "
          + "\(pool)\(needs(cores: width))")
    case 2: lines.append("\(indent)step \(name) = x.act(n: \(operand())) \(keyed), \(rate)")
    case 3:
      lines.append(
        "\(indent)step \(name) = x.wait(n: \(operand()), seconds: \(dice.roll(9))) \(keyed), \(rate), \(pool)")
    default:
      let with = dice.once(in: 2) ? "" : ", \(pool)"
      lines.append(
        "\(indent)step \(name) = x.shaky(n: \(operand()), times: \(dice.roll(5))) with \(breaker), \(retry)\(with)")
    }
    steps += 1
    names.append(name)
  }

  /// Names are found again by a number that no other workflow has.
  private mutating func verified(_ indent: String) {
    let name = name("p\(dice.roll(1_000_000_000))_")
    let retry = dice.once(in: 2) ? ", retry(99, backoff: fixed(\(dice.roll(9))s))" : ", retry(99)"
    lines.append(
      "\(indent)step \(name) = x.act(n: \(operand())) with assume(once, reason: \"random\"), "
        + "on_interrupt(verify(x.look(step: \"\(name)\")))\(retry)")
    steps += 1
    names.append(name)
  }

  mutating func compensation() -> String {
    switch dice.roll(6) {
    case 0: "compensate(x.undo_once(n: self))"
    case 1: "compensate(x.undo(n: self, after: 2))"
    case 2: "compensate(x.undo(n: self + \(operand()), after: 5))"
    default: "compensate(x.undo(n: self))"
    }
  }

  private mutating func undoable(_ indent: String) {
    let name = name("k")
    lines.append("\(indent)step \(name) = \(call(operand())), \(compensation())")
    names.append(name)
  }

  private mutating func branch(_ indent: String) {
    let name = name("b")
    lines.append("\(indent)if \(operand()) > \(dice.roll(12)) {")
    lines.append("\(indent)  step \(name) = \(call(operand()))")
    lines.append("\(indent)} else {")
    lines.append("\(indent)  step \(name) = \(call(operand()))")
    lines.append("\(indent)}")
    names.append(name)
  }

  private mutating func match(_ indent: String) {
    let name = name("m")
    lines.append("\(indent)match \(operand()) % 3 {")
    lines.append("\(indent)  0 => { step \(name) = \(call(operand())) }")
    lines.append("\(indent)  1 => { step \(name) = \(call("4")) }")
    lines.append("\(indent)  _ => { let \(name) = 1 }")
    lines.append("\(indent)}")
    names.append(name)
  }

  private mutating func delay(_ indent: String) {
    let seconds = dice.roll(90)
    let number = name("")
    let before = "before\(number)x\(seconds)"
    lines.append("\(indent)step \(before) = x.act(n: \(operand())) with assume(keyed, reason: \"random\")")
    steps += 1
    lines.append("\(indent)wait delay\(number)x\(seconds) = delay(\(seconds)s) after \(before)")
    let name = name("s")
    lines.append("\(indent)step \(name) = \(call(operand(), after: "delay\(number)x\(seconds)"))")
    names += [before, name]
  }

  private mutating func signal(_ indent: String) {
    let name = name("signal")
    let key = dice.once(in: 2) ? "key" : nil
    let value = dice.roll(100)
    let wanted = key.map { "signal(\"\(name)\", key: \"\($0)\")" } ?? "signal(\"\(name)\")"
    lines.append("\(indent)wait \(name) = \(wanted) as { n: int }")
    let sum = self.name("l")
    lines.append("\(indent)let \(sum) = \(name).n")
    names.append(sum)
    let shape = RecordShape(["n"])
    signals.append(
      SentSignal(name: SignalName(name, key: key), value: .record(RecordValue(shape, [.int(Int64(value))]))))
  }

  private mutating func alternatives(_ indent: String) {
    let (name, next) = (name("w"), name("s"))
    lines.append("\(indent)wait \(name) = any {")
    lines.append("\(indent)  late: delay(3h)")
    lines.append("\(indent)  soon: delay(\(dice.roll(50))s)")
    lines.append("\(indent)  never: signal(\"never\")")
    lines.append("\(indent)}")
    lines.append("\(indent)step \(next) = \(call(operand(), after: name))")
    names.append(next)
  }

  private mutating func sequence(_ indent: String) {
    lines.append("\(indent)sequence {")
    let (first, second) = (name("s"), name("s"))
    lines.append("\(indent)  step \(first) = \(call(operand()))")
    lines.append("\(indent)  step \(second) = \(call(operand()))")
    lines.append("\(indent)}")
    names += [first, second]
  }

  /// A saga: it fails, or hands over what it has done.
  private mutating func attempt(_ indent: String) {
    tries += 1
    let fails = !dice.once(in: 3)
    let head = fails ? "u\(tries)d\(depth)_" : "k\(tries)d\(depth)_"
    let (value, error) = (name("v"), name("e"))
    lines.append("\(indent)try {")
    var done: [String] = []
    for _ in 0..<(1 + dice.roll(3)) {
      let step = name(head)
      lines.append("\(indent)  step \(step) = \(call(operand())), \(compensation())")
      done.append(step)
    }
    if dice.once(in: 3) {
      let (variable, inner) = (name("i"), name(head))
      lines.append("\(indent)  for \(variable) in [\(list())] {")
      lines.append("\(indent)    step \(inner) = \(call(variable)), \(compensation())")
      lines.append("\(indent)  }")
      done.append(inner + ".sum()")
    }
    let sum = done.joined(separator: " + ")
    if fails {
      let no = name("n")
      let call =
        dice.once(in: 4)
        ? "x.wait(n: (\(sum)) * 0, seconds: 3000) with deadline(\(1 + dice.roll(40))s), retry(3)"
        : "x.act(n: (\(sum)) * 0 + 1, never: 1)"
      lines.append("\(indent)  step \(no) = \(call)")
      lines.append("\(indent)  let \(value) = \(no)")
    } else {
      lines.append("\(indent)  let \(value) = \(sum)")
    }
    lines.append("\(indent)} catch \(error) {")
    let handled = name("s")
    lines.append("\(indent)  step \(handled) = \(call("2"))")
    lines.append("\(indent)  let \(value) = \(handled)")
    lines.append("\(indent)}")
    names.append(value)
  }

  private mutating func callee(_ indent: String) {
    let isLost = dice.once(in: 4)
    let (workflow, name) = (name("sub"), name(isLost ? "lost" : "call"))
    let isRepeated = dice.once(in: 2)
    let retry = isRepeated ? ["retry(4\(dice.pick(["", ", backoff: fixed(5s)", ", backoff: linear(40s)"])))"] : []
    var policies = retry + (dice.once(in: 3) ? ["deadline(\(1 + dice.roll(9))000h)"] : [])
    if isLost { policies.append("fallback(error.kind == flaky ? 7 : 0)") }
    let clause = policies.isEmpty ? "" : " with " + policies.joined(separator: ", ")
    lines.append("\(indent)step \(name) = \(workflow)(n: \(operand()))\(clause)")
    let (outer, outerLines) = (names, lines)
    (names, lines, nesting) = (["n"], [], nesting + 1)
    for _ in 0..<(1 + dice.roll(3)) { item(indent: "  ") }
    if nesting == 1, dice.once(in: 3) { callee("  ") }
    if isRepeated {
      let shaky = self.name("shaky")
      lines.append("  step \(shaky) = x.shaky(n: \(operand()), times: \(dice.roll(3)))")
      if dice.once(in: 2) { names.append(shaky) }
      for _ in 0..<dice.roll(3) { item(indent: "  ") }
    }
    if isLost {
      let behind = dice.once(in: 2) ? operand() : "1"
      lines.append("  step \(self.name("n")) = x.act(n: (\(behind)) * 0 + 3, never: 3)")
    }
    lines.append("  output \(names.joined(separator: " + "))")
    if dice.once(in: 3) {
      lines.append("  finally {")
      lines.append("    step \(self.name("z")) = \(call("1"))")
      lines.append("  }")
    }
    callees += "workflow \(workflow)(n: int) -> int {\n" + lines.joined(separator: "\n") + "\n}\n"
    (names, lines, nesting) = (outer + [name], outerLines, nesting - 1)
  }
}

import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization

/// A workflow that a seed makes: steps of every effect, branches, loops inside loops, retries, iterations that fail and
/// are skipped. It always succeeds, with an output that depends on every step and on no order.
struct RandomWorkflow {
  private var random: SeededGenerator
  private var names: [String] = []
  private var count = 0
  private var lines: [String] = []

  static let declaration = """
    /// Gives n + 1. Fails while the attempt is below `after`, and always when n is a multiple of `never`.
    node x.act(n: int, after: int = 1, never: int = 0) -> int
      effect read
      throws flaky
      timeout(1h)

    /// The same, after a while.
    node x.wait(n: int, seconds: int) -> int
      effect read
      timeout(1h)

    """

  static func text(_ seed: UInt64) -> String {
    var workflow = RandomWorkflow(random: SeededGenerator(seed))
    workflow.block(depth: 0, indent: "  ", items: 6)
    let sum = workflow.names.joined(separator: " + ")
    return declaration + "workflow w() -> int {\n" + workflow.lines.joined(separator: "\n") + "\n  output \(sum)\n}\n"
  }

  private init(random: SeededGenerator) {
    self.random = random
  }

  private mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &random) }

  private mutating func name(_ kind: String) -> String {
    count += 1
    return "\(kind)\(count)"
  }

  /// `names` has the ints of the block when it returns.
  private mutating func block(depth: Int, indent: String, items: Int) {
    for _ in 0..<(1 + roll(items)) {
      switch roll(depth < 2 ? 8 : 5) {
      case 0, 1, 2, 3: step(indent)
      case 4: branch(indent)
      case 5: skippingLoop(indent)
      default: loop(depth: depth, indent)
      }
    }
    if names.isEmpty { step(indent) }
  }

  private mutating func operand() -> String { names.isEmpty ? "\(roll(9))" : names[roll(names.count)] }

  private mutating func effect() -> String {
    let effects = ["pure", "read", "idempotent", "keyed", "transactional", "once", "once", "once"]
    return effects[roll(effects.count)]
  }

  private mutating func step(_ indent: String) {
    let effect = effect()
    let claim = "assume(\(effect), reason: \"random\")"
    let name = name("s")
    if roll(3) == 0 {
      lines.append("\(indent)step \(name) = x.wait(n: \(operand()), seconds: \(roll(4))) with \(claim)")
    } else if effect != "once", roll(3) == 0 {
      lines.append(
        "\(indent)step \(name) = x.act(n: \(operand()), after: 2) "
          + "with \(claim), retry(3, backoff: fixed(\(roll(3))s), jitter: false)")
    } else {
      lines.append("\(indent)step \(name) = x.act(n: \(operand())) with \(claim)")
    }
    names.append(name)
  }

  private mutating func branch(_ indent: String) {
    let name = name("b")
    let condition = "\(operand()) > \(roll(12))"
    let (first, second) = (effect(), effect())
    lines.append("\(indent)if \(condition) {")
    lines.append("\(indent)  step \(name) = x.act(n: \(operand())) with assume(\(first), reason: \"random\")")
    lines.append("\(indent)} else {")
    lines.append(
      "\(indent)  step \(name) = x.wait(n: \(operand()), seconds: 1) with assume(\(second), reason: \"random\")")
    lines.append("\(indent)}")
    names.append(name)
  }

  /// Iterations in a chain of two steps, some of which fail.
  private mutating func skippingLoop(_ indent: String) {
    let (variable, first, second) = (name("i"), name("f"), name("g"))
    lines.append("\(indent)for \(variable) in [\(list())] with parallel(\(1 + roll(3))) collect \(name("c")) {")
    lines.append(
      "\(indent)  step \(first) = x.act(n: \(variable), never: 3) with assume(\(effect()), reason: \"random\")")
    lines.append("\(indent)  step \(second) = x.act(n: \(first)) with assume(\(effect()), reason: \"random\")")
    lines.append("\(indent)}")
    let sum = name("l")
    lines.append("\(indent)let \(sum) = \(second).unwrapOpt().sum()")
    names.append(sum)
  }

  private mutating func loop(depth: Int, _ indent: String) {
    let variable = name("i")
    lines.append("\(indent)for \(variable) in [\(list())] with parallel(\(1 + roll(3))) {")
    let outer = names
    names.append(variable)
    let before = names.count
    block(depth: depth + 1, indent: indent + "  ", items: 3)
    let inner = names[before...].last ?? variable
    let total = name("t")
    lines.append("\(indent)  let \(total) = \(inner) + \(variable)")
    lines.append("\(indent)}")
    names = outer
    let sum = name("l")
    lines.append("\(indent)let \(sum) = \(total).sum()")
    names.append(sum)
  }

  private mutating func list() -> String {
    (0..<(1 + roll(5))).map { _ in "\(roll(9))" }.joined(separator: ", ")
  }
}

/// The world of a random workflow: what its nodes do, and what they did.
final class RandomWorld: Sendable {
  private struct State {
    /// How often the effect of a step with a key took place.
    var effects: [String: Int] = [:]
    var results: [String: Value] = [:]
  }

  private let state = Mutex(State())

  func count(of path: String) -> Int { state.withLock { $0.effects[path] ?? 0 } }
  func result(of path: String) -> Value? { state.withLock { $0.results[path] } }
  var counts: [String: Int] { state.withLock { $0.effects } }

  var nodes: [any NodeImplementation] {
    [
      ScriptedNode("x.act") { [self] call throws(NodeFailure) in
        guard case .int(let n) = call["n"], case .int(let after) = call["after"], case .int(let never) = call["never"]
        else { throw NodeFailure("flaky", "no numbers") }
        if Int64(call.attempt) < after || never > 0 && n % never == 0 { throw NodeFailure("flaky", "not this time") }
        return .value(note(call, .int(n + 1)))
      },
      ScriptedNode("x.wait") { [self] call throws(NodeFailure) in
        guard case .int(let n) = call["n"], case .int(let seconds) = call["seconds"] else {
          throw NodeFailure("flaky", "no numbers")
        }
        return .after(TimeSpan(nanoseconds: seconds * 1_000_000_000), note(call, .int(n + 2)))
      },
    ]
  }

  private func note(_ call: NodeCall, _ result: Value) -> Value {
    guard let slash = call.key.firstIndex(of: "/") else { return result }
    let path = String(call.key[call.key.index(after: slash)...])
    state.withLock { state in
      state.effects[path, default: 0] += 1
      state.results[path] = result
    }
    return result
  }
}

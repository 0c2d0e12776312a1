import DxshTestSupport

/// A workflow that dice make, full of what the optimizer looks for: constants, functions of them, branches that they
/// decide, pure steps that are the same, in one place or in several, and in loops.
///
/// Steps have an effect where their names begin with `a`, `u` or `v`. Those with `u` stand in the body of a `try`, and
/// those with `v` in a loop that outlives failures: what of them happens when something beside them fails depends on
/// the order. At most one step fails.
struct SharingWorkflow {
  private(set) var text = ""
  private var dice: SeededGenerator
  private var lines: [String] = []
  /// The ints that can be mentioned.
  private var names = ["n", "c"]
  /// The pure calls that can be made once more.
  private var calls: [String] = []
  private var count = 0
  private var depth = 0
  /// What steps with an effect are called here.
  private var letter = "a"
  private var failures: Int
  private var callees = ""

  private static let declarations = """
    node t.calc(n: int, m: int = 0) -> int effect pure throws odd timeout(1h)
    node t.act(n: int) -> int effect once timeout(1h)
    node t.note(n: int) -> int effect keyed timeout(1h)
    const c = 4
    func twice(n: int, m: int) -> int = (n * 2 + m) % 1000
    func pick(n: int) -> int = n > 3 ? twice(n, 1) : [n, n + 1, c].map(k, twice(k, n)).sum()

    """

  init(seed: UInt64) {
    dice = SeededGenerator(seed)
    failures = 0
    failures = once(in: 3) ? 1 : 0
    for _ in 0..<(3 + below(8)) { item("  ") }
    lines.append("  output (\(names.joined(separator: " + "))) % 100000")
    if once(in: 4) { lines += ["  finally {", "    step last = t.note(n: \(literal()))", "  }"] }
    let head = "workflow w(n: int = \(below(9)), ns: list<int> = [\(numbers(0))]) -> int {\n"
    text = Self.declarations + head + lines.joined(separator: "\n") + "\n}\n" + callees
  }

  // MARK: - Dice

  private mutating func below(_ limit: Int) -> Int { Int(dice.next() % UInt64(limit)) }
  private mutating func once(in count: Int) -> Bool { below(count) == 0 }
  private mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }
  private mutating func literal() -> String { "\(below(9))" }
  private mutating func numbers(_ least: Int) -> String {
    (0..<(least + below(3))).map { _ in literal() }.joined(separator: ", ")
  }
  private mutating func name(_ letter: String) -> String {
    count += 1
    return "\(letter)\(count)"
  }

  // MARK: - Expressions

  private mutating func value(_ deep: Int = 2) -> String {
    switch below(deep == 0 ? 4 : 9) {
    case 0: literal()
    case 1, 2, 3: pick(names)
    case 4: "twice(\(value(deep - 1)), \(value(deep - 1)))"
    case 5: "pick(\(value(deep - 1)))"
    case 6: "((\(value(deep - 1)) + \(value(deep - 1))) % 1000)"
    case 7: "[\(value(deep - 1)), \(value(deep - 1)), c].map(k, k % 7).sum()"
    default: "(\(condition(deep - 1)) ? \(value(deep - 1)) : \(value(deep - 1)))"
    }
  }

  private mutating func condition(_ deep: Int = 1) -> String {
    switch below(4) {
    case 0: "c > \(literal())"
    case 1: "pick(\(literal())) > 6 && \(value(0)) >= 0"
    default: "\(value(deep)) > \(literal())"
    }
  }

  private mutating func pureCall() -> String {
    if !calls.isEmpty, once(in: 2) { return pick(calls) }
    var call = "t.calc(n: \(value())" + (once(in: 2) ? ", m: \(value(0)))" : ")")
    if once(in: 3) { call += " with " + pick(["retry(2)", "timeout(5m)", "deadline(\(1 + below(3))h)"]) }
    calls.append(call)
    return call
  }

  // MARK: - Items

  private mutating func item(_ indent: String) {
    switch below(depth < 3 ? 18 : 8) {
    case 0, 1: bind(indent, "let", "k", value())
    case 2, 3, 4: bind(indent, "step", "p", pureCall())
    case 5: bind(indent, "step", letter, "t.act(n: \(value()))" + after())
    case 6: bind(indent, "step", letter, "t.note(n: \(value()))" + after())
    case 7: fail(indent)
    case 8, 9: branch(indent)
    case 10: match(indent)
    case 11, 12, 13: loop(indent)
    case 14: iteration(indent)
    case 15: attempt(indent)
    case 16: lines.append("\(indent)assert \(pick(["c > 3", "\(value(0)) > -1"])), \"no\"")
    default: if depth == 0 { callee(indent) } else { bind(indent, "step", "p", pureCall()) }
    }
  }

  private mutating func after() -> String { once(in: 3) && names.count > 2 ? " after \(names[names.count - 1])" : "" }

  private mutating func bind(_ indent: String, _ keyword: String, _ letter: String, _ what: String) {
    let name = name(letter)
    lines.append("\(indent)\(keyword) \(name) = \(what)")
    names.append(name)
  }

  private mutating func fail(_ indent: String) {
    guard failures > 0 else { return bind(indent, "step", "p", pureCall()) }
    failures -= 1
    bind(indent, "step", "p", "t.calc(n: \(value(0)), m: 666)")
    // A pure step that nobody reads may fail or not.
    lines.append("\(indent)assert \(names[names.count - 1]) > -1, \"no\"")
  }

  /// Items of a block; returns one of the names in it.
  private mutating func block(
    _ indent: String, naming: [String] = [], letter: String? = nil, items: Int = 3
  ) -> String {
    let (outerNames, outerCalls, outerLetter) = (names, calls, self.letter)
    names += naming
    self.letter = letter ?? self.letter
    depth += 1
    for _ in 0..<(1 + below(items)) { item(indent + "  ") }
    depth -= 1
    let last = names[names.count - 1]
    (names, calls, self.letter) = (outerNames, outerCalls, outerLetter)
    return last
  }

  private mutating func branch(_ indent: String) {
    let name = name("k")
    lines.append("\(indent)if \(condition()) {")
    lines.append("\(indent)  let \(name) = \(block(indent))")
    lines.append("\(indent)} else {")
    lines.append("\(indent)  let \(name) = \(block(indent)) + 1")
    lines.append("\(indent)}")
    names.append(name)
  }

  private mutating func match(_ indent: String) {
    let name = name("k")
    lines.append("\(indent)match \(pick(["c", value(1)])) % 3 {")
    lines.append("\(indent)  0 => { step \(name) = \(pureCall()) }")
    lines.append("\(indent)  1 => { step \(name) = \(pureCall()) }")
    lines.append("\(indent)  _ => { let \(name) = \(value(1)) }")
    lines.append("\(indent)}")
    names.append(name)
  }

  private mutating func loop(_ indent: String) {
    let (variable, total, sum) = (name("i"), name("k"), name("k"))
    let survives = once(in: 4)
    let head = survives ? pick(["with on_error(skip)", "collect \(name("e"))"]) : pick(["", "with parallel(2)"])
    let list = pick(["ns", "ns", "ns", "[\(numbers(1))]", "ns.filter(k, k > 3)", "[n, \(value(0))]"])
    lines.append("\(indent)for \(variable) in \(list) \(head) {")
    let last = block(indent, naming: [variable], letter: survives ? "v" : nil)
    lines.append("\(indent)  let \(total) = \(last) + \(variable)")
    lines.append("\(indent)}")
    lines.append("\(indent)let \(sum) = \(total)\(survives ? ".unwrapOpt()" : "").sum() % 1000")
    names.append(sum)
  }

  private mutating func iteration(_ indent: String) {
    let state = name("r")
    lines.append("\(indent)repeat \(state): int = \(value(1)) with max(\(1 + below(3))) {")
    let last = block(indent, naming: [state], items: 2)
    lines.append("\(indent)  next (\(last) + 1) % 1000")
    lines.append("\(indent)}")
    names.append(state)
  }

  private mutating func attempt(_ indent: String) {
    let name = name("k")
    lines += ["\(indent)try {", "\(indent)  assert n > -1, \"no\""]
    let last = block(indent, letter: "u")
    lines.append("\(indent)  let \(name) = \(last)")
    lines.append("\(indent)} catch \(self.name("e")) {")
    let handled = block(indent, items: 2)
    lines.append("\(indent)  let \(name) = \(handled)")
    lines.append("\(indent)}")
    names.append(name)
  }

  private mutating func callee(_ indent: String) {
    let (workflow, name) = (name("sub"), name("k"))
    lines.append("\(indent)step \(name) = \(workflow)(n: \(value(1)))")
    let (outerNames, outerCalls, outerLines) = (names, calls, lines)
    (names, calls, lines) = (["n", "c"], [], [])
    depth = 1
    for _ in 0..<(1 + below(4)) { item("  ") }
    depth = 0
    lines.append("  output (\(names.joined(separator: " + "))) % 1000")
    callees +=
      "workflow \(workflow)(n: int, ns: list<int> = [1, 2]) -> int {\n" + lines.joined(separator: "\n") + "\n}\n"
    (names, calls, lines) = (outerNames + [name], outerCalls, outerLines)
  }
}

import DxshCompiler
import DxshExpressions
import DxshSyntax

/// Expressions: compiled once and evaluated over many elements, beside Google's C++ runtime where Python has it.
extension Bench {
  struct ExpressionCase {
    let name: String
    let text: String
    /// How many elements it goes over; the C++ runtime allows 10,000 in all.
    let elements: Int
  }

  static let expressions = [
    ExpressionCase(name: "arithmetic", text: "xs.all(x, x * 3 + 7 - x % 5 > -1)", elements: 9_000),
    ExpressionCase(name: "fields and comparison", text: "rs.all(r, r.age < 100 && r.name != 'x')", elements: 9_000),
    ExpressionCase(name: "building text", text: "xs.all(x, ('user-' + string(x) + '/x') != '')", elements: 9_000),
    ExpressionCase(
      name: "filter and map of records", text: "rs.filter(r, r.active && r.age > 30).map(r, r.score * 2.0).size() > 0",
      elements: 1_000),
    ExpressionCase(
      name: "policy of 20 conditions", text: "rs.all(r, \(policy))", elements: 9_000),
  ]

  private static let policy =
    ((0..<9).map { "r.age != \(100 + $0)" } + (0..<9).map { "r.id > \(-1 - $0)" } + ["r.name != ''", "r.score >= 0.0"])
    .joined(separator: " && ")

  /// Nanoseconds for each element, the least of several evaluations.
  static func expressionCosts() -> [Double] {
    expressions.map { expression in
      var environment = CELEnvironment()
      environment.variables["xs"] = .init(.list(.int), slot: 0)
      environment.variables["rs"] = .init(.list(.map(.string, .dyn)), slot: 1)
      let frame = Frame(slots: 2, parent: nil)
      frame.values = [.list((0..<expression.elements).map { .int(Int64($0)) }), .list(records(expression.elements))]
      let file = SourceFile(id: FileID(0), name: "bench", text: expression.text)
      let program = Program(compileCEL(file, environment).expression, dialect: .cel)
      let best = Clock.best(of: 30) { _ = try? program.evaluate(in: frame) }
      return best / Double(expression.elements) * 1e9
    }
  }

  private static func records(_ count: Int) -> [Value] {
    (0..<count).map { number in
      let fields: [(String, Value)] = [
        ("name", .text("user\(number)")), ("age", .int(Int64(number % 90))), ("active", .bool(number % 2 == 0)),
        ("score", .double(Double(number) / 2)), ("id", .int(Int64(number))),
      ]
      return .map(MapValue(distinct: fields.map { .init(key: .text($0.0), value: $0.1) }))
    }
  }

  static func evaluate() {
    let own = expressionCosts()
    let peer = PeerExpressions.costs(Files.python, expressions)
    for (number, expression) in expressions.enumerated() {
      print("\(expression.name): \(Int(own[number])) ns per element", terminator: "")
      if let peer {
        print(", Google's C++ runtime \(Int(peer[number])): ", terminator: "")
        print("\((peer[number] / own[number]).oneDigit) times as fast (goal 1)")
      } else {
        print(" (no cel-expr-python to compare with: CEL_PYTHON names a Python that has it)")
      }
    }
    checkThroughput()
  }

  /// Reading, checking and evaluating once, and reading and checking a megabyte of expressions.
  private static func checkThroughput() {
    var environment = CELEnvironment()
    for (name, type) in [("i", Type.int), ("s", .string), ("b", .bool), ("d", .double)] {
      environment.variables[name] = .init(type, slot: environment.variables.count)
    }
    environment.variables["m"] = .init(.map(.string, .int), slot: 4)
    environment.variables["l"] = .init(.list(.string), slot: 5)
    let texts = [
      "i * 3 + 7 - i % 5 > -1 && d < 2.5", "m.age < 100 && s != 'x' || b", "l.filter(x, x.startsWith(s)).size() > i",
      "'user-' + string(i) + '/x'", "l.exists(x, x == s) ? m['a'] : size(l)",
      "timestamp('2024-01-01T00:00:00Z') > timestamp(i)",
    ]
    var files: [SourceFile] = []
    var size = 0
    while size < 1_000_000 {
      let text = texts[files.count % texts.count]
      size += text.utf8.count
      files.append(SourceFile(id: FileID(0), name: "bench", text: text))
    }
    let best = Clock.best(of: 5) {
      var compiler = CELCompiler(environment)
      for file in files { _ = compiler.compile(file) }
    }
    let speed = Double(size) / best / 1e6
    let one = SourceFile(
      id: FileID(0), name: "bench", bytes: [0x5B] + files.map(\.bytes).joined(separator: [0x2C]) + [0x5D])
    let whole = Clock.best(of: 5) { _ = compileCEL(one, environment) }
    print("read and check 1 MB of expressions: \(speed.oneDigit) MB/s one by one, ", terminator: "")
    print("\((Double(one.bytes.count) / whole / 1e6).oneDigit) MB/s as one text (goal 20)", terminator: "")
    let frame = Frame(slots: 6, parent: nil)
    frame.values = [.int(3), .text("x"), .bool(true), .double(1), .map(.empty), .list([.text("x")])]
    let once = Clock.best(of: 20) {
      var compiler = CELCompiler(environment)
      for file in files.prefix(600) {
        _ = try? Program(compiler.compile(file).expression, dialect: .cel).evaluate(in: frame)
      }
    }
    print("; read, check and evaluate one: \((once / 600).microseconds)")
  }
}

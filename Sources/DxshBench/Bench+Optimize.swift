import DxshCompiler
import DxshSyntax

/// Optimizing plans of which every pass finds something to do, by the steps that they have.
extension Bench {
  static func optimizing() {
    var first: Double?
    for count in [1_000, 10_000, 100_000] {
      let file = SourceFile(id: FileID(0), name: "bench.dxsh", text: optimizableText(count))
      guard let plan = compile(file, library: NodeLibrary([:])).plans.first else {
        print("optimize: the workflow has a mistake")
        return
      }
      var notes = 0
      let seconds = Clock.best(of: max(3, 50_000 / count)) {
        notes = optimize(plan).reports.reduce(0) { $0 + $1.notes.count }
      }
      let perStep = seconds / Double(count)
      let growth = (perStep / (first ?? perStep) - 1) * 100
      first = first ?? perStep
      print("optimize, \(count) steps, \(notes) notes: \(perStep.microseconds) per step, ", terminator: "")
      print("\(growth.oneDigit) % more than of 1000 (goal 20)")
    }
  }

  /// Five steps at a time: some alike, one in a branch that is decided, one in a loop that it does not depend on.
  private static func optimizableText(_ count: Int) -> String {
    var lines = [
      "node b.pure(n: int, m: int = 0) -> int effect pure timeout(1m)",
      "node b.act(n: int) -> int effect keyed timeout(1m)",
      "const limit = 7",
      "func twice(n: int) -> int = n * 2",
      "workflow bench(n: int, ns: list<int>) -> int {",
      "  step last0 = b.act(n: n)",
    ]
    for group in 0..<(count / 5) {
      lines += [
        "  let known\(group) = twice(limit) + \(group)",
        "  step a\(group) = b.pure(n: last\(group), m: known\(group))",
        "  step b\(group) = b.pure(n: last\(group), m: known\(group))",
        "  if known\(group) >= 0 {",
        "    step c\(group) = b.pure(n: a\(group) + b\(group))",
        "  } else {",
        "    step c\(group) = b.act(n: \(group))",
        "  }",
        "  for item in ns {",
        "    step d\(group) = b.pure(n: n, m: \(group))",
        "    step e\(group) = b.act(n: d\(group) + item)",
        "  }",
        "  step last\(group + 1) = b.act(n: c\(group) + e\(group).size())",
      ]
    }
    return (lines + ["  output last\(count / 5)", "}", ""]).joined(separator: "\n")
  }
}

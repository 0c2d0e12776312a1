/// A language other than ours that a graph is written in, for its checkers; named by the ending of its files.
enum GraphFormat: String {
  case python = "py"
  case githubActions = "yml"
  case wdl

  /// The graph, as somebody writes it whose linter has no complaint.
  func text(_ shape: Shape, _ count: Int) -> String {
    let graph = shape.dependencies(count)
    let lines =
      switch self {
      case .python: Self.python(graph)
      case .githubActions: Self.githubActions(graph)
      case .wdl: Self.wdl(graph)
      }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Calls in one function, with expressions beside them like those of our file.
  private static func python(_ graph: [[Int]]) -> [String] {
    var lines = ["def echo(value: int) -> int:", "    return value", "", "", "def bench() -> int:"]
    for (step, needed) in graph.enumerated() {
      let names = needed.map { "s\($0)" }
      let value = names.isEmpty ? "0" : names.count == 1 ? names[0] : "sum([\(names.joined(separator: ", "))])"
      lines.append("    s\(step) = echo(value=\(value))")
      if step.isMultiple(of: 4) {
        lines.append("    price\(step) = {\"net\": float(s\(step)), \"rate\": 0.19, \"note\": f\"no. {s\(step)}\"}")
        lines.append("    assert price\(step)[\"net\"] and s\(step) < 1000, f\"{s\(step)} is over 1000\"")
      }
    }
    return lines + ["    return s\(graph.count - 1)", "", "", "bench()"]
  }

  /// Jobs that need each other, each of one command; the graph alone, without expressions.
  private static func githubActions(_ graph: [[Int]]) -> [String] {
    var lines = [
      "name: bench", "on: push", "permissions: {}", "concurrency:", "  group: bench", "  cancel-in-progress: true",
      "jobs:",
    ]
    for (step, needed) in graph.enumerated() {
      lines += ["  s\(step):", "    name: step \(step)", "    runs-on: ubuntu-24.04", "    timeout-minutes: 1"]
      if !needed.isEmpty { lines.append("    needs: [\(needed.map { "s\($0)" }.joined(separator: ", "))]") }
      lines += ["    steps:", "      - run: echo"]
    }
    return lines
  }

  /// Calls of one task that take the outputs of others; the graph alone, without further expressions.
  private static func wdl(_ graph: [[Int]]) -> [String] {
    func list(_ steps: [Int]) -> String { "[\(steps.map { "s\($0).value" }.joined(separator: ", "))]" }
    var lines = [
      "version 1.0", "", "task echo {", "  input { Array[Int] values }", "  command <<< true >>>",
      "  output { Int value = length(values) }", "}", "", "workflow bench {",
    ]
    for (step, needed) in graph.enumerated() {
      lines.append("  call echo as s\(step) { input: values = \(needed.isEmpty ? "[0]" : list(needed)) }")
    }
    return lines + ["  output { Array[Int] last = \(list(Shape.sinks(of: graph))) }", "}"]
  }
}

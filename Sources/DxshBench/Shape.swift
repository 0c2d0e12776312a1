/// The graphs that are measured: a chain, a fan, layers whose steps need some of the layer before, and steps that need
/// nothing.
enum Shape: String {
  case chain, fan, layers, loose

  /// For each step, the earlier steps that it needs.
  func dependencies(_ count: Int) -> [[Int]] {
    switch self {
    case .chain: return (0..<count).map { $0 == 0 ? [] : [$0 - 1] }
    case .loose: return (0..<count).map { _ in [] }
    case .fan: return (0..<count).map { $0 == 0 ? [] : $0 == count - 1 ? Array(1..<(count - 1)) : [0] }
    case .layers:
      let width = max(2, min(100, count / 10))
      var state: UInt64 = 7
      return (0..<count).map { step in
        guard step >= width else { return [] }
        let first = (step / width - 1) * width
        var needed: Set<Int> = []
        for _ in 0..<3 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          needed.insert(first + Int(state >> 33) % width)
        }
        return needed.sorted()
      }
    }
  }

  /// The steps that no other step needs.
  static func sinks(of graph: [[Int]]) -> [Int] {
    var used = [Bool](repeating: false, count: graph.count)
    for needed in graph { for other in needed { used[other] = true } }
    return used.indices.filter { !used[$0] }
  }

  /// A workflow of that many steps that do nothing.
  /// - clause: stands after each step, such as ` with timeout(1s)`
  func workflow(_ count: Int, clause: String = "") -> String {
    let graph = dependencies(count)
    var lines = ["workflow bench() -> int {"]
    for (step, needed) in graph.enumerated() {
      let names = needed.map { "s\($0)" }
      let value = names.isEmpty ? "0" : names.count == 1 ? names[0] : "[\(names.joined(separator: ", "))].sum()"
      lines.append("  step s\(step) = debug.echo(value: \(value))\(clause)")
    }
    let sinks = Self.sinks(of: graph).map { "s\($0)" }
    lines += ["", "  output [\(sinks.joined(separator: ", "))].sum()", "}", ""]
    return lines.joined(separator: "\n")
  }
}

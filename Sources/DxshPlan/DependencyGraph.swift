/// The edges of one scope in both directions, in flat arrays, and orders over them.
///
/// The dependencies must be numbers of nodes.
package struct DependencyGraph: Sendable {
  /// For each node and one past the last, where its successors begin in `successorList`.
  let successorStarts: [Int32]
  let successorList: [Int32]
  /// For each node, how many it depends on.
  package let dependencyCounts: [Int32]
  /// The nodes that depend on nothing, ascending.
  package let roots: [Int32]
  /// The nodes so that each comes after all that it depends on: those that wait for nothing in ascending order, then
  /// in the order in which they become ready. Nodes on or behind a cycle are left out.
  package let order: [Int32]
  private let dependencies: [[Int]]

  package init(_ nodes: [PlanNode]) {
    self.init(dependencies: nodes.map(\.dependencies))
  }

  /// - dependencies: for each node the numbers of those that it depends on
  package init(dependencies: [[Int]]) {
    let nodes = dependencies.indices
    var starts = [Int32](repeating: 0, count: nodes.count + 1)
    var counts = [Int32](repeating: 0, count: nodes.count)
    var roots: [Int32] = []
    for (node, needed) in dependencies.enumerated() {
      counts[node] = Int32(needed.count)
      if needed.isEmpty { roots.append(Int32(node)) }
      for dependency in needed { starts[dependency + 1] += 1 }
    }
    for node in nodes { starts[node + 1] += starts[node] }
    var next = starts
    var list = [Int32](repeating: 0, count: Int(starts[nodes.count]))
    for (node, needed) in dependencies.enumerated() {
      for dependency in needed {
        list[Int(next[dependency])] = Int32(node)
        next[dependency] += 1
      }
    }
    self.dependencies = dependencies
    self.successorStarts = starts
    self.successorList = list
    self.dependencyCounts = counts
    self.roots = roots
    self.order = Self.order(from: roots, counts, starts, list)
  }

  /// A. B. Kahn, "Topological sorting of large networks" (1962).
  private static func order(
    from roots: [Int32], _ counts: [Int32], _ starts: [Int32], _ list: [Int32]
  ) -> [Int32] {
    var waiting = counts
    var order = roots
    order.reserveCapacity(counts.count)
    var position = 0
    while position < order.count {
      let node = Int(order[position])
      position += 1
      for edge in Int(starts[node])..<Int(starts[node + 1]) {
        let target = Int(list[edge])
        waiting[target] -= 1
        if waiting[target] == 0 { order.append(Int32(target)) }
      }
    }
    return order
  }

  /// The nodes that depend on a node, ascending.
  package func successors(of node: Int) -> ArraySlice<Int32> {
    successorList[Int(successorStarts[node])..<Int(successorStarts[node + 1])]
  }

  /// The nodes of a cycle, each before the one that it depends on; nil when there is none.
  package func cycle() -> [Int]? {
    guard order.count < dependencyCounts.count else { return nil }
    var isOrdered = [Bool](repeating: false, count: dependencyCounts.count)
    for node in order { isOrdered[Int(node)] = true }
    guard var node = isOrdered.firstIndex(of: false) else { return nil }
    // Each node that is left waits for another one that is left, so that the walk comes back to where it was.
    var visited: [Int: Int] = [:]
    var walk: [Int] = []
    while visited.updateValue(walk.count, forKey: node) == nil {
      walk.append(node)
      guard let next = dependencies[node].first(where: { !isOrdered[$0] }) else { return nil }
      node = next
    }
    guard let start = walk.firstIndex(of: node) else { return nil }
    return Array(walk[start...])
  }
}

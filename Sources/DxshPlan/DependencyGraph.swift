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
  /// For each node and one past the last, where its dependencies begin in `dependencyList`.
  private let dependencyStarts: [Int32]
  private let dependencyList: [Int32]

  package init(_ nodes: [PlanNode]) {
    // By number: a node would be copied, and what it holds with it.
    self.init(EdgeList(count: nodes.count) { nodes[$0].dependencies })
  }

  /// - dependencies: for each node the numbers of those that it depends on
  package init(dependencies: [[Int]]) {
    self.init(EdgeList(count: dependencies.count) { dependencies[$0] })
  }

  /// The dependencies of nodes, one after the other: read once, since in a large scope each costs a cache miss.
  private struct EdgeList {
    var starts: [Int32] = [0]
    var list: [Int32] = []

    @inline(__always)
    init(count: Int, _ dependencies: (Int) -> [Int]) {
      starts.reserveCapacity(count + 1)
      list.reserveCapacity(count)
      for node in 0..<count {
        for dependency in dependencies(node) { list.append(Int32(dependency)) }
        starts.append(Int32(list.count))
      }
    }
  }

  private init(_ edges: EdgeList) {
    let count = edges.starts.count - 1
    var starts = [Int32](repeating: 0, count: count + 1)
    var counts = [Int32](repeating: 0, count: count)
    var roots: [Int32] = []
    for node in 0..<count {
      counts[node] = edges.starts[node + 1] - edges.starts[node]
      if counts[node] == 0 { roots.append(Int32(node)) }
    }
    for dependency in edges.list { starts[Int(dependency) + 1] += 1 }
    for node in 0..<count { starts[node + 1] += starts[node] }
    var next = starts
    var list = [Int32](repeating: 0, count: edges.list.count)
    for node in 0..<count {
      for edge in Int(edges.starts[node])..<Int(edges.starts[node + 1]) {
        let dependency = Int(edges.list[edge])
        list[Int(next[dependency])] = Int32(node)
        next[dependency] += 1
      }
    }
    self.dependencyStarts = edges.starts
    self.dependencyList = edges.list
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
      let edges = dependencyList[Int(dependencyStarts[node])..<Int(dependencyStarts[node + 1])]
      guard let next = edges.first(where: { !isOrdered[Int($0)] }) else { return nil }
      node = Int(next)
    }
    guard let start = walk.firstIndex(of: node) else { return nil }
    return Array(walk[start...])
  }
}

package import DxshPlan

/// Drops edges that longer paths imply (the transitive reduction), so that running counts fewer of them.
///
/// Exact, hence idempotent, where it is done at all; a scope whose reduction would cost too much stays as it is.
/// Relies on a skipped node being settled only once all its dependencies are. The edge from a guard's condition stays.
package struct ReduceEdges: PlanPass {
  package let name = "reduce edges"
  package let summary = "drops waiting that longer chains of waiting already imply"

  /// How often, on average, an edge may be looked at before a scope is left alone. Each look settles 64 nodes.
  private static let looksPerEdge = 256

  package init() {}

  package func run(_ plan: Plan) -> PassResult {
    var result = PassResult(plan)
    if let body = Self.reduced(plan.body, at: "the workflow", within: "", &result.notes) { result.plan.body = body }
    if let finally = plan.finally, let reduced = Self.reduced(finally, at: "finally", within: "finally/", &result.notes)
    {
      result.plan.finally = reduced
    }
    return result
  }

  /// Nil when the scope and those inside stay as they are.
  private static func reduced(
    _ scope: PlanScope, at place: String, within prefix: String, _ notes: inout [String]
  ) -> PlanScope? {
    var result: PlanScope?
    if let (nodes, dropped) = EdgeReduction(scope.nodes, looksPerEdge: looksPerEdge).run() {
      result = scope
      result?.nodes = nodes
      notes.append("\(place): \(dropped == 1 ? "one edge" : "\(dropped) edges") dropped")
    }
    for index in scope.nodes.indices where scope.nodes[index].kind.hasScopes {
      let node = scope.nodes[index]
      let before = node.kind.scopes
      let path = prefix + node.path
      let after = before.map { reduced($0, at: path, within: "\(path)/", &notes) }
      guard after.contains(where: { $0 != nil }) else { continue }
      if result == nil { result = scope }
      result?.nodes[index].kind = node.kind.replacing(scopes: zip(after, before).map { $0 ?? $1 })
    }
    return result
  }
}

/// Finds the redundant edges of one scope: those from a node to one that another of its successors also reaches.
///
/// Nodes are known by their places in a topological order. 64 sources at a time, neighbours in that order, are carried
/// forward as the bits of a word, from the first of them to the last node that one of their edges may be dropped at.
private struct EdgeReduction {
  private let nodes: [PlanNode]
  private let looksPerEdge: Int
  /// For each place, the node.
  private let order: [Int32]
  /// For each place and one past the last, where its dependencies begin in `dependencies`.
  private var starts: [Int] = [0]
  /// Places; with `isPinned`, whether the edge stays because it is a guard's.
  private var dependencies: [(place: Int, isPinned: Bool)] = []

  init(_ nodes: [PlanNode], looksPerEdge: Int) {
    self.nodes = nodes
    self.looksPerEdge = looksPerEdge
    order = DependencyGraph(nodes).order
    var places = [Int](repeating: 0, count: nodes.count)
    for (place, node) in order.enumerated() { places[Int(node)] = place }
    starts.reserveCapacity(nodes.count + 1)
    for number in order {
      let condition = nodes[Int(number)].guardedBy?.condition
      for dependency in nodes[Int(number)].dependencies {
        dependencies.append((places[dependency], dependency == condition))
      }
      starts.append(dependencies.count)
    }
  }

  /// The nodes without redundant edges and how many those were; nil when none is dropped.
  func run() -> (nodes: [PlanNode], dropped: Int)? {
    let blocks = blocks()
    let cost = blocks.reduce(0) { $0 + starts[$1.end + 1] - starts[$1.sources[0]] }
    guard !blocks.isEmpty, cost <= looksPerEdge * dependencies.count else { return nil }
    var isRedundant = [Bool](repeating: false, count: dependencies.count)
    var scratch = Scratch(count: nodes.count)
    for block in blocks { find(in: block, &scratch, &isRedundant) }
    return without(isRedundant)
  }

  /// Up to 64 sources, and how far they are to be followed.
  private struct Block {
    var sources: [Int] = []
    /// The last place at which an edge of a source ends that may be dropped.
    var end = 0
  }

  /// Words for each place, used by one block after the other.
  private struct Scratch {
    /// The source's own bit.
    var bits: [UInt64]
    /// Which sources are before it.
    var before: [UInt64]

    init(count: Int) {
      bits = [UInt64](repeating: 0, count: count)
      before = bits
    }
  }

  /// An edge may be redundant when its target has a dependency further on, and its source another successor.
  private func blocks() -> [Block] {
    var successors = [Int](repeating: 0, count: nodes.count)
    for edge in dependencies { successors[edge.place] += 1 }
    /// For each source of such an edge, the place of its furthest target.
    var ends = [Int](repeating: -1, count: nodes.count)
    for place in nodes.indices where starts[place + 1] - starts[place] > 1 {
      let edges = dependencies[starts[place]..<starts[place + 1]]
      let latest = edges.reduce(0) { max($0, $1.place) }
      for edge in edges where edge.place != latest && !edge.isPinned && successors[edge.place] > 1 {
        ends[edge.place] = place
      }
    }
    var blocks: [Block] = []
    for place in nodes.indices where ends[place] >= 0 {
      if blocks.last.map({ $0.sources.count == 64 }) ?? true { blocks.append(Block()) }
      blocks[blocks.count - 1].sources.append(place)
      blocks[blocks.count - 1].end = max(blocks[blocks.count - 1].end, ends[place])
    }
    return blocks
  }

  private func find(in block: Block, _ scratch: inout Scratch, _ isRedundant: inout [Bool]) {
    let start = block.sources[0]
    for (index, source) in block.sources.enumerated() { scratch.bits[source] = 1 << UInt64(index) }
    for place in start...block.end {
      var direct: UInt64 = 0
      var implied: UInt64 = 0
      for edge in starts[place]..<starts[place + 1] where dependencies[edge].place >= start {
        direct |= scratch.bits[dependencies[edge].place]
        implied |= scratch.before[dependencies[edge].place]
      }
      scratch.before[place] = direct | implied
      guard direct & implied != 0 else { continue }
      for edge in starts[place]..<starts[place + 1] where !dependencies[edge].isPinned {
        if implied & scratch.bits[dependencies[edge].place] != 0 { isRedundant[edge] = true }
      }
    }
    for source in block.sources { scratch.bits[source] = 0 }
  }

  private func without(_ isRedundant: [Bool]) -> (nodes: [PlanNode], dropped: Int)? {
    var result = nodes
    var dropped = 0
    for place in nodes.indices {
      let edges = starts[place]..<starts[place + 1]
      let redundant = edges.lazy.filter { isRedundant[$0] }.count
      guard redundant > 0 else { continue }
      dropped += redundant
      let kept = edges.lazy.filter { !isRedundant[$0] }.map { Int(order[dependencies[$0].place]) }
      result[Int(order[place])].dependencies = kept.sorted()
    }
    return dropped > 0 ? (result, dropped) : nil
  }
}

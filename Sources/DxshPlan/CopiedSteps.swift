import DxshExpressions

/// Where the results of pure steps come from in a plan that makes fewer of them than the one that a journal was
/// recorded under: steps that are copies of others' results there, and steps that were moved out of loops.
package struct CopiedSteps: Sendable {
  private struct Source {
    let path: String
    /// How many loops it stands in.
    let depth: Int
  }

  /// For each workflow, by the paths of values that are copies.
  private var sources: [[String: Source]]

  package init(_ plan: Plan) {
    sources = []
    for scopes in [(plan.body, plan.finally)] + plan.callees.map({ ($0.body, $0.finally) }) {
      sources.append([:])
      add(scopes.0, [], depth: 0)
      if let finally = scopes.1 { add(finally, [Frame(scopes.0, depth: 0)], depth: 0) }
    }
  }

  private struct Frame {
    let depth: Int
    /// By the slots that they fill: pure steps, and values that are copies themselves.
    var fillers: [Int: String] = [:]

    init(_ scope: PlanScope, depth: Int) {
      self.depth = depth
      for node in scope.nodes {
        switch node.kind {
        case .call(let call): if call.effect == .pure, let slot = call.slot { fillers[slot] = node.path }
        case .value(let slot, .binding): fillers[slot] = node.path
        default: break
        }
      }
    }
  }

  private mutating func add(_ scope: PlanScope, _ around: [Frame], depth: Int) {
    let frames = around + [Frame(scope, depth: depth)]
    for node in scope.nodes {
      if case .value(_, .binding(let outwards, let slot)) = node.kind, outwards < frames.count {
        let frame = frames[frames.count - 1 - outwards]
        if let path = frame.fillers[slot] {
          sources[sources.count - 1][node.path] = Source(path: path, depth: frame.depth)
        }
      }
      switch node.kind {
      case .loop(let loop): add(loop.body, frames, depth: depth + 1)
      case .iteration(let iteration): add(iteration.body, frames, depth: depth + 1)
      case .attempt(let attempt):
        add(attempt.body, frames, depth: depth)
        add(attempt.handler, frames + [Frame(attempt.body, depth: depth)], depth: depth)
      case .value, .call, .condition, .assertion, .failure, .invocation, .wait, .output, .barrier: break
      }
    }
  }

  /// The path of the pure step whose result a pure step's is in this plan, where the step itself was made when the
  /// journal was recorded; nil when there is none.
  package func source(of path: String, in paths: PlanPaths) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let last = parts.last.map(PlanPaths.Part.init), last.ending.isEmpty else { return nil }
    var workflow = 0
    for part in parts.dropLast() {
      guard case .invocation(let invocation)? = paths[workflow, PlanPaths.Part(part).place]?.kind else { return nil }
      workflow = invocation.callee + 1
    }
    var source = Source(path: last.place, depth: last.depth)
    if case .call? = paths[workflow, last.place]?.kind, let depth = paths[workflow, last.place]?.depth {
      source = Source(path: last.place, depth: depth)
    }
    // A copy's source may be a copy.
    for _ in 0..<sources[workflow].count {
      guard let next = sources[workflow][source.path] else { break }
      source = next
    }
    guard source.depth <= last.depth, source.path != last.place || source.depth < last.depth else { return nil }
    var end = last.indices.startIndex
    for _ in 0..<source.depth {
      end = last.indices[end...].firstIndex(of: "]").map(last.indices.index(after:)) ?? last.indices.endIndex
    }
    return (parts.dropLast() + [source.path[...] + last.indices[..<end]]).joined(separator: "/")
  }
}

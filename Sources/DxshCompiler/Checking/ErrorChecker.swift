import DxshSyntax

/// Checks which kinds of failure a workflow declares: each once, and something ends with it.
struct ErrorChecker {
  let session: CheckSession
  let workflow: WorkflowDeclaration

  /// The kinds that a `fail` may give.
  func declared() -> Set<String> {
    var first: [String: SourceRange] = [:]
    for kind in workflow.errors where !kind.isMissing {
      if let known = first.updateValue(kind.range, forKey: kind.text) {
        session.report(.duplicate("the error kind", kind, first: known))
      }
    }
    return Set(first.keys).union(ErrorKinds.ofEngine)
  }

  /// - thrown: what the workflow ends with, or its handlers take
  func checkUse(_ thrown: ErrorKinds) {
    if workflow.errors.isEmpty { return }
    let failing = Set(workflow.body.failureKinds + (workflow.finally?.failureKinds ?? []))
    for kind in workflow.errors where !failing.contains(kind.text) && !thrown.contains(kind.text) {
      session.report(.unusedError(kind, of: workflow))
    }
  }
}

extension Block {
  /// Those of all `fail`s in it.
  fileprivate var failureKinds: [String] {
    items.flatMap { item -> [String] in
      if case .failure(let item) = item { return item.kind.map { [$0.text] } ?? [] }
      return item.blocks.flatMap(\.failureKinds)
    }
  }
}

package import DxshExpressions
package import DxshPlan

extension Plan {
  /// The names and types of the signals that its waits, and those of the workflows it calls, are for.
  package var signals: [(name: Expression, type: Type)] {
    var scopes = [body] + callees.map(\.body)
    var found: [(Expression, Type)] = []
    while let scope = scopes.popLast() {
      for node in scope.nodes {
        scopes += node.kind.scopes
        guard case .wait(let wait) = node.kind else { continue }
        for alternative in wait.alternatives {
          if case .signal(let name, _, let type) = alternative.source { found.append((name, type)) }
        }
      }
    }
    return found
  }

  /// What a signal of a name brings, where one wait alone says so.
  func type(ofSignal name: String) -> Type? {
    let types = signals.compactMap { signal -> Type? in
      guard case .constant(let constant) = signal.name, case .string(let text) = constant.value else { return nil }
      return text.string == name ? signal.type : nil
    }
    return types.count == 1 ? types[0] : nil
  }
}

import DxshExpressions

extension PlanCall {
  /// The scope that a compensation runs in, alone: its values have been computed and stand in its slots.
  package var compensationScope: PlanScope {
    var call = self
    for index in arguments.indices { call.arguments[index].value = .binding(depth: 0, slot: index) }
    return PlanScope(
      slots: arguments.map { .init(name: $0.name, type: .json) },
      nodes: [PlanNode(path: Plan.compensationName, kind: .call(call), guardedBy: nil, dependencies: [])])
  }
}

extension Plan {
  /// What follows the path of a step, after an `@`, in that of its compensation: `reserve[3]@compensate`.
  package static let compensationName = "compensate"

  /// What follows the path of a step that calls a workflow, after an `@`, in that of the wait before it is gone on
  /// with: `load@retry`.
  package static let retryName = "retry"

  /// The path of what undoes the step of a path.
  package static func compensationPath(of path: String) -> String { "\(path)@\(compensationName)" }

  /// The path of the step that a compensation undoes; nil when the path is that of no compensation.
  package static func undone(by path: String) -> String? {
    path.hasSuffix("@\(compensationName)") ? String(path.dropLast(compensationName.count + 1)) : nil
  }
}

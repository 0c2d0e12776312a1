import DxshPlan

/// Where in a plan a scope stands, for people.
struct PlanPlace {
  /// What the paths of its nodes begin with: `for(1)/`.
  private(set) var prefix = ""
  /// How often what stands there is done: `in each run`.
  private(set) var often = "in each run"

  static let finally = PlanPlace(prefix: "finally/", often: "in each run")

  /// The place of a scope inside a node.
  func inside(_ node: PlanNode) -> PlanPlace {
    let often =
      switch node.kind {
      case .loop: "for each item of \(prefix)\(node.path)"
      case .iteration: "in each round of \(prefix)\(node.path)"
      case .value, .call, .condition, .assertion, .failure, .attempt, .invocation, .wait, .output, .barrier: often
      }
    return PlanPlace(prefix: "\(prefix)\(node.path)/", often: often)
  }

  func path(of node: PlanNode) -> String { prefix + node.path }
}

/// A plan that cannot be run or read: a bug of ours, or somebody changed what was stored.
package struct PlanError: Error, Hashable, Sendable {
  /// One sentence without a full stop.
  package var message: String
  /// Where in the plan, as a JSON pointer (RFC 6901) into its JSON form: `/body/nodes/3/call/timeout`; empty for
  /// the whole plan.
  package var path: String

  package init(_ message: String, path: String = "") {
    self.message = message
    self.path = path
  }

  /// The same error, seen from further out.
  func within(_ outer: String) -> PlanError { PlanError(message, path: outer + path) }
}

extension PlanError: CustomStringConvertible {
  package var description: String { path.isEmpty ? message : "\(path): \(message)" }
}

extension PlanError {
  /// Nodes of a scope that wait for each other.
  init(_ cycle: [Int], in scope: PlanScope, path: String) {
    var names = cycle.prefix(10).map { "`\(scope.nodes[$0].path)`" }
    if cycle.count > names.count { names.append("\(cycle.count - names.count) more") }
    let others = names.dropFirst().joined(separator: ", ")
    let message = "the node \(names[0]) waits for itself" + (others.isEmpty ? "" : " by way of \(others)")
    self.init(message, path: "\(path)/nodes/\(cycle[0])/after")
  }
}

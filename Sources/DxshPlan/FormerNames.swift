/// What a workflow and its steps were called in earlier versions of their file (`was`, rule 22).
///
/// No part of a plan: a run needs it only once, when it moves to another plan.
package struct FormerNames: Sendable, Hashable {
  /// What the workflow was called; nil when it says nothing.
  package var workflow: String?
  /// The names that its steps and waits have now, by those that they had.
  package var current: [String: String]
  /// The same of the workflows that it calls, by their numbers in its plan.
  package var ofCallees: [[String: String]]

  package init(workflow: String? = nil, current: [String: String] = [:], ofCallees: [[String: String]] = []) {
    self.workflow = workflow
    self.current = current
    self.ofCallees = ofCallees
  }
}

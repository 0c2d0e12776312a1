import DxshPlan
import DxshRuntime
import DxshSyntax

/// The steps that a run's journal speaks of, by the names that a command line gives.
struct KnownSteps {
  private let paths: [String]
  private let run: String
  private let state: StateOptions

  init(_ history: RunHistory, _ plan: Plan, of run: String, _ state: StateOptions) {
    paths = history.steps(of: plan, isClaimed: false).map(\.path)
    self.run = run
    self.state = state
  }

  /// The step, its iterations, and what it calls.
  func within(_ name: String) throws(CallFailure) -> [String] {
    let found = paths.filter { Self.isWithin($0, name) }
    if found.isEmpty { throw unknown(name) }
    return found
  }

  /// Throws where the journal does not speak of the step itself.
  func check(_ name: String) throws(CallFailure) {
    if !paths.contains(name) { throw unknown(name) }
  }

  func unknown(_ name: String) -> CallFailure {
    let meant = Spelling.nearest(to: name, among: paths).map { "; did you mean \($0)?" } ?? ";"
    return CallFailure(
      "the run \(run) has no step \(name) so far\(meant) `dxsh runs show \(run)\(state.given)` lists them")
  }

  /// Whether a path is the step's, one of its iterations', or of what it calls.
  static func isWithin(_ path: String, _ name: String) -> Bool {
    path == name || ["[", "/", "@"].contains { path.hasPrefix(name + $0) }
  }
}

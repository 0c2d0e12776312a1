import DxshRuntime
import Synchronization

/// The workflows of the runs that are under way in this process, by the runs' identifiers.
final class WorkflowNames: Sendable {
  private let names = Mutex<[String: String]>([:])

  subscript(run: String) -> String? { names.withLock { $0[run] } }

  func note(_ run: RunSummary) { names.withLock { $0[run.id] = run.workflow } }

  func forget(_ run: String) { names.withLock { _ = $0.removeValue(forKey: run) } }
}

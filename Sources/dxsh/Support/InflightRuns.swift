import DxshCompiler
import DxshPlan
import DxshRuntime
import DxshTime

/// The open runs of a store that were started with other versions of the workflows of a file, and what becomes of each
/// when it goes on with the version that the file has now.
struct InflightRuns {
  struct Run {
    var stored: StoredRun
    /// The plan of the file.
    var plan: Plan
    /// Of the run's plan to that one.
    var names: FormerNames
  }

  let store: any RunStore
  let runs: [Run]
  private let hashes: [String: String]

  /// The hash of the plan that the file has of a workflow, by its name or its former one; nil where it has none.
  func planHash(of workflow: String) -> String? { hashes[workflow] }

  /// - compilation: of the file, without errors
  /// - only: identifiers of runs; nil for all
  init(of compilation: Compilation, in store: any RunStore, only: Set<String>? = nil) async throws(CallFailure) {
    self.store = store
    var byName: [String: (plan: Plan, names: FormerNames)] = [:]
    for workflow in compilation.workflows {
      guard let plan = compilation.plan(of: workflow), let names = compilation.formerNames(of: workflow) else {
        continue
      }
      byName[workflow] = (plan, names)
      if let former = names.workflow, byName[former] == nil { byName[former] = (plan, names) }
    }
    var runs: [Run] = []
    do throws(RunStoreError) {
      for summary in try await store.openRuns() {
        guard let (plan, names) = byName[summary.workflow], only?.contains(summary.id) ?? true else { continue }
        let stored = try await store.run(summary.id)
        if stored.planHash != plan.hash { runs.append(Run(stored: stored, plan: plan, names: names)) }
      }
    } catch {
      throw CallFailure(error.message)
    }
    self.runs = runs
    hashes = byName.mapValues(\.plan.hash)
  }

  /// What becomes of a run; a failure where that cannot be said.
  func change(of run: Run) async throws(CallFailure) -> RunChange {
    do throws(RunStoreError) {
      return try await move(of: run).change(in: store)
    } catch {
      throw CallFailure("the run \(run.stored.summary.id): \(error.message)")
    }
  }

  /// Gives a run its new plan; nil when another process has the run.
  func move(_ run: Run) async throws(CallFailure) -> RunChange? {
    do throws(RunStoreError) {
      return try await move(of: run).carryOut(in: store, clock: SystemClock())
    } catch {
      throw CallFailure("the run \(run.stored.summary.id): \(error.message)")
    }
  }

  private func move(of run: Run) -> RunMove {
    RunMove(of: run.stored.summary.id, to: run.plan, run.names, Inspection.surroundings)
  }
}

extension RunChange {
  /// For people.
  var words: String {
    guard let first = findings.first else {
      return kept == 0
        ? "nothing is done yet" : kept == 1 ? "1 step keeps its result" : "\(kept) steps keep their results"
    }
    let rest = findings.count == 1 ? "" : " (and \(findings.count - 1) more)"
    return first.message + rest
  }
}

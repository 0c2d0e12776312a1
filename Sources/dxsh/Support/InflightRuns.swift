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
    let id = run.stored.summary.id
    do throws(RunStoreError) {
      let old = try run.stored.decodedPlan()
      let history = try RunHistory(try await store.journal(of: id))
      return try await Self.change(of: history, id, from: old, to: run, in: store)
    } catch {
      throw CallFailure("the run \(id): \(error.message)")
    }
  }

  private static func change(
    of history: RunHistory, _ id: String, from old: Plan, to run: Run, in store: any RunStore
  ) async throws(RunStoreError) -> RunChange {
    let pending = try await store.messages(to: id, after: history.seen).map(\.message)
    let surroundings = RunChange.Surroundings(
      inspect: { plan, history throws(HostFailure) in
        try await Inspection.surroundings.inspect(plan, history, id)
      },
      readsResult: Inspection.surroundings.readsResult)
    do throws(HostFailure) {
      return try await RunChange.of(history, pending: pending, from: old, to: run.plan, run.names, surroundings)
    } catch {
      throw RunStoreError(.damaged, error.message)
    }
  }

  /// Gives a run its new plan; nil when another process has the run.
  func move(_ run: Run) async throws(CallFailure) -> RunChange? {
    let id = run.stored.summary.id
    do throws(RunStoreError) {
      guard let claim = try await store.claim(id) else { return nil }
      defer { withExtendedLifetime(claim) {} }
      var current = run
      current.stored = try await store.run(id)
      if current.stored.summary.status.isFinal { throw .hasEnded(id, current.stored.summary.status) }
      let history = try RunHistory(try await store.journal(of: id))
      let old = try current.stored.decodedPlan()
      let change = try await Self.change(of: history, id, from: old, to: current, in: store)
      guard change.verdict == .compatible else { return change }
      let event = change.event(at: SystemClock().now())
      let batch = JournalBatch(
        number: history.nextBatch, [event], plan: EncodedPlan(run.plan))
      // One that is paused stays so; any other is to look at once what it has to do now.
      let status = current.stored.summary.status
      let state = RunState(status, at: event.at, dueAt: status == .paused ? nil : .epoch, seen: history.seen)
      try await store.append(batch, to: id, state)
      return change
    } catch {
      throw CallFailure("the run \(id): \(error.message)")
    }
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

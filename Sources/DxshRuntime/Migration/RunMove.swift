package import DxshPlan
import DxshTime

/// An open run and the plan that it is to go on with: what whoever moves runs has in common.
package struct RunMove: Sendable {
  /// The run's identifier.
  package var run: String
  /// The new plan.
  package var plan: Plan
  /// Of the run's plan to the new one.
  package var names: FormerNames
  private let surroundings: RunInspection.Surroundings

  package init(of run: String, to plan: Plan, _ names: FormerNames, _ surroundings: RunInspection.Surroundings) {
    self.run = run
    self.plan = plan
    self.names = names
    self.surroundings = surroundings
  }

  /// What would become of the run. Throws when the store fails or the run is damaged, and why it cannot be said how the
  /// run stands.
  package func change(in store: any RunStore) async throws(RunStoreError) -> RunChange {
    let stored = try await store.run(run)
    return try await change(of: stored, try RunHistory(try await store.journal(of: run)), in: store)
  }

  /// Gives the run its new plan, in one batch, unless something stands against it; nil when another process has the
  /// run. Throws as `change` does, and `.ended` when the run has ended.
  package func carryOut(in store: any RunStore, clock: any RunClock) async throws(RunStoreError) -> RunChange? {
    guard let claim = try await store.claim(run) else { return nil }
    defer { withExtendedLifetime(claim) {} }
    let stored = try await store.run(run)
    let status = stored.summary.status
    if status.isFinal { throw .hasEnded(run, status) }
    let history = try RunHistory(try await store.journal(of: run))
    let change = try await change(of: stored, history, in: store)
    guard change.verdict == .compatible else { return change }
    let event = change.event(at: clock.now())
    // One that is paused stays so; any other is to look at once what it has to do now.
    let state = RunState(status, at: event.at, dueAt: status == .paused ? nil : .epoch, seen: history.seen)
    try await store.append(
      JournalBatch(number: history.nextBatch, [event], plan: EncodedPlan(plan)), to: run, state)
    return change
  }

  private func change(
    of stored: StoredRun, _ history: RunHistory, in store: any RunStore
  ) async throws(RunStoreError) -> RunChange {
    let old = try stored.decodedPlan()
    let pending = try await store.messages(to: run, after: history.seen).map(\.message)
    let (run, inspect) = (run, surroundings.inspect)
    do throws(HostFailure) {
      return try await RunChange.of(
        history, pending: pending, from: old, to: plan, names,
        RunChange.Surroundings(
          inspect: { plan, history throws(HostFailure) in try await inspect(plan, history, run) },
          readsResult: surroundings.readsResult))
    } catch {
      throw RunStoreError(.damaged, error.message)
    }
  }
}

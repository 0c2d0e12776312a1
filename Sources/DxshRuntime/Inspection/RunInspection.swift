package import DxshPlan
import DxshTime

/// All that can be said of a run of a store without going on with it.
package struct RunInspection: Sendable {
  package let run: RunSummary
  package let plan: Plan
  package let history: RunHistory
  /// As the journal has them.
  package let steps: [StepRecord]
  /// What it was told and has not taken in.
  package let messages: [NumberedMessage]
  package let owner: RunOwner?
  /// What all runs of the store have of what they share, or wait for; empty once the run has ended.
  package let seats: [Seat]
  package let breakers: [NamedBreaker]
  /// Nil where the journal could not be folded over the plan; `obstacle` then says why.
  package let situation: RunSituation?
  /// Why it cannot be gone on with here, in one sentence.
  package let obstacle: String?

  /// Whether the workflow uses the result of the step of a path.
  let readsResult: @Sendable (String) -> Bool

  /// What a program must have to say more of a plan than its journal does.
  package struct Surroundings: Sendable {
    /// How a run stands by its journal; throws why that cannot be said, in one sentence.
    package var inspect: @Sendable (Plan, RunHistory, _ run: String) async throws(HostFailure) -> RunSituation
    /// Why a plan cannot be carried out here, in one sentence; nil when it can.
    package var obstacle: @Sendable (Plan) -> String?
    package var readsResult: @Sendable (Plan, _ path: String) -> Bool

    package init(
      inspect: @escaping @Sendable (Plan, RunHistory, _ run: String) async throws(HostFailure) -> RunSituation,
      obstacle: @escaping @Sendable (Plan) -> String?,
      readsResult: @escaping @Sendable (Plan, _ path: String) -> Bool
    ) {
      self.inspect = inspect
      self.obstacle = obstacle
      self.readsResult = readsResult
    }
  }

  /// Reads all that there is of a run. Throws when the store fails, or when the run's journal or plan is damaged.
  package init(
    _ stored: StoredRun, in store: any RunStore, _ surroundings: Surroundings
  ) async throws(RunStoreError) {
    let id = stored.summary.id
    let plan = try stored.decodedPlan()
    self.plan = plan
    readsResult = { surroundings.readsResult(plan, $0) }
    // The owner first: one that takes the run later has at most added to what is read then.
    owner = try await store.owner(of: id)
    history = try RunHistory(try await store.journal(of: id))
    run = try await store.run(id).summary
    steps = history.steps(of: plan, isClaimed: run.isClaimed)
    messages = history.outcome == nil ? try await store.messages(to: id, after: history.seen) : []
    (seats, breakers) =
      history.outcome == nil ? (try await store.limits.seats(), try await store.limits.breakers()) : ([], [])
    do throws(HostFailure) {
      situation = try await surroundings.inspect(plan, history, id)
      obstacle = history.outcome == nil ? surroundings.obstacle(plan) : nil
    } catch {
      situation = nil
      obstacle = error.message
    }
  }

  /// Since when somebody has been at it, or was at last.
  var takenUpAt: Timestamp {
    let last = history.events.last { event in
      switch event.kind {
      case .started, .resumed: true
      default: false
      }
    }
    return (last ?? history.events[0]).at
  }

  /// When the last attempt of each step that has begun began, by the steps' paths.
  var attemptStarts: [String: Timestamp] {
    var starts: [String: Timestamp] = [:]
    for event in history.events {
      if case .attemptStarted = event.kind { starts[event.path] = event.at }
    }
    return starts
  }
}

import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTime

/// Looks at runs as this program would go on with them, without doing so.
enum Inspection {
  static func of(_ run: StoredRun, in store: any RunStore) async throws(CallFailure) -> RunInspection {
    do {
      return try await RunInspection(run, in: store, surroundings)
    } catch {
      throw CallFailure("the run \(run.summary.id): \(error.message)")
    }
  }

  static let surroundings = RunInspection.Surroundings(
    inspect: { plan, history, run throws(HostFailure) in try await inspect(plan, history, run) },
    obstacle: { plan in
      do throws(CallFailure) {
        _ = try RunnablePlan(plan)
        return nil
      } catch {
        return error.message
      }
    },
    readsResult: { plan, path in plan.readsResult(of: path) })

  /// The store that the fold never asks for anything.
  private static let nowhere = InMemoryRunStore()

  private static func inspect(
    _ plan: Plan, _ history: RunHistory, _ run: String
  ) async throws(HostFailure) -> RunSituation {
    let bound: BoundPlan
    do {
      bound = try BoundPlan(try optimize(plan).plan.validated(), registry: Composition.nodes)
    } catch let failure as RunFailure {
      throw HostFailure("the step \(failure.path): \(failure.message)")
    } catch {
      throw HostFailure("its plan is not valid: \(error)")
    }
    // To look, nobody needs the secrets: where they are not there, other values of their types stand for them.
    let secrets = (try? Secrets.values(for: plan)) ?? Secrets.standIns(for: plan)
    let clock = SystemClock()
    let engine = Engine(
      bound, history: history, secrets: secrets, runID: run,
      context: NodeContext(
        clock: clock, directory: "/", environment: [:], artifacts: nowhere.artifacts, log: { _ in }),
      store: nowhere)
    do {
      return try await engine.inspect()
    } catch {
      throw HostFailure(error.message)
    }
  }
}

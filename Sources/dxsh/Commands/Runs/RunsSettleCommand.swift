import ArgumentParser
import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTime

/// `dxsh runs settle RUN STEP done|retry|fail`
struct RunsSettleCommand: AsyncParsableCommand {
  enum Decision: String, ExpressibleByArgument, CaseIterable { case done, retry, fail }

  static let configuration = CommandConfiguration(
    commandName: "settle",
    abstract: "Decides about a step of which nobody knows whether it took place, and goes on with the run.",
    discussion: """
      done says that it took place, retry that it is to be tried (again), fail that it failed. Where the workflow uses \
      the step's result, done needs --result. Exit codes as of `dxsh exec`; 4 while other steps are to be settled.

      EXAMPLES
        dxsh runs settle 8k2v pay done
        dxsh runs settle 8k2v 'orders[3]' done --result '{"id": 17}'
        dxsh runs settle 8k2v pay retry
        dxsh runs settle 8k2v pay fail --reason "the bank refused it" --no-resume
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @ArgumentParser.Argument(help: "The step, as `dxsh runs show` names it.")
  var step: String

  @ArgumentParser.Argument(help: "done, retry or fail.")
  var decision: Decision

  @Option(help: ArgumentHelp("What the step gave, with done.", valueName: "JSON"))
  var result: String?

  @Option(help: ArgumentHelp("Why, with fail.", valueName: "text"))
  var reason: String?

  @Flag(inversion: .prefixedNo, help: "Go on with the run.")
  var resume = true

  @OptionGroup var options: RunOutputOptions

  func validate() throws {
    if result != nil, decision != .done { throw ValidationError("--result goes with done") }
    if reason?.isEmpty == true { throw ValidationError("--reason takes a text that is not empty") }
    if reason != nil, decision != .fail { throw ValidationError("--reason goes with fail") }
  }

  func run() async throws {
    let store = try options.state.existingStore()
    let session = try await RunSession.opening(try await store.find(run), in: store, options)
    let settlement = try settlement(in: session)
    let runnable = try RunnablePlan(session.plan)
    try await check(session, runnable)
    let event = RecordedEvent(path: step, kind: .settled(settlement), at: SystemClock().now())
    let batch = JournalBatch(number: session.history.nextBatch, [event])
    do {
      let state = RunState(.running, at: event.at, dueAt: .epoch, seen: session.history.seen)
      try await store.append(batch, to: session.id, state)
    } catch {
      throw CallFailure(error.message)
    }
    if resume { return try await session.adding([event]).carryOut(runnable) }
    try RunReport(session.id, in: store, options).standing(.running)
  }

  /// Throws when the run does not wait for the step to be settled, as what the step belongs to has ended.
  private func check(_ session: RunSession, _ runnable: RunnablePlan) async throws {
    do {
      guard try await !session.engine(runnable).stepsToSettle().contains(step) else { return }
    } catch {
      throw CallFailure("the run \(session.id): \(error.message)")
    }
    throw CallFailure(
      "nothing in the run \(session.id) waits for \(step) any more: what it belongs to has ended without it")
  }

  private func settlement(in session: RunSession) throws(CallFailure) -> Settlement {
    let steps = session.history.steps(of: session.plan, isClaimed: false)
    guard let record = steps.first(where: { $0.path == step }), let call = session.plan.call(at: step) else {
      throw KnownSteps(session.history, session.plan, of: session.id, options.state).unknown(step)
    }
    guard session.history.outcome == nil else { throw CallFailure("the run \(session.id) has ended") }
    guard record.needsDecision else {
      throw CallFailure("the step \(step) needs no decision: it is \(record.status.rawValue)")
    }
    switch decision {
    case .retry: return .retry
    case .fail: return .fail(message: reason ?? "settled by hand as failed")
    case .done: return .done(try value(of: call, in: session))
    }
  }

  private func value(of call: PlanCall, in session: RunSession) throws(CallFailure) -> Value {
    guard let result else {
      guard !session.plan.readsResult(of: step) else {
        throw CallFailure("the workflow uses the result of \(step): give it with --result, as JSON of \(call.result)")
      }
      return .none
    }
    do {
      return try JSONReader.read(Array(result.utf8)).decoded(as: call.result)
    } catch let error as JSONError {
      throw CallFailure("--result: malformed JSON at column \(error.column): \(error.message)")
    } catch let error as DecodingError {
      throw CallFailure("--result\(error.message.first == ":" ? "" : ": ")\(error.message)")
    } catch {
      throw CallFailure("--result: \(error)")
    }
  }
}

import ArgumentParser
import DxshRuntime
import DxshTime

/// `dxsh runs retry RUN`
struct RunsRetryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Reopens a run that failed, was rejected or cancelled, and goes on with it.",
    discussion: """
      It goes on before its failure: what is done stays done, and failures that the workflow handled stay handled. The \
      step that failed, what was cut off, what was undone with all that was computed from it, and `finally` are made \
      again. It keeps its identifier, and its steps keep the keys that they give to others, but for those that were \
      undone.

      A step that is `once` and took place is not made again unless `--repeating` names it. Exit codes as of `dxsh \
      exec`.

      EXAMPLES
        dxsh runs retry 8k2v
        dxsh runs retry 8k2v --from prices --from 'orders[3]'
        dxsh runs retry 8k2v --repeating cleanup
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(
    help: ArgumentHelp("Make this step again too, with all that depends on it; may be repeated.", valueName: "step"))
  var from: [String] = []

  @Option(
    help: ArgumentHelp("This step may take place once more although it is `once`; may be repeated.", valueName: "step"))
  var repeating: [String] = []

  @OptionGroup var options: RunOutputOptions

  func run() async throws {
    let store = try options.state.existingStore()
    let stored = try await store.find(run)
    let id = stored.summary.id
    switch stored.summary.status {
    case .failed, .rejected, .cancelled: break
    case .succeeded: throw CallFailure("the run \(id) succeeded: there is nothing to make again")
    case .running, .waiting, .paused:
      throw CallFailure("the run \(id) has not ended: `dxsh resume \(id)\(options.state.given)` goes on with it")
    }
    let session = try await RunSession.openingEnded(stored, in: store, options)
    let runnable = try RunnablePlan(session.plan)
    let events = try await reopening(session, runnable)
    let batch = JournalBatch(number: session.history.nextBatch, events)
    let reopened = session.adding(events)
    do {
      let state = RunState(.running, at: events[0].at, dueAt: .epoch, seen: reopened.history.seen)
      try await store.append(batch, to: id, state)
    } catch {
      throw CallFailure(error.message)
    }
    try await reopened.carryOut(runnable)
  }

  /// What the journal is to say: first what the run was told when it had ended, of which only signals count.
  private func reopening(_ session: RunSession, _ runnable: RunnablePlan) async throws -> [RecordedEvent] {
    let now = SystemClock().now()
    do {
      let reopening = try await Reopening(of: session.history, session.plan, from: try steps(in: session)) { history in
        session.with(history).engine(runnable)
      }
      try check(reopening, session.id)
      let late = try await session.store.messages(to: session.id, after: session.history.seen).map { message in
        RecordedEvent(path: "", kind: .received(message.message, number: message.number), at: now)
      }
      return late + [RecordedEvent(path: "", kind: .reopened(dropped: reopening.dropped), at: now)]
    } catch let error as RunStoreError {
      throw CallFailure("the run \(session.id): \(error.message)")
    }
  }

  private func check(_ reopening: Reopening, _ id: String) throws(CallFailure) {
    let refused = reopening.repeated.filter { !repeating.contains($0) }
    if !refused.isEmpty {
      let names = refused.map { "--repeating \(ShellWord.quoted($0))" }.joined(separator: " ")
      throw CallFailure(
        """
        these steps must not be repeated, and took place or may have: \(refused.joined(separator: ", ")); \
        where each may take place once more, say `dxsh runs retry \(id) \(names)` with the options of this call
        """)
    }
    if let failure = reopening.failure {
      let place = failure.path.isEmpty ? "" : " at \(failure.path)"
      throw CallFailure(
        """
        the run \(id) would fail again at once\(place): \(failure.kind): \(failure.message); \
        name the step that is to be made again before it with --from
        """)
    }
  }

  /// The steps that `--from` names, with those inside. Throws where the journal does not speak of one that is named.
  private func steps(in session: RunSession) throws(CallFailure) -> Set<String> {
    let known = KnownSteps(session.history, session.plan, of: session.id, options.state)
    for name in repeating { try known.check(name) }
    var found: Set<String> = []
    for name in from { found.formUnion(try known.within(name)) }
    return found
  }
}

import ArgumentParser
import DxshRuntime

/// `dxsh resume RUN`
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Goes on with a run that waits, that somebody paused, or whose process ended before it did.",
    discussion: """
      The run keeps the plan it was started with, whatever has become of its file. What is done is not done again; a \
      step that must not be repeated and may have taken place is not repeated: the run then needs `dxsh runs settle`. \
      A run that has ended is reported once more. Exit codes as of `dxsh exec`. Where another process is at a run that \
      is paused, it is told to go on, and this one exits 0.

      EXAMPLES
        dxsh resume 8k2v9x3m7q0h1z5c
        dxsh resume 8k2v --state reports/.dxsh
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @OptionGroup var options: RunOutputOptions

  func run() async throws {
    let store = try options.state.existingStore()
    let stored = try await store.find(run)
    if try await store.pause(of: stored) != nil {
      return try await RunDelivery(store: store, run: stored, options: options)
        .deliver(.resume, deduplication: nil, resuming: true)
    }
    try await RunSession.opening(stored, in: store, options).finishOrGoOn()
  }
}

extension RunStore {
  /// The run that an argument of the command line names.
  func find(_ prefix: String) async throws(CallFailure) -> StoredRun {
    do {
      return try await run(prefix)
    } catch {
      throw CallFailure(error.message)
    }
  }

  /// That a person has paused the run, whether or not it has taken that in yet.
  func pause(of run: StoredRun) async throws(CallFailure) -> RunPause? {
    if run.summary.status.isFinal { return nil }
    do {
      let history = try RunHistory(try await journal(of: run.summary.id))
      return history.pause(after: try await messages(to: run.summary.id, after: history.seen))
    } catch {
      throw CallFailure("the run \(run.summary.id): \(error.message)")
    }
  }
}

import ArgumentParser
import DxshRuntime

/// `dxsh resume RUN`
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Goes on with a run that waits, or whose process ended before it did.",
    discussion: """
      The run keeps the plan it was started with, whatever has become of its file. What is done is not done again; a \
      step that must not be repeated and may have taken place is not repeated: the run then needs `dxsh runs settle`. \
      A run that has ended is reported once more. Exit codes as of `dxsh exec`.

      EXAMPLES
        dxsh resume 8k2v9x3m7q0h1z5c
        dxsh resume 8k2v --state reports/.dxsh
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @OptionGroup var state: StateOptions
  @OptionGroup var options: RunOutputOptions

  func run() async throws {
    try options.validate()
    let store = try state.existingStore()
    let session = try await RunSession.opening(try await store.find(run), in: store, options)
    try await session.finishOrGoOn()
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
}

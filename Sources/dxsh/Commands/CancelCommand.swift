import ArgumentParser
import DxshRuntime

/// `dxsh cancel RUN`
struct CancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Ends a run: nothing new starts, what runs is cancelled and awaited, then `finally` runs.",
    discussion: """
      The process that is at the run does it; where none is, this one. Exits 0 once the run has ended or its process \
      has been told.

      EXAMPLES
        dxsh cancel 8k2v
        dxsh cancel 8k2v --state reports/.dxsh
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @OptionGroup var options: RunOutputOptions

  func run() async throws {
    let store = try options.state.existingStore()
    do {
      try await RunDelivery(store: store, run: try await store.find(run), options: options)
        .deliver(.cancel, deduplication: nil, resuming: true)
    } catch let code as ExitCode where code.rawValue == 130 {
      // That it was cancelled is what was asked for.
    }
  }
}

import ArgumentParser
import DxshRuntime

/// `dxsh pause RUN`
struct PauseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Pauses a run: calls that are under way end, and nothing new starts until `dxsh resume`.",
    discussion: """
      Attempts that come due and times that waits are for have to wait too; signals are taken in. The process that is \
      at the run does it; where none is, this one. `dxsh cancel` ends a run that is paused. Exits 0 once the run is \
      paused or its process has been told.

      EXAMPLES
        dxsh pause 8k2v --reason "the bank is down"
        dxsh pause 8k2v --state reports/.dxsh
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(help: ArgumentHelp("Why, for those who find it paused.", valueName: "text"))
  var reason: String?

  @OptionGroup var options: RunOutputOptions

  func validate() throws {
    if reason?.isEmpty == true {
      throw ValidationError("--reason takes a text that is not empty; give none without it")
    }
  }

  func run() async throws {
    let store = try options.state.existingStore()
    let stored = try await store.find(run)
    if let pause = try await store.pause(of: stored) {
      Output.error("the run \(stored.summary.id) is paused already, since \(pause.since)\(pause.words)")
      return try RunReport(stored.summary.id, in: store, options).standing(.paused)
    }
    do {
      try await RunDelivery(store: store, run: stored, options: options)
        .deliver(.pause(reason: reason), deduplication: nil, resuming: true)
    } catch let code as ExitCode where code.rawValue == 4 {
      // That it is not over is what was asked for.
    }
  }
}

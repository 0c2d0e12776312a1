import ArgumentParser
import DxshExpressions
import DxshPlan
import DxshRuntime
import Glibc

/// `dxsh signal RUN NAME …`
struct SignalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signal",
    abstract: "Sends a run a signal that it waits for, or will wait for.",
    discussion: """
      Signals are kept from the start of a run, and each is taken once, in the order in which they came. Where no \
      process is at the run, this one goes on with it; exit codes as of `dxsh exec`. Where one is, it takes the \
      signal, and this one exits 0.

      EXAMPLES
        dxsh signal 8k2v ack --key 7 --value '{"by": "carol"}'
        dxsh signal 8k2v resolved --value @answer.json --once page-7 --no-resume
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @ArgumentParser.Argument(help: "The signal's name.")
  var name: String

  @Option(help: ArgumentHelp("The signal's key, where the workflow asks for one.", valueName: "text"))
  var key: String?

  @Option(help: ArgumentHelp("What it brings, JSON; null without it.", valueName: "JSON|@file|-"))
  var value: String?

  @Option(
    help: ArgumentHelp("Of the signals sent to a run with the same text, only the first counts.", valueName: "text"))
  var once: String?

  @Flag(inversion: .prefixedNo, help: "Go on with the run where no process is at it.")
  var resume = true

  @OptionGroup var options: RunOutputOptions

  func run() async throws {
    let store = try options.state.existingStore()
    let stored = try await store.find(run)
    let brought = try value.map { try RunInput.json($0, of: "--value") } ?? .null
    do {
      try stored.decodedPlan().checkSignal(name, brought)
    } catch let error as RunStoreError {
      throw CallFailure(error.message)
    }
    try await RunDelivery(store: store, run: stored, options: options)
      .deliver(.signal(SignalName(name, key: key), brought), deduplication: once, resuming: resume)
  }
}

extension Plan {
  /// Throws when no wait of the plan can take the signal.
  fileprivate func checkSignal(_ name: String, _ value: Value) throws(CallFailure) {
    var names: [String] = []
    var mismatch: DecodingError?
    for (expression, type) in signals {
      if case .constant(let constant) = expression, case .string(let text) = constant.value {
        names.append(text.string)
        if text.string != name { continue }
      }
      do {
        _ = try value.decoded(as: type)
        return
      } catch {
        mismatch = error
      }
    }
    if let mismatch {
      throw CallFailure("--value\(mismatch.message.first == ":" ? "" : ": ")\(mismatch.message)")
    }
    let known = Set(names).sorted().joined(separator: ", ")
    throw CallFailure(
      names.isEmpty
        ? "the workflow \(workflow) waits for no signals"
        : "the workflow \(workflow) waits for no signal \(name); its signals are \(known)")
  }
}

import ArgumentParser
import DxshExpressions
import DxshPlan
import DxshRuntime

/// `dxsh exec FILE [WORKFLOW] …`
struct ExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec",
    abstract: "Runs a workflow and prints its output as JSON.",
    discussion: """
      Progress goes to standard error, the output to standard output. Exits 0 when the run succeeded, 1 when it \
      failed, 2 when the call is wrong, 4 when the run waits for a signal, needs a person \
      or its store failed, 130 when it was cancelled. \
      Ctrl-C cancels: what runs is ended and awaited; a second one ends at once.

      What the run has done is kept in the folder .dxsh beside the file. When the process dies, `dxsh resume` goes on; \
      what is done is not done again.

      EXAMPLES
        dxsh exec report.dxsh -p day=2026-03-01
        dxsh exec report.dxsh nightly --input '{"day": "2026-03-01"}'
        dxsh exec report.dxsh --id nightly-2026-03-01 --state /var/lib/reports
        dxsh exec report.dxsh --input @input.json --max-parallel 4 --quiet --ephemeral
      """)

  @ArgumentParser.Argument(help: "The file; - is standard input.")
  var file: String

  @ArgumentParser.Argument(help: "The workflow, when the file has several.")
  var workflow: String?

  @Option(name: .customShort("p"), help: ArgumentHelp("A parameter.", valueName: "name=value"))
  var parameters: [String] = []

  @Option(help: ArgumentHelp("The parameters as a JSON object.", valueName: "JSON|@file|-"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "Start the workflow once for each key: a second call goes on with the first one's run.", valueName: "key"))
  var id: String?

  @Flag(help: "Keep nothing of the run: when the process dies, what it did is forgotten.")
  var ephemeral = false

  @OptionGroup var durability: DurabilityOptions
  @OptionGroup var options: RunOutputOptions

  func validate() throws {
    if ephemeral, id != nil || options.state.state != nil {
      throw ValidationError("--ephemeral keeps nothing, so it goes with neither --id nor --state")
    }
    if id?.isEmpty == true { throw ValidationError("--id takes a key that is not empty") }
  }

  func run() async throws {
    let plan = try PlanChoice.plan(in: file, workflow: workflow)
    let input = try RunInput.values(for: plan, assignments: parameters, document: input)
    let runnable = try RunnablePlan(plan)
    let history = RunHistory(input: input, startedAt: SystemClock().now())
    if ephemeral {
      let store = InMemoryRunStore(recording: false, artifacts: Folder.temporary())
      defer { Folder.remove(store.artifacts) }
      try await RunSession(
        id: RunIdentifier.make(), plan: plan, history: history, store: store, claim: nil,
        directory: Folder.of(file), options: options
      ).carryOut(runnable)
    } else {
      try await startDurably(runnable, history)
    }
  }

  private func startDurably(_ runnable: RunnablePlan, _ history: RunHistory) async throws {
    let plan = runnable.plan
    let store = try options.state.store(besideFolder: Folder.of(file), durability.durability)
    let directory = Folder.absolute(Folder.of(file))
    let encoded = plan.encoded()
    let run = NewRun(
      id: RunIdentifier.make(), workflow: plan.workflow, key: id, plan: encoded,
      planHash: SHA256Digest(of: encoded).hexadecimal, directory: directory, startedAt: history.events[0].at,
      firstBatch: history.firstBatch)
    let creation: RunCreation
    do {
      creation = try await store.create(run)
    } catch {
      throw CallFailure(error.message)
    }
    switch creation {
    case .created(let claim):
      try await RunSession(
        id: run.id, plan: plan, history: history, store: store, claim: claim, directory: directory, options: options
      ).carryOut(runnable)
    case .existing(let existing): try await goOn(existing, in: store, input: history.input)
    }
  }

  /// The key has been used: the run that it started is this one's.
  private func goOn(_ run: StoredRun, in store: any RunStore, input: [Value]) async throws {
    let session = try await RunSession.opening(run, in: store, options)
    guard zip(session.history.input, input).allSatisfy({ $0.isIdentical(to: $1) }),
      session.history.input.count == input.count
    else {
      throw CallFailure(
        "the key \(id ?? "") has started the run \(run.summary.id) with other parameters; use another key")
    }
    try await session.finishOrGoOn()
  }
}

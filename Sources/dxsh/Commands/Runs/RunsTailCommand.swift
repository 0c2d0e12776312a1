import ArgumentParser
import DxshRuntime
import DxshTime

/// `dxsh runs tail RUN`
struct RunsTailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Follows what happens in a run and what its steps say, until the run stops.",
    discussion: """
      Of what was before, the last lines are printed first. Exits as the run ended: 0, 1 when it failed, 3 when it was \
      rejected, 130 when it was cancelled; 4 when it stops without an end, as it waits or its process died.

      EXAMPLES
        dxsh runs tail 8k2v
        dxsh runs tail 8k2v --lines 100
      """)

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(help: "How many lines to print of what was before.")
  var lines = 10

  @OptionGroup var state: StateOptions

  func validate() throws {
    guard lines >= 0 else { throw ValidationError("--lines takes at least 0") }
  }

  func run() async throws {
    let store = try state.existingStore()
    let id = try await store.find(run).summary.id
    var follower = RunFollower(id, in: store)
    var changes = store.changes().makeAsyncIterator()
    var isFirst = true
    while true {
      // The summary first: what is read after it is all that a run that has ended there did.
      let summary = try await store.find(id).summary
      let news = try await follower.news()
      for line in isFirst ? news.suffix(lines) : news[...] { Output.result(line) }
      if summary.status.isFinal || !summary.isClaimed {
        if !isFirst {
          // What was said last may come a moment later: the log is written beside the journal.
          await changes.next()
          for line in try await follower.news() { Output.result(line) }
        }
        return try await stop(summary, in: store)
      }
      if Output.isLost { return }
      isFirst = false
      await changes.next()
    }
  }

  private func stop(_ run: RunSummary, in store: any RunStore) async throws {
    switch run.status {
    case .succeeded: return
    case .failed: throw ExitCode(1)
    case .rejected: throw ExitCode(3)
    case .cancelled: throw ExitCode(130)
    case .running, .waiting, .paused:
      let inspection = try await Inspection.of(try await store.find(run.id), in: store)
      let causes = inspection.causes(at: SystemClock().now(), options: state.given)
      Output.error(
        "the run \(run.id) has stopped (\(run.words))" + (causes.first.map { ": \(PrintableText.line($0.text))" } ?? "")
      )
      throw ExitCode(4)
    }
  }
}

/// Reads of a run what has been added since it was last asked.
private struct RunFollower {
  private static let page = 1000

  private let run: String
  private let store: any RunStore
  private var batches = 0
  private var lastLine: Int64 = 0
  private var hasLog = true

  init(_ run: String, in store: any RunStore) {
    self.run = run
    self.store = store
  }

  /// Lines for people, by their times.
  mutating func news() async throws(CallFailure) -> [String] {
    do throws(RunStoreError) {
      var lines: [(at: Timestamp, text: String)] = []
      for batch in try await store.journal(of: run, from: batches) {
        batches = batch.number + 1
        for event in try JournalCodec.decode(batch) {
          if let text = RunLines.text(event) { lines.append((event.at, text)) }
        }
      }
      while let page = await page() {
        lines += page.map { ($0.line.at, RunLines.text($0.line)) }
        lastLine = page.last?.number ?? lastLine
        if page.count < Self.page { break }
      }
      return lines.sorted { $0.at < $1.at }.map(\.text)
    } catch {
      throw CallFailure("the run \(run): \(error.message)")
    }
  }

  /// Lines of the log; nil where it cannot be read, which is said once: the run ends as its journal says.
  private mutating func page() async -> [NumberedLine]? {
    guard hasLog, let logs = store.logs else { return nil }
    do throws(RunStoreError) {
      return try await logs.lines(of: run, after: lastLine, limit: Self.page)
    } catch {
      hasLog = false
      Output.error("dxsh: what the steps say is not shown: \(error.message)")
      return nil
    }
  }
}

import ArgumentParser
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTime

/// `dxsh runs logs RUN`
struct RunsLogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Prints what the steps of a run said: log.info, and the standard error of programs.",
    discussion: """
      They are kept in logs.sqlite in the state folder: of each run the first 5000 lines and the last 5000, 5 MiB of \
      each at most; a line says how many are left out between. Values of secrets are left out of them. json prints an \
      object a line.

      EXAMPLES
        dxsh runs logs 8k2v
        dxsh runs logs 8k2v --step load --since 10m
        dxsh runs logs 8k2v --format json
      """)

  private static let page = 1000

  @ArgumentParser.Argument(help: "The run's identifier, or the beginning of it.")
  var run: String

  @Option(help: "Of this step alone: its iterations and what it calls are meant too.")
  var step: String?

  @Option(help: ArgumentHelp("From this time on, or as long ago as this duration.", valueName: "time"))
  var since: String?

  @Option(help: "text or json.")
  var format: RunOutputOptions.Format = .text

  @OptionGroup var state: StateOptions

  func run() async throws {
    let earliest = try since.map { try Self.time($0) }
    let store = try state.existingStore()
    let stored = try await store.find(run)
    let id = stored.summary.id
    guard let logs = store.logs else { return }
    var isKnown = step == nil
    do throws(RunStoreError) {
      var (leftOut, border) = try await logs.leftOut(of: id)
      var last: Int64 = 0
      while true {
        let lines = try await logs.lines(of: id, after: last, limit: Self.page)
        for line in lines {
          if leftOut > 0, line.number > border {
            sayLeftOut(leftOut)
            (leftOut, border) = (0, 0)
          }
          guard isOfStep(line.line) else { continue }
          isKnown = true
          if line.line.at >= earliest ?? line.line.at { say(line.line) }
        }
        guard let end = lines.last else { break }
        last = end.number
      }
      if leftOut > 0 { sayLeftOut(leftOut) }
    } catch {
      throw CallFailure(error.message)
    }
    // The log may be ahead of the journal, so that is asked last.
    if let step, !isKnown { try await checkKnown(step, in: stored, store) }
  }

  /// Throws where neither the run's journal nor its plan has the step.
  private func checkKnown(_ step: String, in run: StoredRun, _ store: any RunStore) async throws(CallFailure) {
    let known: KnownSteps
    do throws(RunStoreError) {
      let plan = try run.decodedPlan()
      if !step.contains("["), plan.call(at: step) != nil { return }
      known = KnownSteps(try RunHistory(try await store.journal(of: run.summary.id)), plan, of: run.summary.id, state)
    } catch {
      throw CallFailure(error.message)
    }
    _ = try known.within(step)
  }

  private static func time(_ text: String) throws(CallFailure) -> Timestamp {
    if let time = Timestamp(text: text) { return time }
    if let span = TimeSpan(text: text), !span.isNegative {
      let now = SystemClock().now()
      return now.adding(span.negated) ?? now
    }
    throw CallFailure("--since takes a time such as 2026-03-01T06:00:00Z, or a duration such as 10m, not \(text)")
  }

  private func isOfStep(_ line: LogLine) -> Bool { step.map { KnownSteps.isWithin(line.path, $0) } ?? true }

  // MARK: - Printing

  private func say(_ line: LogLine) {
    switch format {
    case .text: Output.result(RunLines.text(line))
    case .json:
      let fields: [Value] = [
        .timestamp(line.at), .text(line.path), .int(Int64(line.attempt)), .text(line.level.rawValue), .text(line.text),
      ]
      print(.record(RecordValue(Self.shape, fields)))
    }
  }

  private static let shape = RecordShape(["at", "step", "attempt", "level", "text"])
  private static let leftOutShape = RecordShape(["left_out"])

  private func sayLeftOut(_ count: Int64) {
    switch format {
    case .text: Output.result("(\(Counted.text(Int(count), "line is", "lines are")) left out)")
    case .json: print(.record(RecordValue(Self.leftOutShape, [.int(count)])))
    }
  }

  private func print(_ value: Value) {
    if let text = try? JSONWriter.write(value) { Output.result(text) }
  }
}

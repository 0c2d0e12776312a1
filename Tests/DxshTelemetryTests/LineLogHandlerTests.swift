import DxshRuntime
import DxshTelemetry
import DxshTestSupport
import DxshTime
import Logging
import Synchronization
import Testing

/// Log events as lines.
struct LineLogHandlerTests {
  /// What the events of a run make of it, with a clock that stands still.
  private func lines(
    _ format: LineLogHandler.Format, _ level: Logger.Level, _ say: (Logger) -> Void
  ) -> [String] {
    let lines = Mutex<[String]>([])
    let clock = ManualClock()
    withoutActuallyEscaping(say) { say in
      let keep: @Sendable (String) -> Void = { line in lines.withLock { $0.append(line) } }
      say(Logger(label: "x") { _ in LineLogHandler(format, level: level, now: clock.now, write: keep) })
    }
    return lines.withLock { $0 }
  }

  private func witness(_ logger: Logger) {
    let summary = RunSummary(
      id: "8k2v", workflow: "w", key: nil, status: .running, startedAt: .epoch, endedAt: nil, isClaimed: true)
    let witness = RunWitness(summary, nil, logger)
    let id = StepID(instance: 0, node: 0)
    witness.stepStarted(id, path: "a[1]", attempt: 2)
    witness.stepEnded(id, path: "a[1]", failure: NodeFailure("flaky", "the value 4711"), next: .attempt)
    witness.stepEnded(id, path: "a[1]", failure: NodeFailure("flaky", "the value 4711"), next: .nothing)
    witness.stepEnded(id, path: "b", failure: nil, next: .nothing)
  }

  @Test func textIsForPeople() {
    #expect(
      lines(.text, .debug) { logger in
        logger.info("the store works again")
        logger.of("8k2v", "w").info("succeeded")
        witness(logger)
      } == [
        "the store works again", "8k2v: succeeded", "8k2v: a[1] begins (attempt 2)",
        "8k2v: a[1] failed (flaky) and will be tried again", "8k2v: a[1] failed (flaky)", "8k2v: b succeeded",
      ])
  }

  /// Fields are stable, others are left out, and no value of a failure is among them.
  @Test func jsonHasFields() {
    let found = lines(.json, .debug) { logger in
      logger.error("no \"space\"\n", metadata: ["secret": "4711"])
      witness(logger)
    }
    let at = #""at":"2026-01-01T00:00:00Z""#
    let run = #""run":"8k2v","workflow":"w""#
    #expect(
      found == [
        #"{\#(at),"level":"error","message":"no \"space\"\n"}"#,
        #"{\#(at),"level":"debug","message":"begins",\#(run),"step":"a[1]","attempt":2}"#,
        #"{\#(at),"level":"debug","message":"failed (flaky) and will be tried again",\#(run),"step":"a[1]"}"#,
        #"{\#(at),"level":"debug","message":"failed (flaky)",\#(run),"step":"a[1]"}"#,
        #"{\#(at),"level":"debug","message":"succeeded",\#(run),"step":"b"}"#,
      ])
  }

  @Test func levelsAreKept() {
    #expect(lines(.text, .info, witness) == [])
    #expect(lines(.text, .error) { $0.warning("x") } == [])
  }
}

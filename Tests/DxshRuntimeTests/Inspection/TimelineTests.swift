import DxshExpressions
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// What `dxsh runs timeline` draws, exactly; the clock is a manual one.
struct TimelineTests {
  private func timeline(_ run: Inspecting) async throws -> RunTimeline {
    let inspection = try await run.inspection()
    return RunTimeline(inspection.history, inspection.situation, now: run.harness.clock.now())
  }

  private func text(_ run: Inspecting, width: Int = 80, all: Bool = false) async throws -> String {
    TimelineText(try await timeline(run), width: width, showsAll: all).text
  }

  private static let everything = """
    node x.act() -> int effect read throws flaky timeout(10s)
    workflow w() -> int {
      step a = debug.sleep(duration: 10m)
      step quick = debug.echo(value: 1)
      step b = x.act() with retry(3, backoff: fixed(20m), jitter: false) after a
      wait ok = signal("ok") with timeout(30m) after a
      step c = debug.sleep(duration: 15m) after ok
      step d = debug.echo(value: 2) after b, c, quick
      output d
    }
    """

  @Test func everyKindOfBar() async throws {
    let node = ScriptedNode("x.act") { call throws(NodeFailure) in
      if call.attempt < 3 { throw NodeFailure("flaky", "no") }
      return .value(.int(1))
    }
    let run = try Inspecting(Self.everything, nodes: [node], leaving: .never)
    #expect(try await run.run() == .ended(.succeeded(.int(2))))
    let drawn = try await text(run)
    #expect(
      drawn == """
          STEP  |0s                   27m30s             55m|  TIME
        * a     |########                                   | 10m
          quick |#                                          | 0s
          b     |       x---------------x---------------#   | 40m   3 attempts, 2 failed
        * ok    |       .........................           | 30m
        * c     |                               ############| 15m
        * d     |                                          #| 0s

        run 55m, steps 25m together, waits 30m together
        * critical path: a > ok > c > d
        """, "\(drawn)")
    let narrow = try await text(run, width: 40).split(separator: "\n")
    #expect(narrow.allSatisfy { $0.count <= 40 })
    #expect(narrow[3].hasSuffix("| 40m   …"), "\(narrow[3])")
    let wider = try await text(run, width: 66).split(separator: "\n")
    #expect(wider[3].hasSuffix("| 40m   3 attempts, 2 failed"), "\(wider[3])")
    let less = try await text(run, width: 59).split(separator: "\n")
    #expect(less[3].hasSuffix("| 40m   3 attempts, …"), "\(less[3])")
  }

  /// A poll is no attempt, and notes are left out whole.
  @Test func pollsAreShownAsPolls() async throws {
    let count = Mutex<Int64>(0)
    let node = ScriptedNode("x.act") { _ throws(NodeFailure) in
      .value(
        .int(
          count.withLock { count in
            count += 1
            return count
          }))
    }
    let run = try Inspecting(
      """
      node x.act() -> int effect read timeout(10s)
      workflow w() -> int {
        step a = x.act() with poll(until: self >= 3, every: 10m, max: 5)
        output a
      }
      """, nodes: [node], leaving: .never)
    #expect(try await run.run() == .ended(.succeeded(.int(3))))
    let kinds = try await timeline(run).rows.first?.spans.map(\.kind)
    #expect(kinds == [.polled, .polled, .succeeded])
    let drawn = try await text(run, width: 60)
    #expect(
      drawn.split(separator: "\n")[1] == "* a    |o-----------------o-----------------#| 20m   2 polls", "\(drawn)")
  }

  @Test func aLoopIsOneLine() async throws {
    let run = try Inspecting(
      """
      workflow w() -> int {
        for minutes in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] with parallel(2) {
          step nap = debug.sleep(duration: duration("10s") * minutes)
        }
        output 1
      }
      """, leaving: .never)
    #expect(try await run.run() == .ended(.succeeded(.int(1))))
    let drawn = try await text(run, width: 60)
    #expect(
      drawn == """
          STEP   |0s               2m30s          5m|  TIME
        * nap[*] |##################################| 5m    10 steps

        run 5m, steps 9m10s together
        * critical path: nap[1] > nap[3] > nap[5] > nap[7] > nap[9]
        """, "\(drawn)")
    #expect(try await text(run, all: true).split(separator: "\n").count == 13)
  }

  /// A run that is not over, whose process died and was followed by another.
  @Test func whatWasCutOffAndWhatIsNotOver() async throws {
    let run = try Inspecting(
      """
      workflow w() -> int {
        step a = debug.echo(value: 1)
        step b = debug.echo(value: 1)
        step c = debug.echo(value: 1) after a
        output c
      }
      """)
    func event(_ path: String, _ kind: RecordedEvent.Kind, _ minutes: Int64) -> RecordedEvent {
      let at = run.start.adding(TimeSpan(nanoseconds: minutes * 60_000_000_000)) ?? run.start
      return RecordedEvent(path: path, kind: kind, at: at)
    }
    let claim = try await run.write([
      event("a", .attemptStarted(attempt: 1), 0), event("b", .attemptStarted(attempt: 1), 1),
      event("b", .attemptFailed(attempt: 1, kind: "failed", message: ""), 2), event("", .resumed, 10),
      event("a", .attemptStarted(attempt: 1), 10),
    ])
    await run.pass(1200)
    let timeline = try await timeline(run)
    let a = try #require(timeline.rows.first { $0.path == "a" })
    #expect(a.spans.map(\.kind) == [.interrupted, .open])
    #expect(a.spans[0].to == event("", .resumed, 2).at && a.spans[1].to == run.harness.clock.now())
    withExtendedLifetime(claim) {}
  }

  @Test func manyStepsAreCutShort() async throws {
    let steps = (1...300).map { "  step s\($0) = debug.echo(value: \($0))" }.joined(separator: "\n")
    let run = try Inspecting("workflow w() -> int {\n\(steps)\n  output 1\n}", leaving: .never)
    try await run.run()
    let lines = try await text(run).split(separator: "\n")
    #expect(lines.count == 204 && lines.contains("  and 100 more lines; --all shows them"))
    #expect(try await text(run, all: true).split(separator: "\n").count == 303)
  }
}

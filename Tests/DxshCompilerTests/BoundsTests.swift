import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// How long workflows may take and how wide they are, against what their headers say.
struct BoundsTests {
  private static let library = NodeLibrary([
    "t": """
    node t.make<T>(value: T) -> T effect read throws busy timeout(10s)
    node t.send(value: int) -> int effect once timeout(10s)
    node t.fetch(url: string @sink(url)) -> int effect read throws busy timeout(10s)
    """
  ])

  private func compilation(_ text: String) -> Compilation {
    compile(
      SourceFile(id: FileID(0), name: "test", text: text), library: Self.library, time: CheckFixtureTests.time)
  }

  private func codes(_ text: String) -> [String] {
    compilation(text).mistakes.filter { $0.code != .notSupported }.map(\.code.rawValue)
  }

  /// What the first workflow takes at most, as `--types` says.
  private func longest(_ body: String, parameters: String = "", after: String = "") -> String {
    let found = compilation("workflow w(\(parameters)) {\n\(body)\n}\n\(after)")
    let line = found.types().first?.split(separator: "\n").first { $0.hasPrefix("  takes ") }
    return line.map(String.init) ?? "\(found.diagnostics.map(\.message))"
  }

  private func expect(_ body: String, takes duration: String, parameters: String = "", after: String = "") {
    let text = longest(body, parameters: parameters, after: after)
    #expect(text.hasPrefix("  takes at most \(duration), "), "\(text)")
  }

  @Test func stepsInAChainAddUp() {
    expect("", takes: "0s")
    expect("step a = t.make(value: 1)", takes: "10s")
    expect("step a = t.make(value: 1)\nstep b = t.make(value: a) with timeout(1m)", takes: "1m10s")
    expect("step a = t.make(value: 1)\nif a > 0 {\n step b = t.make(value: 1)\n}", takes: "20s")
  }

  /// One chain of 10 s, and 10 s more of work on 16 places.
  @Test func stepsSideBySideShareThePlaces() {
    expect("step a = t.make(value: 1)\nstep b = t.make(value: 2)", takes: "11s")
    expect("limits { concurrency: 1 }\nstep a = t.make(value: 1)\nstep b = t.make(value: 2)", takes: "20s")
  }

  @Test func attemptsAndTheirDelaysCount() {
    func step(_ retry: String) -> String { "step a = t.make(value: 1) with \(retry)" }
    expect(step("retry(3)"), takes: "30s")
    expect(step("retry(3, backoff: fixed(1s))"), takes: "32s")
    expect(step("retry(4, backoff: linear(1s))"), takes: "46s")
    expect(step("retry(5, backoff: exponential(1s, max: 3s))"), takes: "59s")
    expect(step("retry(4, backoff: exponential(1s, factor: 10.0))"), takes: "2m31s")
    expect(step("retry(1000000000, backoff: exponential(1s))"), takes: "3652500d")
    expect(
      step("retry(9000000000000000000, backoff: exponential(1ms, max: 1h, factor: 1.000000001))"), takes: "3652500d")
    expect(step("retry(3, backoff: exponential(4s, factor: 0.5))"), takes: "38s")
    expect(step("retry(30, backoff: fixed(1s), budget: 45s)"), takes: "55s")
    expect(step("retry(2, backoff: fixed(1s), budget: 45s)"), takes: "21s")
  }

  @Test func repetitionsCount() {
    expect("for i in [1, 2, 3] with parallel(1) {\n step a = t.make(value: i)\n}", takes: "30s")
    expect("for i in [1, 2, 3] with parallel(2) {\n step a = t.make(value: i)\n}", takes: "21s")
    expect(
      "for i in rows.slice(0, 3) with parallel(1) {\n step a = t.make(value: i)\n}", takes: "30s",
      parameters: "rows: list<int>")
    expect("repeat n = 0 with max(5) {\n step a = t.make(value: n)\n next a\n}", takes: "50s")
    expect("try {\n step a = t.make(value: 1)\n} catch e {\n step b = t.make(value: 1)\n}", takes: "20s")
    expect(
      "step a = v()\nstep b = v() after a", takes: "1m",
      after: "workflow v() {\n step c = t.make(value: 1) with retry(2)\n"
        + " finally {\n step d = t.make(value: 1)\n }\n}")
  }

  @Test func whatIsNotKnownIsNamed() {
    #expect(
      longest("for row in rows {\n step a = t.make(value: row)\n}", parameters: "rows: list<int>")
        == "  takes no known time at most: it depends on the elements of `for row`")
    expect("for row in rows {\n let a = row\n}", takes: "0s", parameters: "rows: list<int>")
    #expect(
      longest("step a = t.make(value: 1) with timeout(d)", parameters: "d: duration")
        == "  takes no known time at most: it depends on the timeout of `a`")
  }

  /// Each workflow calls the next twice: 2^30 calls, counted once each.
  @Test func callsAreCountedOnce() {
    let chain = (0..<30).map { number in
      "workflow c\(number)() {\n step a = c\(number + 1)()\n step b = c\(number + 1)() after a\n}\n"
    }
    expect(
      "step a = c0()", takes: "124275d16h10m40s",
      after: chain.joined() + "workflow c30() {\n step a = t.make(value: 1)\n}")
  }

  @Test func aScheduleIsComparedWithItsRun() {
    func schedule(_ fields: String, _ body: String = "step a = t.make(value: 1) with timeout(20m)") -> [String] {
      codes("workflow w() {\n schedule s { \(fields) }\n\(body)\n}")
    }
    #expect(schedule("every: 15m") == ["W0406"])
    #expect(schedule("every: 20m") == [])
    #expect(schedule("every: 15m, overlap: skip") == [])
    #expect(schedule("cron: \"*/15 * * * *\", timezone: \"UTC\"") == ["W0406"])
    #expect(schedule("cron: \"0 * * * *\", timezone: \"UTC\"") == [])
    #expect(schedule("cron: [\"0 5 * * *\", \"*/5 * * * *\"], timezone: \"UTC\"") == ["W0406"])
  }

  @Test func anApprovalIsComparedWithItsSchedule() {
    func asked(_ schedule: String, _ timeout: String = "1d", after: String = "") -> [String] {
      codes(
        "workflow w() -> bool {\n schedule s { \(schedule) }\n approval g { timeout: \(timeout) }\n"
          + " output g.approved\n}\n\(after)")
    }
    #expect(asked("every: 1h") == ["E0510"])
    #expect(asked("every: 1h, overlap: queue") == ["E0510"])
    #expect(asked("every: 1h, overlap: skip") == [])
    #expect(asked("every: 1h, overlap: cancel_running") == [])
    #expect(asked("every: 1h, overlap: allow") == [])
    #expect(asked("every: 1d") == [])
    #expect(asked("every: 1h", "30m") == [])
    #expect(asked("cron: \"0 * * * *\", timezone: \"UTC\"") == ["E0510"])
    #expect(asked("cron: [\"0 5 * * *\", \"0 * * * *\"], timezone: \"UTC\"") == ["E0510"])
    // Once a year a day has 23 hours.
    #expect(asked("cron: \"0 5 * * *\", timezone: \"Europe/Berlin\"") == ["W0406"])
    #expect(asked("cron: \"0 5 * * *\", timezone: \"Europe/Berlin\", overlap: queue") == [])
    #expect(asked("cron: \"0 * * * *\", timezone: \"UTC\", except: [\"2026-01-01\"], overlap: queue") == [])
    #expect(asked("every: 1h", "0s") == ["E0204"])
    #expect(asked("every: 1h", "\"1d\"") == ["E0201"])
  }

  @Test func approvalsOfCalledWorkflowsCount() {
    let called = "workflow v() -> bool {\n approval g { timeout: 1d }\n output g.approved\n}\n"
    func calling(_ body: String) -> [String] {
      codes("workflow w() {\n schedule s { every: 1h }\n\(body)\n}\n\(called)")
    }
    #expect(calling("step a = v()") == ["E0510"])
    #expect(calling("for i in [1, 2] {\n step a = v()\n}") == ["E0510"])
    #expect(calling("try {\n step a = v()\n} catch e {\n step b = v()\n}") == ["E0510"])
    #expect(calling("repeat n = 0 with max(3) {\n step a = v()\n next n + 1\n}") == ["E0510"])
    #expect(calling("step m = t.make(value: 1)\n finally {\n step a = v()\n }") == ["E0510"])
    #expect(calling("step m = t.make(value: 1)") == [])
  }

  /// Approvals wait beside each other on no place.
  @Test func theWorstCaseCountsApprovals() {
    func limits(_ duration: String, _ body: String) -> [String] {
      codes("workflow w() -> bool {\n limits { duration: \(duration) }\n\(body)\n}")
    }
    func gate(_ name: String, _ after: String = "") -> String { "approval \(name)\(after) { timeout: 1h }\n" }
    let either = "output a.approved || b.approved"
    #expect(limits("90m", gate("a") + gate("b") + either) == [])
    #expect(limits("90m", gate("a") + gate("b", " after a") + either) == ["W0603"])
    #expect(limits("2h", gate("a") + gate("b", " after a") + either) == [])
    #expect(limits("30m", gate("a") + "output a.approved") == ["E0309"])
    #expect(limits("61m", gate("a") + "step m = t.make(value: 1)\noutput a.approved") == [])
    #expect(limits("1h", gate("a") + "step m = t.make(value: a.approved)\noutput m") == ["W0603"])
    #expect(
      codes(
        "workflow w(d: duration) -> bool {\n schedule s { every: 1h, params: { d: 1d } }\n"
          + " approval a { timeout: d }\n output a.approved\n}") == [])
  }

  @Test func limitsAreCompared() {
    func limits(_ fields: String, _ body: String = "step a = t.make(value: 1) with timeout(20m)") -> [String] {
      codes("workflow w() {\n limits { \(fields) }\n\(body)\n}")
    }
    #expect(limits("duration: 1h") == [])
    #expect(limits("duration: 10m") == ["E0309"])
    #expect(limits("duration: 5s", "step a = t.make(value: 1)") == ["W0603"])
    #expect(limits("duration: 1h, active: 2h") == ["E0309"])
    #expect(limits("duration: \"1h\"") == ["E0201"])
    #expect(limits("active: 10m") == ["E0309"])
    #expect(limits("active: 20m, duration: 1h") == [])
    #expect(limits("active: 0s") == ["E0204"])
    #expect(limits("duration: -1h") == ["E0204"])
    #expect(limits("duration: 200000d") == ["E0204"])
    #expect(limits("duration: 1h, duration: 2h") == ["E0102"])
    let wait = { (clause: String) in
      "step a = t.make(value: 1)\nwait w = \(clause) after a\nstep b = t.make(value: 1) after w"
    }
    #expect(limits("duration: 1h", wait("delay(2h)")) == ["E0309"])
    #expect(limits("duration: 3h", wait("delay(2h)")) == [])
    #expect(limits("duration: 1h, active: 1m", wait("delay(50m)")) == [])
    #expect(limits("concurrency: 4", "for i in [1] with parallel(5) {\n let a = i\n}") == ["W0602"])
    #expect(limits("concurrency: 5", "for i in [1] with parallel(5) {\n let a = i\n}") == [])
  }

  /// What a workflow may take is a part of what it is called in.
  @Test func limitsCutTheWorstCase() {
    let slow = "workflow v() {\n limits { duration: 5m }\n step c = t.make(value: 1) with timeout(1m), retry(9)\n}"
    expect("step a = v()\nstep b = v() after a", takes: "10m30s", after: slow)
    #expect(
      codes(
        "workflow w() {\n limits { duration: 10m }\n schedule s { every: 15m }\n"
          + " step a = t.make(value: 1) with timeout(1m), retry(30)\n}") == ["W0603"])
  }

  /// What is at the other end of a URL may ask for a time before the next attempt.
  @Test func whatOthersAskForIsNotKnown() {
    let call = "step a = t.fetch(url: \"http://a\")"
    expect(call, takes: "10s")
    #expect(
      longest("\(call) with retry(2)")
        == "  takes no known time at most: it depends on how long the answers to `a` ask it to wait")
    expect("\(call) with retry(2), deadline(1m)", takes: "1m")
  }

  @Test func timesOfPoliciesMakeSense() {
    func step(_ policy: String) -> [String] {
      codes("const NEVER: duration = 0s\nworkflow w() {\n step a = t.make(value: 1) with \(policy)\n}")
    }
    #expect(step("timeout(0s)") == ["E0204"])
    #expect(step("timeout(NEVER)") == ["E0204"])
    #expect(step("timeout(-1s)") == ["E0204"])
    #expect(step("retry(2, backoff: fixed(-1s))") == ["E0204"])
    #expect(step("retry(2, backoff: fixed(0s))") == [])
    #expect(step("retry(2, backoff: exponential(1m, max: 1s))") == ["E0309"])
    #expect(step("retry(1 - 1)") == ["E0204"])
    #expect(step("retry(2, budget: 0s)") == ["E0204"])
    #expect(step("retry(2, budget: NEVER)") == ["E0204"])
    #expect(step("retry(2, budget: 1)") == ["E0201"])
    #expect(step("retry(2, backoff: fixed(2s), budget: 1s)") == ["E0309"])
    #expect(step("retry(2, backoff: exponential(2s), budget: 2s)") == [])
    #expect(step("retry(2, budget: 2s), deadline(1s)") == ["E0309"])
    #expect(step("retry(2, budget: 2s), deadline(20s)") == [])
    #expect(step("start_by(0s)") == ["E0204"])
    #expect(step("heartbeat(1s)") == ["E0312"])
    #expect(step("start_by(2m), deadline(1m)") == ["E0309"])
    #expect(step("start_by(1m), deadline(1m)") == [])
    #expect(
      codes("defaults with start_by(1s), retry(2, budget: 5s)\nworkflow w() {\n step a = t.make(value: 1)\n}") == [])
    #expect(
      codes("defaults with start_by(1h), deadline(5s)\nworkflow w() {\n step a = t.make(value: 1)\n}") == ["E0309"])
    #expect(codes("const N = -1\nworkflow w() {\n repeat s = 1 with max(N) {\n next s\n }\n}") == ["E0204"])
  }
}

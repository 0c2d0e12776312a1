import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// Moves of open runs that would go wrong: they are refused, or nothing goes wrong.
struct MigrationTroubleTests {
  /// A run of the plan, with a journal as a process leaves it that dies.
  private static func run(of harness: RunHarness, with events: [(path: String, kind: RecordedEvent.Kind)]) async throws
    -> InMemoryRunStore
  {
    let store = InMemoryRunStore()
    let (now, plan) = (harness.clock.now(), harness.plan)
    let run = NewRun(
      id: "r", workflow: "w", key: nil, plan: plan.encoded(), planHash: plan.hash, directory: "/", startedAt: now,
      firstBatch: RunHistory(input: harness.input, startedAt: now).firstBatch)
    guard case .created(let claim) = try await store.create(run) else { throw Unexpected() }
    let recorded = events.map { RecordedEvent(path: $0.path, kind: $0.kind, at: now) }
    try await store.append(JournalBatch(number: 1, recorded), to: "r", RunState(.running, at: now))
    withExtendedLifetime(claim) {}
    return store
  }

  /// The old plan failed in what the new one does not have: a failure that counts no more cuts nothing off.
  @Test func whatAFailureCutOffGoesOn() async throws {
    let outside = MovedWorld()
    let text = """
      workflow w() -> int {
        step doubt = x.once(n: 1)
        step slow = x.keyed(n: 2) with retry(9, backoff: fixed(1h))
        step bad = x.keyed(n: 3)
        output slow
      }
      """
    let old = try Moving.harness(text, outside)
    let store = try await Self.run(
      of: old,
      with: [
        ("doubt", .attemptStarted(attempt: 1)), ("slow", .attemptStarted(attempt: 1)),
        ("bad", .attemptStarted(attempt: 1)), ("slow", .attemptFailed(attempt: 1, kind: "flaky", message: "")),
        ("bad", .attemptFailed(attempt: 1, kind: "flaky", message: "")), ("slow", .cancelled),
        ("doubt", .indeterminate(attempt: 1, message: "")),
      ])
    let new = try Moving.harness(text.replacing("step bad = x.keyed(n: 3)", with: ""), outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    try await new.settle("doubt", .done(.int(1)), in: store)
    let now = new.clock.now()
    await new.clock.sleep(until: now.adding(TimeSpan(nanoseconds: 7_200_000_000_000)) ?? now)
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(102))))
    #expect(outside.calls == ["r/slow"])
  }

  @Test func whatWasUndoneDoesNotCountAsDone() async throws {
    let outside = MovedWorld(failing: ["r/bad"])
    let text = """
      workflow w() {
        step held = x.keyed(n: 1) with compensate(x.undo(n: self))
        step doubt = x.once(n: held) with compensate(x.once(n: self))
        step bad = x.keyed(n: doubt)
      }
      """
    let old = try Moving.harness(text, outside)
    let store = try await Self.run(
      of: old,
      with: [
        ("held", .attemptStarted(attempt: 1)), ("held", .succeeded(.int(101))),
        ("doubt", .attemptStarted(attempt: 1)), ("doubt", .succeeded(.int(201))),
        ("bad", .attemptStarted(attempt: 1)), ("bad", .attemptFailed(attempt: 1, kind: "flaky", message: "")),
        ("doubt@compensate", .attemptStarted(attempt: 1)), ("doubt@compensate", .succeeded(.int(0))),
        ("held@compensate", .attemptStarted(attempt: 1)),
      ])
    let new = try Moving.harness(text.replacing("step bad = x.keyed(n: doubt)", with: ""), outside)
    #expect(
      try await old.change(to: new, in: store).findings.map(\.message).sorted() == [
        "doubt was undone, as the run was failing, and would count as done again: let the run end first",
        "held was undone, as the run was failing, and would count as done again: let the run end first",
      ])
    // Where it fails as before, it is undone as before.
    let same = try Moving.harness(text.replacing("n: doubt)", with: "n: doubt + 1)"), outside)
    #expect(try await old.move(to: same, in: store).findings == [])
    guard case .ended(.failed) = try await same.resume(in: store) else { throw Unexpected() }
    #expect(outside.calls == ["r/held@compensate"])
  }

  @Test func whatWasWaitedForIsNotWaitedForAgain() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(
      """
      workflow w() {
        wait go = signal("go")
        wait ok = signal("ok") after go
      }
      """, outside)
    try await Moving.signal(store, old, "go")
    guard case .waiting = try await old.resume(in: store) else { throw Unexpected() }
    let new = try Moving.harness(
      """
      workflow w() {
        wait go = signal("gone")
        wait ok = signal("ok")
      }
      """, outside)
    #expect(
      try await old.change(to: new, in: store).findings.map(\.message) == [
        "the wait go is over, and the new version would wait there again: keep what it is for, or let the run end first"
      ])
  }

  @Test func whatAWaitWasOverByIsTheSame() async throws {
    let outside = MovedWorld()
    var old = try Moving.harness(
      """
      workflow w() {
        wait first = any { a: delay(1h), b: delay(2h) }
        wait ok = signal("ok") after first
      }
      """, outside)
    old.leaving = .whenSignalled
    let store = InMemoryRunStore()
    guard case .waiting(let waits) = try await old.start(in: store), waits.map(\.path) == ["ok"] else {
      throw Unexpected()
    }
    let new = try Moving.harness(
      """
      workflow w() {
        wait first = any { b: delay(2h), a: delay(1h) }
        wait ok = signal("ok") after first
      }
      """, outside)
    #expect(
      try await old.change(to: new, in: store).findings.map(\.message) == [
        "the wait first was over by a, its alternative 1, which the new version does not have there: keep the "
          + "alternatives in their order"
      ])
  }

  /// Keys count how often a step was made again; a move does not begin them anew.
  @Test func whatWasUndoneKeepsItsCountAcrossAMove() async throws {
    let outside = MovedWorld(failing: ["r/doom"])
    let text = """
      workflow w() -> int {
        step NAME = x.keyed(n: 1) with compensate(x.undo(n: self))
        wait ok = signal("ok") after NAME
        step doom = x.keyed(n: NAME) after ok
        output doom
      }
      """
    let old = try Moving.harness(text.replacing("NAME", with: "held"), outside)
    let store = InMemoryRunStore()
    guard case .waiting = try await old.start(in: store) else { throw Unexpected() }
    try await Moving.signal(store, old, "ok")
    guard case .ended(.failed) = try await old.resume(in: store) else { throw Unexpected() }
    outside.heal()
    _ = try await old.reopen(in: store)
    let new = try Moving.harness(text.replacing("NAME", with: "kept"), outside)
    let change = try await old.move(to: new, FormerNames(current: ["held": "kept"]), in: store)
    #expect(change.findings == [])
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(201))))
    #expect(outside.calls.filter { $0.contains("held") } == ["r/held", "r/held@compensate", "r/held#2"])
  }

  /// What is made again is made again, also if an earlier plan had done it.
  @Test func reopeningForgetsWhatAnEarlierPlanDid() async throws {
    let outside = MovedWorld(failing: ["r/doom"])
    let (old, store) = try await Moving.waiting(Moving.paid, outside)
    let new = try Moving.harness(
      """
      workflow w(n: int = 1) -> int {
        step first = x.keyed(n: 5)
        step pay = x.once(n: n) after first
        step doom = x.keyed(n: pay)
        output doom
      }
      """.replacing("step doom", with: "wait ok = signal(\"ok\") after pay\n  step doom"), outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    try await Moving.signal(store, new, "ok")
    guard case .ended(.failed) = try await new.resume(in: store) else { throw Unexpected() }
    outside.heal()
    let reopening = try await new.reopen(in: store, from: ["first"])
    #expect(Set(reopening.dropped).isSuperset(of: ["doom", "first", "pay"]) && reopening.repeated == ["pay"])
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(201))))
    #expect(outside.calls.filter { $0.hasPrefix("r/pay") } == ["r/pay", "r/pay"])
  }

  /// The journal of a run that was moved says the same to each process that reads it.
  @Test func aMovedJournalIsReadTheSameEachTime() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(Moving.paid, outside)
    let new = try Moving.harness(
      """
      workflow w(n: int = 1) -> int {
        wait also = signal("also")
        step pay = x.once(n: n) after also
        wait ok = signal("ok") after pay
        step ship = x.once(n: pay) after ok
        output ship
      }
      """, outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    try await Moving.signal(store, new, "also")
    guard case .waiting(let left) = try await new.resume(in: store) else { throw Unexpected() }
    #expect(left.map(\.path) == ["ok"])
    let taken = try await new.history(in: store).events.filter { $0.path == "pay" }.map(\.kind)
    #expect(taken.suffix(1) == [.succeeded(.int(101))] && taken.count == 3)
    let now = try await new.inspect(in: store)
    #expect(now.kept == [] && now.waits.map(\.step.path) == ["ok"])
    try await Moving.signal(store, new, "ok")
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(201))))
    #expect(outside.calls == ["r/pay", "r/ship"])
  }

  @Test func whatMayHaveTakenPlaceIsSettledBeforeItBecomesSomethingElse() async throws {
    let outside = MovedWorld()
    let old = try Moving.harness("workflow w() {\n  step pay = x.once(n: 1)\n}", outside)
    let store = try await Self.run(of: old, with: [("pay", .attemptStarted(attempt: 1))])
    for (node, isFitting) in [("x.once", true), ("x.keyed", false), ("x.read", false)] {
      let new = try Moving.harness("workflow w() {\n  step pay = \(node)(n: 1)\n  assert pay > 0, \"\"\n}", outside)
      let words = "pay may have taken place, and the new version would do something else there at once: settle it first"
      #expect(try await old.change(to: new, in: store).findings.map(\.message) == (isFitting ? [] : [words]))
    }
  }

  /// A step that somebody settled as done gave nothing; a version that uses what it gives cannot have it.
  @Test func whatWasSettledWithoutAResultHasNone() async throws {
    let outside = MovedWorld(failing: [])
    let old = try Moving.harness(
      "workflow w() {\n  step pay = x.once(n: 1)\n  wait ok = signal(\"ok\") after pay\n}", outside)
    let store = try await Self.run(
      of: old, with: [("pay", .attemptStarted(attempt: 1)), ("pay", .settled(.done(.none)))])
    let waits =
      "wait first = signal(\"first\")\n  step pay = x.once(n: 1) after first\n  wait ok = signal(\"ok\") after pay"
    let using = try Moving.harness("workflow w() -> int {\n  \(waits)\n  output pay\n}", outside)
    #expect(try await old.change(to: using, in: store).verdict == .needsMigration)
    let new = try Moving.harness("workflow w() {\n  \(waits)\n}", outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    for name in ["first", "ok"] { try await Moving.signal(store, new, name) }
    guard case .ended(.succeeded) = try await new.resume(in: store) else { throw Unexpected() }
    #expect(outside.calls == [])
  }

  @Test(arguments: [
    (
      "wait ok = signal(\"go\") after pay",
      "the run waits at ok for a signal ok, and would wait for a signal go: keep the old one too, "
        + "or let the run end first"
    ),
    ("wait ok = any { a: signal(\"ok\"), b: signal(\"go\") } after pay", ""),
    ("wait ok = signal(\"ok\") as int after pay", ""),
  ])
  func whatItWaitsForIsCompared(_ wait: String, _ words: String) async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(Moving.paid, outside)
    let new = try Moving.harness(Moving.paid.replacing("wait ok = signal(\"ok\") after pay", with: wait), outside)
    #expect(try await old.change(to: new, in: store).findings.map(\.message) == (words.isEmpty ? [] : [words]))
  }

  /// What has come is of the type that the old version has.
  @Test func whatHasComeMustFit() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(Moving.paid, outside)
    try await Moving.signal(store, old, "ok")
    let new = try Moving.harness(
      Moving.paid.replacing("wait ok = signal(\"ok\")", with: "wait ok = signal(\"ok\") as int"), outside)
    #expect(
      try await old.change(to: new, in: store).findings.map(\.message) == [
        "a signal ok has come with a value that is no int, as the new version has it: let the type take "
          + "the old value too"
      ])
  }

  /// A step that took place and is wanted later, if ever, would not be undone by a failure before.
  @Test func whatIsWantedLaterMustNotNeedUndoing() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(
      """
      workflow w() {
        step held = x.keyed(n: 1) with compensate(x.undo(n: self))
        wait ok = signal("ok") after held
      }
      """, outside)
    let new = try Moving.harness(
      """
      workflow w() {
        step first = x.once(n: 1)
        step held = x.keyed(n: 1) with compensate(x.undo(n: self)) after first
        wait ok = signal("ok") after held
      }
      """, outside)
    #expect(
      try await old.change(to: new, in: store).findings.map(\.message) == [
        "held took place, and would not be undone if the run failed before the steps that the new version has "
          + "before it: put them behind it, or let the run end first"
      ])
  }
}

private struct Unexpected: Error {}

import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Testing

/// What a step was called stays its key, and what it gave stays its result, whatever the journal says of it.
struct MigratedKeyTests {
  private static func run(of harness: RunHarness, with events: [(path: String, kind: RecordedEvent.Kind)] = [])
    async throws -> InMemoryRunStore
  {
    let store = InMemoryRunStore()
    let (now, plan) = (harness.clock.now(), harness.plan)
    let run = NewRun(
      id: "r", workflow: "w", key: nil, plan: plan.encoded(), planHash: plan.hash, directory: "/", startedAt: now,
      firstBatch: RunHistory(input: harness.input, startedAt: now).firstBatch)
    guard case .created(let claim) = try await store.create(run) else { throw Unexpected() }
    if !events.isEmpty {
      let recorded = events.map { RecordedEvent(path: $0.path, kind: $0.kind, at: now) }
      try await store.append(JournalBatch(number: 1, recorded), to: "r", RunState(.running, at: now))
    }
    withExtendedLifetime(claim) {}
    return store
  }

  /// A step that answers at once may have taken place without a word in the journal; also across two moves.
  @Test func aStepThatTheJournalDoesNotSpeakOfKeepsItsKey() async throws {
    let text = """
      workflow w() -> int {
        step PAY = x.keyed(n: 1) with compensate(x.undo(n: self))
        for i in [1, 2] {
          step EACH = x.keyed(n: i)
        }
        step CALL = inner(n: 1)
        step bad = x.keyed(n: PAY) after CALL, EACH
        output CALL + EACH.sum() + bad
      }
      workflow inner(n: int) -> int {
        step DEEP = x.keyed(n: n)
        output DEEP
      }
      """
    let outside = MovedWorld(failing: ["r/bad"])
    func harness(_ mark: String) throws -> RunHarness {
      var text = text
      for name in ["PAY", "EACH", "CALL", "DEEP"] { text = text.replacing(name, with: name.lowercased() + mark) }
      return try Moving.harness(text, outside)
    }
    func names(from old: String, to new: String) -> FormerNames {
      let current = ["pay", "each", "call"].map { ($0 + old, $0 + new) }
      return FormerNames(
        current: Dictionary(uniqueKeysWithValues: current), ofCallees: [["deep" + old: "deep" + new]])
    }
    let (first, second, third) = (try harness(""), try harness("_2"), try harness("_3"))
    let store = try await Self.run(of: first)
    #expect(try await first.move(to: second, names(from: "", to: "_2"), in: store).findings == [])
    #expect(try await second.move(to: third, names(from: "_2", to: "_3"), in: store).findings == [])
    guard case .ended(.failed) = try await third.resume(in: store) else { throw Unexpected() }
    #expect(
      outside.calls.sorted() == [
        "r/bad", "r/call/deep", "r/each[0]", "r/each[1]", "r/pay", "r/pay@compensate",
      ])
  }

  /// It has failed, and what it gave for that counts wherever it stands now: it is not made again.
  @Test func whatAStepFellBackToIsKept() async throws {
    let outside = MovedWorld(failing: ["r/pay"])
    let text = """
      workflow w() -> int {
        FIRST
        step pay = x.keyed(n: 1) AFTER with fallback(7)
        wait ok = signal("ok") after pay
        step ship = x.once(n: pay) after ok
        output ship
      }
      """
    let old = try Moving.harness(text.replacing("FIRST", with: "").replacing("AFTER", with: ""), outside)
    let store = InMemoryRunStore()
    guard case .waiting = try await old.start(in: store) else { throw Unexpected() }
    outside.heal()
    let new = try Moving.harness(
      text.replacing("FIRST", with: "wait also = signal(\"also\")").replacing("AFTER", with: "after also"), outside)
    let change = try await old.move(to: new, in: store)
    #expect(change.findings == [] && change.kept == 1)
    for name in ["also", "ok"] { try await Moving.signal(store, new, name) }
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(107))))
    #expect(outside.calls == ["r/pay", "r/ship"])
    // It is seen that it failed.
    #expect(try await new.history(in: store).steps(of: new.plan, isClaimed: false).first?.isDegraded == true)
  }

  /// `was` with a name that the run's plan does not have says nothing of what took place.
  @Test func aMistakenFormerNameIsSeen() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(Moving.paid, outside)
    let new = try Moving.harness(Moving.paid.replacing("pay", with: "charge"), outside)
    let change = try await old.change(to: new, FormerNames(current: ["pya": "charge"]), in: store)
    #expect(change.verdict == .unsafe)
    #expect(try await old.change(to: new, FormerNames(current: ["pay": "charge"]), in: store).findings == [])
  }

  /// A step in doubt that stands behind something new is settled once, before it is wanted.
  @Test func whatWasSettledIsNotAskedAgain() async throws {
    let outside = MovedWorld()
    let text = "workflow w() -> int {\n  FIRST\n  step pay = x.once(n: 1)\n  output pay\n}"
    let old = try Moving.harness(text.replacing("FIRST", with: ""), outside)
    let store = try await Self.run(of: old, with: [("pay", .attemptStarted(attempt: 1))])
    let new = try Moving.harness(
      text.replacing("FIRST", with: "wait first = signal(\"first\")").replacing("(n: 1)", with: "(n: 1) after first"),
      outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    try await new.settle("pay", .done(.int(7)), in: store)
    try await Moving.signal(store, new, "first")
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(7))))
    #expect(outside.calls == [])
  }

  /// What a person said of a step, while the workflow around it waited to be begun anew, holds under another plan too.
  @Test(arguments: [Settlement.retry, .done(.int(7)), .fail(message: "no")])
  func whatWasSettledBetweenTwoAttemptsIsNotAskedAgain(_ settlement: Settlement) async throws {
    let outside = MovedWorld()
    let text = """
      workflow w() -> int {
        step call = inner(n: 1) with retry(4, backoff: fixed(1m))
        output call
      }
      workflow inner(n: int) -> int {
        step doubt = x.once(n: n)
        step bad = x.keyed(n: n)
        output doubt + bad
      }
      """
    let old = try Moving.harness(text, outside)
    let store = try await Self.run(
      of: old,
      with: [
        ("call/doubt", .attemptStarted(attempt: 1)), ("call/doubt", .indeterminate(attempt: 1, message: "unknown")),
        ("call/bad", .attemptFailed(attempt: 1, kind: "flaky", message: "not this time", retryAfter: nil)),
        ("call/doubt", .settled(settlement)),
      ])
    var new = try Moving.harness(text.replacing("output call\n", with: "output call + 1\n"), outside)
    new.leaving = .never
    #expect(try await old.move(to: new, in: store).findings == [])
    guard case .ended(let outcome) = try await new.resume(in: store) else { throw Unexpected() }
    switch settlement {
    case .retry:
      #expect(outcome == .succeeded(.int(203)))
      #expect(outside.calls.sorted() == ["r/call/bad", "r/call/doubt"])
    case .done:
      #expect(outcome == .succeeded(.int(109)))
      #expect(outside.calls == ["r/call/bad"])
    case .fail:
      guard case .failed(let failure) = outcome else { throw Unexpected() }
      #expect(failure.message == "no")
    }
  }

  /// In which order steps were completed does not depend on the order in which the new plan wants them.
  @Test func whatWasDoneIsUndoneInTheOrderInWhichItWasCompleted() async throws {
    let outside = MovedWorld(failing: ["r/bad"])
    let text = """
      workflow w() -> int {
        step last = x.read(n: 1)
        step a = x.keyed(n: 1) AFTER with compensate(x.undo(n: self))
        step b = x.keyed(n: 2) AFTER with compensate(x.undo(n: self))
        step bad = x.keyed(n: 3) after a, b, last
        output bad
      }
      """
    let old = try Moving.harness(text.replacing("AFTER", with: ""), outside)
    let store = try await Self.run(
      of: old,
      with: [("b", .succeeded(.int(102))), ("a", .succeeded(.int(101))), ("last", .succeeded(.int(101)))])
    let new = try Moving.harness(text.replacing("AFTER", with: "after last"), outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    guard case .ended(.failed) = try await new.resume(in: store) else { throw Unexpected() }
    #expect(outside.calls == ["r/bad", "r/a@compensate", "r/b@compensate"])
  }

  /// How long the run may take is what the new version says.
  @Test(arguments: ["", "limits { duration: 9h }", "limits { duration: 2h, active: 1h }"])
  func aRunThatHasALimitIsMoved(_ limits: String) async throws {
    let outside = MovedWorld()
    let text = Moving.paid.replacing("-> int {", with: "-> int {\n  LIMITS")
    let (old, store) = try await Moving.waiting(
      text.replacing("LIMITS", with: "limits { duration: 1h, active: 30m }"), outside)
    let new = try Moving.harness(text.replacing("LIMITS", with: limits), outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    try await Moving.signal(store, new, "ok")
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(201))))
  }

  /// What undid a step may be recorded once more under another plan; it was undone once.
  @Test func whatIsRecordedOnceMoreIsCountedOnce() {
    let kinds: [(String, RecordedEvent.Kind)] = [
      ("", .started(input: [])), ("a", .succeeded(.int(1))), ("a@compensate", .succeeded(.int(0))),
      ("", .migrated(input: [], paths: ["a": "a", "a@compensate": "a@compensate"])),
      ("a@compensate", .succeeded(.int(0))), ("", .ended(.cancelled)),
      ("", .reopened(dropped: ["a", "a@compensate"])),
    ]
    let events = kinds.map { RecordedEvent(path: $0.0, kind: $0.1, at: .epoch) }
    #expect(StandingEvents(events).undone == ["a": 1])
  }
}

private struct Unexpected: Error {}

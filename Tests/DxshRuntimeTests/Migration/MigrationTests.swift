import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// Open runs that go on with another version of their workflow.
struct MigrationTests {
  // MARK: - What is said

  private static let cases: [(text: String, names: FormerNames, verdict: RunChange.Verdict, words: String)] =
    [
      // Only what is not done differs.
      (
        """
        workflow w(n: int = 1) -> int {
          step pay = x.once(n: n)
          wait ok = signal("ok") after pay
          step ship = x.keyed(n: pay + 1) after ok
          output ship
        }
        """, FormerNames(), .compatible, ""
      ),
      (
        """
        workflow w(n: int = 1) -> int {
          step charge = x.once(n: n)
          wait ok = signal("ok") after charge
          output charge
        }
        """, FormerNames(), .unsafe,
        "pay took place; the new version has no such step there, but charge calls x.once too and would do it again: "
          + "if it is the same step, write `was pay` at it"
      ),
      (
        """
        workflow w(n: int = 1) -> int {
          step charge = x.once(n: n) was pay
          wait ok = signal("ok") after charge
          output charge
        }
        """, FormerNames(current: ["pay": "charge"]), .compatible, ""
      ),
      (
        """
        workflow w(n: int = 1) -> int {
          step pay = x.once(n: n)
          output pay
        }
        """, FormerNames(), .needsMigration,
        "the run waits at ok, which the new version does not have there: end the wait, or keep it"
      ),
      (
        """
        workflow w(n: string = "") -> string {
          wait ok = signal("ok")
          output n
        }
        """, FormerNames(), .needsMigration,
        "the parameter n is string now, and the run was given another value: expected string, found 1"
      ),
      (
        """
        workflow w(n: int = 1, m: int) -> int {
          step pay = x.once(n: n)
          wait ok = signal("ok") after pay
          output pay + m
        }
        """, FormerNames(), .needsMigration,
        "the parameter m is new and the run was not given it: give it a default"
      ),
      (
        """
        workflow w(n: int = 1) -> list<int> {
          for i in [n] {
            step pay = x.once(n: i)
          }
          wait ok = signal("ok") after pay
          output pay
        }
        """, FormerNames(), .unsafe,
        "pay took place; the new version has no such step there, but pay calls x.once too and would do it again: "
          + "if it is the same step, write `was pay` at it"
      ),
    ]

  @Test func whatIsSaidOfAChange() async throws {
    for (text, names, verdict, words) in Self.cases {
      let outside = MovedWorld()
      let (old, store) = try await Moving.waiting(Moving.paid, outside)
      let change = try await old.change(to: try Moving.harness(text, outside), names, in: store)
      #expect(change.verdict == verdict, "\(text)")
      #expect(change.findings.first?.message ?? "" == words, "\(text)")
      #expect(change.kept == (verdict == .compatible ? 1 : change.kept))
    }
  }

  @Test func aResultThatDoesNotFitIsMadeAgainWhereItMayBe() async throws {
    for (node, verdict) in [("x.read", RunChange.Verdict.compatible), ("x.once", .needsMigration)] {
      let outside = MovedWorld()
      let (old, store) = try await Moving.waiting(
        "workflow w() -> int {\n  step a = \(node)(n: 1)\n  wait ok = signal(\"ok\") after a\n  output a\n}", outside)
      let text = Moving.nodes.replacing("-> int", with: "-> string")
      let new = try RunHarness(
        text + "workflow w() -> string {\n  step a = \(node)(n: 1)\n  wait ok = signal(\"ok\") after a\n  output a\n}",
        nodes: outside.nodes)
      let change = try await old.change(to: new, in: store)
      #expect(change.verdict == verdict, "\(change.findings)")
      #expect(change.paths["a"] == (verdict == .compatible ? nil : "a"))
    }
  }

  @Test func whatWouldNotBeUndoneAnyMoreKeepsTheRun() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(
      """
      workflow w() {
        step held = x.keyed(n: 1) with compensate(x.undo(n: self))
        wait ok = signal("ok") after held
      }
      """, outside)
    let new = try Moving.harness("workflow w() {\n  wait ok = signal(\"ok\")\n}", outside)
    let change = try await old.change(to: new, in: store)
    #expect(
      change.findings.map(\.message) == [
        "held took place and would not be undone any more when the run fails: keep the step"
      ])
  }

  // MARK: - What is done

  /// A step that is new stands before one that is done: what that gave counts once it is wanted, by whichever process.
  @Test func whatIsDoneCountsWhereverItStandsNow() async throws {
    for leaving in [RunOptions.Leaving.whenWaiting, .never] {
      let outside = MovedWorld()
      let (old, store) = try await Moving.waiting(Moving.paid, outside)
      var new = try Moving.harness(
        """
        workflow w(n: int = 1, m: int = 5) -> int {
          step first = x.once(n: m)
          wait also = signal("also") after first
          step charge = x.once(n: n) after also
          wait ok = signal("ok") after charge
          step ship = x.once(n: charge + first) after ok
          output ship
        }
        """, outside)
      new.leaving = leaving
      let change = try await old.move(to: new, FormerNames(current: ["pay": "charge"]), in: store)
      #expect(change.findings == [] && change.kept == 1 && change.paths == ["pay": "charge", "ok": "ok"])
      #expect(try await store.run("r").decodedPlan() == new.plan)
      try await Moving.signal(store, new, "ok")
      if leaving == .whenWaiting {
        guard case .waiting(let waits) = try await new.resume(in: store) else { throw Unexpected() }
        #expect(waits.map(\.path) == ["also"])
      }
      try await Moving.signal(store, new, "also")
      #expect(try await new.resume(in: store) == .ended(.succeeded(.int(1 + 100 + 5 + 100 + 100))))
      #expect(outside.calls == ["r/pay", "r/first", "r/ship"])
      // Once more, by the journal alone.
      let steps = try await new.history(in: store).steps(of: new.plan, isClaimed: false)
      #expect(Set(steps.map(\.path)) == ["charge", "first", "ship"])
    }
  }

  @Test func aStepThatHasAnotherNameKeepsItsKey() async throws {
    let outside = MovedWorld(failing: ["r/pay"])
    let text = """
      workflow w() -> int {
        step NAME = x.keyed(n: 1) with retry(3, backoff: fixed(1h))
        output NAME
      }
      """
    let old = try Moving.harness(text.replacing("NAME", with: "pay"), outside)
    let store = InMemoryRunStore()
    guard case .waiting = try await old.start(in: store) else { throw Unexpected() }
    let new = try Moving.harness(text.replacing("NAME", with: "charge"), outside)
    #expect(try await old.move(to: new, FormerNames(current: ["pay": "charge"]), in: store).findings == [])
    outside.heal()
    let now = new.clock.now()
    await new.clock.sleep(until: now.adding(TimeSpan(nanoseconds: 7_200_000_000_000)) ?? now)
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(101))))
    #expect(outside.calls == ["r/pay", "r/pay"])
  }

  /// It is not made, wherever it stands: nobody knows whether it took place.
  @Test func aStepInDoubtStaysInDoubt() async throws {
    let outside = MovedWorld()
    let old = try Moving.harness(Moving.paid, outside)
    let store = InMemoryRunStore()
    try await Self.leaveInPay(old, store)
    let new = try Moving.harness(
      """
      workflow w(n: int = 1) -> int {
        wait first = signal("first")
        step pay = x.once(n: n) after first
        wait ok = signal("ok") after pay
        step ship = x.once(n: pay) after ok
        output ship
      }
      """, outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    guard case .waiting = try await new.resume(in: store) else { throw Unexpected() }
    try await Moving.signal(store, new, "first")
    #expect(try await new.resume(in: store) == .paused(indeterminate: ["pay"]))
    try await new.settle("pay", .done(.int(7)), in: store)
    try await Moving.signal(store, new, "ok")
    #expect(try await new.resume(in: store) == .ended(.succeeded(.int(107))))
    #expect(outside.calls == ["r/ship"])
  }

  /// A run as a process leaves it that dies in its step `pay`.
  private static func leaveInPay(_ harness: RunHarness, _ store: InMemoryRunStore) async throws {
    let (now, plan) = (harness.clock.now(), harness.plan)
    let run = NewRun(
      id: "r", workflow: "w", key: nil, plan: plan.encoded(), planHash: plan.hash, directory: "/", startedAt: now,
      firstBatch: RunHistory(input: harness.input, startedAt: now).firstBatch)
    guard case .created(let claim) = try await store.create(run) else { throw Unexpected() }
    let begun = RecordedEvent(path: "pay", kind: .attemptStarted(attempt: 1), at: now)
    let batch = JournalBatch(number: 1, bytes: JournalCodec.encode([begun]))
    try await store.append(batch, to: "r", RunState(.running, at: now))
    withExtendedLifetime(claim) {}
  }

  @Test func aTimeThatHadComeHasComeStill() async throws {
    let outside = MovedWorld()
    var old = try Moving.harness(
      """
      workflow w() -> int {
        wait over = delay(1h)
        wait ok = signal("ok") after over
        output 1
      }
      """, outside)
    old.leaving = .whenSignalled
    let store = InMemoryRunStore()
    guard case .waiting(let waits) = try await old.start(in: store), waits.map(\.path) == ["ok"] else {
      throw Unexpected()
    }
    var new = try Moving.harness(
      """
      workflow w() -> int {
        step first = x.once(n: 1)
        wait over = delay(1h) after first
        wait ok = signal("ok") after over
        output first
      }
      """, outside)
    new.leaving = .whenSignalled
    let before = old.clock.now()
    #expect(try await old.move(to: new, in: store).findings == [])
    guard case .waiting(let left) = try await new.resume(in: store) else { throw Unexpected() }
    #expect(left.map(\.path) == ["ok"] && old.clock.now().since(before) < TimeSpan(nanoseconds: 3_600_000_000_000))
  }

  private static func paths(_ harness: RunHarness, _ store: InMemoryRunStore) async throws -> Set<String> {
    Set(try await harness.history(in: store).events.map(\.path).filter { !$0.isEmpty })
  }

  /// What is not in the plan any more is still seen, and counts for nothing.
  @Test func whatIsGoneIsSeen() async throws {
    let outside = MovedWorld()
    let (old, store) = try await Moving.waiting(Moving.paid, outside)
    let new = try Moving.harness("workflow w() -> int {\n  wait ok = signal(\"ok\")\n  output 2\n}", outside)
    #expect(try await old.move(to: new, in: store).findings == [])
    #expect(try await new.history(in: store).steps(of: new.plan, isClaimed: false) == [])
    #expect(try await Self.paths(new, store) == ["pay@gone"])
    // And once more.
    let newest = try Moving.harness("workflow w() -> int {\n  wait ok = signal(\"ok\")\n  output 3\n}", outside)
    #expect(try await new.move(to: newest, in: store).findings == [])
    #expect(try await Self.paths(newest, store) == ["pay@gone"])
    try await Moving.signal(store, newest, "ok")
    #expect(try await newest.resume(in: store) == .ended(.succeeded(.int(3))))
  }
}

private struct Unexpected: Error {}

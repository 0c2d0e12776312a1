import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import DxshTime
import Synchronization
import Testing

/// `on_interrupt`: what is done about a `once` step of which nobody knows whether it took place (rule 63).
struct InterruptionTests {
  private static let nodes = """
    node x.pay(order: int) -> string effect once throws refused timeout(1m)
    node x.find(order: int, broken: bool = false) -> string? effect read throws refused timeout(1m)
    node x.check(order: int) -> bool effect read throws refused timeout(1m)
    node x.refund(receipt: string) -> {} effect keyed timeout(1m)

    """

  /// What becomes of a payment.
  private enum Fate {
    case takesPlace
    /// It takes place, and its answer is lost.
    case isLost
    /// Its question is lost.
    case vanishes
    /// The bank says no.
    case isRefused
    /// It takes place after an hour.
    case isSlow
  }

  private final class Bank: Sendable {
    private let state = Mutex<(fates: [Fate], payments: Int, refunds: Int)>(([], 0, 0))
    let asked = Mutex(0)

    init(_ fates: [Fate]) { state.withLock { $0.fates = fates } }

    var payments: Int { state.withLock(\.payments) }
    var refunds: Int { state.withLock(\.refunds) }

    private func pay() throws(NodeFailure) -> NodeAnswer {
      let fate = state.withLock { state in
        let fate = state.fates.isEmpty ? .takesPlace : state.fates.removeFirst()
        if fate == .takesPlace || fate == .isLost { state.payments += 1 }
        return fate
      }
      switch fate {
      case .takesPlace: return .value(.string("receipt"))
      case .isLost, .vanishes: throw NodeFailure("unavailable", "the answer was lost", isOutcomeUnknown: true)
      case .isRefused: throw NodeFailure("refused", "not now")
      case .isSlow: return .after(TimeSpan(nanoseconds: 3_600_000_000_000), .string("receipt"))
      }
    }

    var nodes: [any NodeImplementation] {
      [
        ScriptedNode("x.pay") { [self] _ throws(NodeFailure) in try pay() },
        ScriptedNode("x.find") { [self] call throws(NodeFailure) in
          asked.withLock { $0 += 1 }
          if call["broken"] == .bool(true) { throw NodeFailure("refused", "it cannot be asked") }
          return .value(payments > 0 ? .string("receipt") : .none)
        },
        ScriptedNode("x.check") { [self] _ throws(NodeFailure) in .value(.bool(payments > 0)) },
        ScriptedNode("x.refund") { [self] _ throws(NodeFailure) in
          state.withLock { $0.refunds += 1 }
          return .value(.record(RecordValue(RecordShape([]), [])))
        },
      ]
    }
  }

  private func harness(_ bank: Bank, _ policies: String) throws -> RunHarness {
    try RunHarness(
      Self.nodes + """
        workflow w() -> string {
          step pay = x.pay(order: 7) with \(policies)
          output pay
        }
        """, nodes: bank.nodes)
  }

  @Test func whatTookPlaceSucceedsWithWhatWasFound() async throws {
    let bank = Bank([.isLost])
    let harness = try harness(bank, "on_interrupt(verify(x.find(order: 7)))")
    let store = InMemoryRunStore()
    #expect(try await harness.start(in: store) == .ended(.succeeded(.string("receipt"))))
    #expect(bank.payments == 1 && bank.asked.withLock { $0 } == 1)
    let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
    #expect(steps.map(\.path) == ["pay", "pay@verify"] && steps.allSatisfy { $0.status == .succeeded })
  }

  @Test func whatDidNotIsTriedAgain() async throws {
    let bank = Bank([.vanishes, .vanishes])
    let harness = try harness(bank, "on_interrupt(verify(x.find(order: 7)))")
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.string("receipt"))))
    #expect(bank.payments == 1 && bank.asked.withLock { $0 } == 2)
  }

  @Test func itIsTriedSoOftenInAll() async throws {
    for (policies, attempts) in [("", 3), (", retry(2)", 2)] {
      let bank = Bank([.vanishes, .vanishes, .vanishes])
      let harness = try harness(bank, "on_interrupt(verify(x.find(order: 7)))\(policies)")
      guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
        throw Unexpected("it fails")
      }
      #expect(failure.kind == "interrupted" && failure.attempt == attempts && failure.path == "pay")
      #expect(bank.payments == 0 && bank.asked.withLock { $0 } == attempts)
    }
  }

  /// Without a journal too: nobody has to be asked.
  @Test func nothingNeedsToBeKeptForIt() async throws {
    let bank = Bank([.isLost])
    let harness = try harness(bank, "on_interrupt(verify(x.find(order: 7)))")
    #expect(try await harness.start(in: InMemoryRunStore(recording: false)) == .ended(.succeeded(.string("receipt"))))
    #expect(bank.payments == 1)
  }

  /// Before every repetition, also of an attempt of which the node says that it failed.
  @Test func aRetryAsksFirst() async throws {
    let bank = Bank([.isRefused, .takesPlace])
    let harness = try harness(
      bank, "on_interrupt(verify(x.find(order: 7))), retry(3, backoff: fixed(1h), jitter: false)")
    let start = harness.clock.now()
    #expect(try await harness.start(in: InMemoryRunStore()) == .ended(.succeeded(.string("receipt"))))
    #expect(bank.payments == 1 && bank.asked.withLock { $0 } == 1)
    #expect(harness.clock.now().since(start) == TimeSpan(nanoseconds: 3_600_000_000_000))
  }

  @Test func whoCannotBeAskedLeavesItToAPerson() async throws {
    for fate in [Fate.isLost, .isRefused] {
      let bank = Bank([fate])
      let harness = try harness(bank, "on_interrupt(verify(x.find(order: 7, broken: true))), retry(2)")
      let store = InMemoryRunStore()
      #expect(try await harness.start(in: store) == .paused(indeterminate: ["pay"]))
      #expect(bank.asked.withLock { $0 } == 3)
      #expect(try await harness.resume(in: store) == .paused(indeterminate: ["pay"]))
      let steps = try await harness.history(in: store).steps(of: harness.plan, isClaimed: false)
      #expect(steps.first?.needsDecision == true)
      #expect(steps.first?.message?.contains("pay@verify could not say (refused: it cannot be asked)") == true)
      try await harness.settle("pay", .done(.string("by hand")), in: store)
      #expect(try await harness.resume(in: store) == .ended(.succeeded(.string("by hand"))))
      #expect(bank.asked.withLock { $0 } == 3)
    }
  }

  @Test func aTimeoutAndADeadlineInterrupt() async throws {
    for policy in ["timeout(5s)", "deadline(10s)"] {
      let bank = Bank([.isSlow])
      let harness = try harness(bank, "\(policy), on_interrupt(verify(x.find(order: 7)))")
      let stop = try await harness.start(in: InMemoryRunStore())
      if policy == "timeout(5s)" {
        #expect(stop == .ended(.succeeded(.string("receipt"))))
      } else {
        // It did not take place, and there is no time for another attempt.
        guard case .ended(.failed(let failure)) = stop else { throw Unexpected("it fails") }
        #expect(failure.kind == "deadline" && failure.attempt == 2)
      }
      #expect(bank.asked.withLock { $0 } == 1)
    }
  }

  /// A step that is cut off has to be undone if it took place.
  @Test(arguments: [true, false])
  func whatIsCutOffIsVerifiedAndUndone(_ tookPlace: Bool) async throws {
    let bank = Bank([.isSlow])
    let harness = try RunHarness(
      Self.nodes + """
        workflow w() {
          step pay = x.pay(order: 7)
            with on_interrupt(verify(x.find(order: 7))), compensate(x.refund(receipt: self))
          step other = \(tookPlace ? "x.pay(order: 8)" : "debug.echo(value: \"\")")
          step nap = debug.sleep(duration: 1s) after other
          assert nap != {}, "it fails meanwhile"
        }
        """, nodes: bank.nodes)
    guard case .ended(.failed(let failure)) = try await harness.start(in: InMemoryRunStore()) else {
      throw Unexpected("it fails")
    }
    #expect(failure.kind == "assertion")
    #expect(bank.asked.withLock { $0 } == 1 && bank.refunds == (tookPlace ? 1 : 0))
  }

  /// Whatever the store does, nobody is asked, and it is paid once.
  @Test(arguments: ["x.find(order: 7)", "x.check(order: 7)"])
  func aCrashAtEveryCallIsVerified(_ verification: String) async throws {
    let result = verification.hasPrefix("x.find") ? "pay" : "\"paid\""
    for fault in [CrashingStore.Fault.before, CrashingStore.Fault.after, CrashingStore.Fault.torn] {
      var number = 2
      while true {
        let bank = Bank([.vanishes])
        let harness = try RunHarness(
          Self.nodes + """
            workflow w() -> string {
              step pay = x.pay(order: 7) with on_interrupt(verify(\(verification)))
              step told = debug.echo(value: \(result)) after pay
              output told
            }
            """, nodes: bank.nodes)
        let store = CrashingStore(fault(number))
        var stop: EngineStop
        do {
          stop = try await harness.start(in: store)
        } catch {
          stop = try await harness.resume(in: store.survivor)
        }
        let output: Value = verification.hasPrefix("x.find") ? .string("receipt") : .string("paid")
        #expect(stop == .ended(.succeeded(output)), "\(number)")
        #expect(bank.payments == 1, "\(number)")
        if !store.hasFailed { break }
        number += 1
      }
      #expect(number > 4)
    }
  }

  @Test func whatIsSettledIsNotAskedAbout() async throws {
    let bank = Bank([.vanishes])
    var harness = try harness(bank, "on_interrupt(verify(x.find(order: 7))), retry(3, backoff: fixed(1h))")
    harness.leaving = .whenWaiting
    let store = InMemoryRunStore()
    guard case .waiting = try await harness.start(in: store) else { throw Unexpected("it waits") }
    try await harness.settle("pay", .done(.string("by hand")), in: store)
    #expect(try await harness.resume(in: store) == .ended(.succeeded(.string("by hand"))))
    #expect(bank.asked.withLock { $0 } == 0)
  }
}

private struct Unexpected: Error {
  let what: String
  init(_ what: String) { self.what = what }
}

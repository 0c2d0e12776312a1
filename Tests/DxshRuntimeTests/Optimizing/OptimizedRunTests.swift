import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshTestSupport
import Glibc
import Synchronization
import Testing

/// What the optimizer makes of a workflow does what the workflow does: the same output or failure, the same effects as
/// often and in an order that the workflow allows. And a run goes on under either from wherever it came under the
/// other.
///
/// `make optimizations` takes more seeds.
@Suite("Optimized runs")
struct OptimizedRunTests {
  /// `DXSH_OPTIMIZED=2000`; `DXSH_OPTIMIZED_FIRST=827 DXSH_OPTIMIZED=828` repeats one seed.
  static let seeds = number("DXSH_OPTIMIZED_FIRST", or: 0)..<number("DXSH_OPTIMIZED", or: 200)

  private static func number(_ variable: String, or standard: UInt64) -> UInt64 {
    getenv(variable).flatMap { UInt64(String(cString: $0)) } ?? standard
  }

  @Test("A random workflow does the same, optimized or not, and goes on under the other plan", arguments: seeds)
  func random(_ seed: UInt64) async throws {
    let text = SharingWorkflow(seed: seed).text
    let words = "seed \(seed)\n\(text)"
    let plain = try await Course(text, optimized: false)
    let optimized = try await Course(text, optimized: true)
    #expect(plain.outcome == optimized.outcome, "\(words)")
    #expect(plain.difference(to: optimized) == [], "\(words)")
    let order = EffectOrder(try RunHarness(text, allowing: Course.allowed).plan)
    #expect(order.broken(by: plain.effects.map(\.path)) == [], "\(words)")
    #expect(order.broken(by: optimized.effects.map(\.path)) == [], "\(words)")
    var dice = SeededGenerator(seed)
    for (whole, isOptimized) in [(plain, false), (optimized, true)] where whole.events.count > 2 {
      let cut = 1 + Int(dice.next() % UInt64(whole.events.count - 1))
      let before = "cut after \(cut) events of the \(isOptimized ? "optimized" : "other") plan"
      do {
        let rest = try await rest(of: whole, cutAfter: cut, optimized: !isOptimized, text)
        expect(rest, toComplete: whole, cutAfter: cut, "\(before), \(words)")
      } catch {
        Issue.record("\(error), \(before), \(words)")
      }
    }
  }

  @Test("A run goes on under the other plan from each of its events", arguments: SharedSteps.all)
  func everyEvent(_ shared: SharedSteps) async throws {
    for optimized in [false, true] {
      let whole = try await Course(shared.text, optimized: optimized)
      for cut in 1..<whole.events.count {
        let words = "cut after \(cut) events, \(optimized ? "optimized" : "not optimized") before"
        let rest = try await rest(of: whole, cutAfter: cut, optimized: !optimized, shared.text)
        expect(rest, toComplete: whole, cutAfter: cut, words)
      }
    }
  }

  @Test("Every fixture goes on under the other plan from each of its events", arguments: RunFixtureTests.fixtures)
  func everyFixture(_ path: String) async throws {
    let text = try #require(Repository.read(path))
    for optimized in [false, true] {
      let whole = try await Course(text, optimized: optimized)
      for cut in 1..<whole.events.count {
        let rest = try await rest(of: whole, cutAfter: cut, optimized: !optimized, text)
        #expect(rest.outcome == whole.outcome, "cut after \(cut) events")
        let settled = Set(whole.events.prefix(cut).filter(\.isCompletion).map(\.path))
        #expect(rest.effects.map(\.path).filter(settled.contains) == [], "cut after \(cut) events")
      }
    }
  }

  private func rest(
    of whole: Course, cutAfter cut: Int, optimized: Bool, _ text: String
  ) async throws -> Course {
    try await Course(text, optimized: optimized, after: Array(whole.events.prefix(cut)), knowing: whole)
  }

  private func expect(_ rest: Course, toComplete whole: Course, cutAfter cut: Int, _ words: String) {
    #expect(rest.outcome == whole.outcome, "\(words)")
    // What had begun and is `once` was settled by hand.
    let begun = Set(
      whole.events.prefix(cut).filter { event in
        if case .attemptStarted = event.kind { true } else { event.isCompletion }
      }.map(\.path))
    #expect(rest.effects.map(\.path).filter(begun.contains) == [], "\(words)")
    guard case .succeeded? = rest.outcome else { return }
    var course = rest
    course.effects += whole.effects.filter { begun.contains($0.path) }
    #expect(whole.difference(to: course) == [], "\(words)")
  }
}

/// Small workflows that the optimizer makes another of.
enum SharedSteps: String, CaseIterable {
  case merged, mergedBehindOthers, hoisted, hoistedTwice, unused, inBranches

  static var all: [SharedSteps] { allCases }

  var text: String {
    let nodes = """
      node t.calc(n: int, m: int = 0) -> int effect pure throws odd timeout(1h)
      node t.act(n: int) -> int effect once timeout(1h)
      node t.note(n: int) -> int effect keyed timeout(1h)

      """
    return nodes + "workflow w(n: int = 3, ns: list<int> = [4, 5, 6]) -> int {\n" + body + "\n}\n"
  }

  private var body: String {
    switch self {
    case .merged:
      """
        step a = t.calc(n: n)
        step b = t.calc(n: n)
        step c = t.act(n: b)
        step d = t.act(n: a)
        output c + d
      """
    case .mergedBehindOthers:
      """
        step first = t.act(n: n)
        step a = t.calc(n: n) after first
        step second = t.act(n: 1) after first
        step b = t.calc(n: n) after first, second
        step c = t.calc(n: b)
        step d = t.calc(n: a)
        step e = t.act(n: c)
        output d + e
      """
    case .hoisted:
      """
        for i in ns {
          step h = t.calc(n: n)
          step g = t.calc(n: h, m: 1)
          step x = t.act(n: g + i)
        }
        output x.sum() + h.sum()
      """
    case .hoistedTwice:
      """
        for i in ns {
          for j in ns with parallel(1) {
            step h = t.calc(n: n)
            step x = t.note(n: h + i + j)
          }
          let s = x.sum()
        }
        repeat r = 1 with max(3) {
          step k = t.calc(n: n)
          step y = t.act(n: k + r)
          next y % 10
        }
        output s.sum() + r
      """
    case .unused:
      """
        step a = t.act(n: n)
        step u = t.calc(n: a)
        step b = t.act(n: 2) after u
        step v = t.calc(n: b)
        output b
      """
    case .inBranches:
      """
        step a = t.calc(n: n)
        if n > 2 {
          step b = t.calc(n: n)
          step x = t.act(n: b)
        } else {
          step x = t.act(n: 0)
        }
        try {
          step d = t.calc(n: n)
          step y = t.act(n: d + a)
        } catch e {
          let y = 0
        }
        output x + y
      """
    }
  }
}

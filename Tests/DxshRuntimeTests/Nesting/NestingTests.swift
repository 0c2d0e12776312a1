import DxshTestSupport
import Glibc
import Testing

/// Any policies combined behave as rule 42 says: the engine does, moment by moment, what the model does, also when its
/// process dies. DXSH_NESTING says how many cases there are of each pair of policies; DXSH_NESTING_SEED names the only
/// one to be made.
struct NestingTests {
  private typealias Policy = PolicyCase.Policy

  private static func number(_ variable: String) -> UInt64? {
    getenv(variable).flatMap { UInt64(String(cString: $0)) }
  }

  /// Of each pair.
  private static let count = number("DXSH_NESTING") ?? 5

  private static let pairs = Policy.allCases.indices.flatMap { first in
    Policy.allCases.indices.dropFirst(first + 1).map { (first, $0) }
  }

  /// The pairs in turn, and between two turns as many random sets of three and more.
  private static func policies(_ seed: UInt64) -> Set<Policy> {
    let all = Policy.allCases
    let turn = Int(seed % UInt64(pairs.count * 2))
    if turn < pairs.count { return [all[pairs[turn].0], all[pairs[turn].1]] }
    var random = SeededGenerator(seed ^ 0x42)
    let size = [3, 3, 4, 5, 7, all.count].randomElement(using: &random) ?? 3
    return Set(all.shuffled(using: &random).prefix(size))
  }

  private static let parts: UInt64 = 4
  /// In how many worlds each case is run.
  private static let courses: UInt64 = 5

  @Test(arguments: 0..<parts)
  func policiesNestAsTheRuleSays(_ part: UInt64) throws {
    if let seed = Self.number("DXSH_NESTING_SEED") {
      if part == 0 { _ = try check(seed) }
      return
    }
    var failures = 0
    for seed in 0..<(Self.count * UInt64(Self.pairs.count) * 2) where seed % Self.parts == part && failures < 3 {
      if try !check(seed) { failures += 1 }
    }
  }

  /// Whether a case goes as the model says in all its worlds.
  private func check(_ seed: UInt64) throws -> Bool {
    var random = SeededGenerator(seed ^ 0xC4A5)
    let policies = PolicyCase(seed: seed, Self.policies(seed), hasRivals: Bool.random(using: &random))
    let world = try NestingWorld(policies)
    for number in 0..<Self.courses {
      if try !check(policies.course(number), in: world, &random) { return false }
    }
    return true
  }

  /// Undisturbed and with a crash.
  private func check(
    _ policies: PolicyCase, in world: NestingWorld, _ random: inout SeededGenerator
  ) throws -> Bool {
    let model = Expectation(policies)
    let course = try world.course(policies, order: random.next())
    guard model.isMet(by: course) else {
      report(policies, "undisturbed", [model], course)
      return false
    }
    // What else uses the pool begins anew with another process, at a time of its own.
    if policies.rivalCount > 0 { return true }
    let number = Int.random(in: 2...12, using: &random)
    let faults: [CrashingStore.Fault] = [.before(number), .after(number), .torn(number)]
    let fault = faults.randomElement(using: &random) ?? .before(number)
    let broken = try world.course(policies, fault, order: random.next())
    let expected = Self.expected(policies, model, broken)
    if expected.contains(where: { $0.isMet(by: broken) }) { return true }
    report(policies, "\(fault)", expected, broken)
    return false
  }

  /// What the model says of a case.
  private struct Expectation {
    let model: NestingModel
    let results: [String]

    init(_ policies: PolicyCase, loss: NestingModel.Loss? = nil) {
      var model = NestingModel(policies, loss: loss)
      results = model.results()
      self.model = model
    }

    func isMet(by course: NestingWorld.Course) -> Bool {
      course.lines == model.lines && course.results == results && course.shared == model.shared
    }

    var description: String { (model.lines + model.shared + ["\(results)"]).joined(separator: "\n") }
  }

  /// What may come of a case whose process died: the same, or what was not recorded at that moment is done again, or
  /// the breaker has not heard of what was.
  private static func expected(
    _ policies: PolicyCase, _ undisturbed: Expectation, _ course: NestingWorld.Course
  ) -> [Expectation] {
    guard let diedAt = course.diedAt else { return [undisturbed] }
    var losses: [NestingModel.Loss] = []
    for (number, attempt) in undisturbed.model.attempts.enumerated() {
      if attempt.began == diedAt || attempt.ended == diedAt {
        losses += [true, false].map { .attempt(number, at: diedAt, isRecorded: $0) }
      }
      if attempt.ended == diedAt { losses.append(.finding(number)) }
    }
    return [undisturbed] + losses.map { Expectation(policies, loss: $0) }
  }

  private func report(
    _ policies: PolicyCase, _ what: String, _ expected: [Expectation], _ course: NestingWorld.Course
  ) {
    let died = course.diedAt.map { ", died at \($0)" } ?? ""
    Issue.record(
      """
      seed \(policies.seed), \(what)\(died); again: DXSH_NESTING_SEED=\(policies.seed) swift test --filter NestingTests
      \(policies.text)
      the model:
      \(expected.map(\.description).joined(separator: "\nor:\n"))
      the engine:
      \((course.lines + course.shared).joined(separator: "\n"))
      \(course.results.map { "\($0)" } ?? "no result")
      """)
  }
}

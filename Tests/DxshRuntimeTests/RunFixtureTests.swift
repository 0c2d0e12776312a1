import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshRuntime
import DxshSyntax
import DxshTestSupport
import Testing

/// Every workflow in `Tests/Fixtures/run` runs to the outcome beside it, whatever the optimizer did.
struct RunFixtureTests {
  static let fixtures = Repository.files(below: "Tests/Fixtures/run", withEnding: ".dxsh")

  @Test(arguments: fixtures)
  func runsToItsOutcome(_ path: String) async throws {
    let text = try #require(Repository.read(path))
    let optimized = try await RunTests.run(text)
    let plain = try await RunTests.run(text, optimized: false)
    #expect(optimized.outcome == plain.outcome)
    #expect(effects(of: optimized) == effects(of: plain))
    let narrow = try await RunTests.run(text, maxParallel: 1)
    #expect(narrow.outcome == plain.outcome)
    Golden.expect(try render(plain), toMatch: String(path.dropLast(5)) + ".txt")
  }

  @Test(arguments: fixtures)
  func plansReadBack(_ path: String) throws {
    let text = try #require(Repository.read(path))
    let compilation = compile(SourceFile(id: FileID(0), name: path, text: text), library: RunHarness.library)
    let plan = try #require(compilation.plans.first)
    let bytes = plan.encoded()
    let copy = try Plan.decode(bytes)
    #expect(copy == plan)
    #expect(copy.encoded() == bytes)
    #expect(copy.hash == plan.hash)
  }

  /// What steps succeeded with, without the order of what runs side by side.
  private func effects(of run: RunTests.Run) -> [String] {
    run.events.map { "\($0.path) \($0.kind)" }.filter { !$0.contains("ended") }.sorted()
  }

  private func render(_ run: RunTests.Run) throws -> String {
    switch run.outcome {
    case .succeeded(let value):
      "succeeded after \(run.elapsed)\n"
        + (value.isNone ? "" : String(decoding: try JSONWriter.write(value, indented: true), as: UTF8.self) + "\n")
    case .failed(let failure):
      "failed after \(run.elapsed) at \(failure.path), attempt \(failure.attempt)\n"
        + "\(failure.kind): \(failure.message)\n"
    case .cancelled: "cancelled after \(run.elapsed)\n"
    }
  }
}

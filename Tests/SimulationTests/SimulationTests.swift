import DxshTestSupport
import Testing

/// The engine in a simulated world, in short: `make simulate` has ten thousand seeds in a release build.
struct SimulationTests {
  private func simulate(_ arguments: String) -> Program.Result {
    Program.shell("\(Program.folder)/DxshSimulation \(arguments)")
  }

  @Test func noSeedBreaksAnInvariant() {
    let result = simulate("100")
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
    #expect(result.output.hasPrefix("simulated 100 seeds from 0 in "))
    #expect(result.output.hasSuffix(" jobs, no invariant broken\n"))
  }

  /// A seed that found something finds it again.
  @Test func aSeedIsTheSameEachTime() {
    let first = simulate("--seed 7")
    #expect(first.exitCode == 0)
    #expect(first.output == simulate("--seed 7").output)
    #expect(first.output != simulate("--seed 8").output)
  }

  /// Each planted bug, which `make planted` finds, is still one that can be planted.
  @Test(arguments: Repository.files(below: "Tests/Fixtures/planted", withEnding: ".patch"))
  func everyPlantedBugFits(_ path: String) throws {
    let result = Program.shell("patch --dry-run -s -p1 -o /dev/null < \(path)")
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
  }

  @Test func thereAreTenPlantedBugs() {
    #expect(Repository.files(below: "Tests/Fixtures/planted", withEnding: ".patch").count >= 10)
  }
}

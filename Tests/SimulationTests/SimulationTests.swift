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

  /// `seeds.txt` says which of the first 1,000 seeds found each of them when `make planted` was last run.
  @Test func everyPlantedBugWasFound() throws {
    let bugs = Repository.files(below: "Tests/Fixtures/planted", withEnding: ".patch")
    let found = try #require(Repository.read("Tests/Fixtures/planted/seeds.txt")).split(separator: "\n")
    #expect(bugs.count >= 10)
    #expect(found.count == bugs.count)
    for (bug, line) in zip(bugs.sorted(), found) {
      let parts = line.split(separator: ": ", maxSplits: 2)
      #expect(bug.hasSuffix("/\(parts[0]).patch"))
      let seed = try #require(parts[1].split(separator: " ").last.flatMap { Int($0) }, "\(line)")
      #expect(seed < 1000)
    }
  }
}

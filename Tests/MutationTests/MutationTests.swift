import DxshSyntax
import DxshTestSupport
import Glibc
import Testing

/// Plants mistakes into files without any, and counts how `check` tells of them.
///
/// `DXSH_MUTANTS` says how many there are of each kind and notation at most, and prints the table; `make mutate`.
struct MutationTests {
  static let files =
    Repository.files(below: "samples", withEnding: ".dxsh")
    + Repository.files(below: "Tests/Fixtures/run", withEnding: ".dxsh")

  /// Nearly all mistakes are one diagnostic, on the line where they are; every one is caught.
  @Test func mistakesAreCaughtOnceOnTheirLines() async throws {
    let wanted = getenv("DXSH_MUTANTS").flatMap { Int(String(cString: $0)) }
    let most = wanted ?? 6
    var random = SeededGenerator(2027)
    var all: [Mistake: [Mutant]] = [:]
    for path in Self.files {
      let file = SourceFile(id: FileID(0), name: path, text: try #require(Repository.read(path)))
      for mutant in Planter.mutants(of: file) { all[mutant.mistake, default: []].append(mutant) }
      let yaml = SourceFile(id: FileID(0), name: path + ".yaml", text: printYAML(parse(file).tree, of: file).text)
      for mutant in YAMLPlanter.mutants(of: yaml) { all[mutant.mistake, default: []].append(mutant) }
    }
    var report = MutationReport()
    for mistake in Mistake.allCases {
      let candidates = (all[mistake] ?? []).shuffled(using: &random)
      for asYAML in [false, true] {
        var taken = 0
        for mutant in candidates where taken < most {
          guard let trial = Trial(mutant, asYAML: asYAML) else { continue }
          taken += 1
          await report.count(trial)
        }
      }
    }
    if wanted != nil { print(report.text) }
    #expect(report.uncaught == [])
    #expect(report.total.once * 100 >= report.total.all * 95, "\(report.repeated.joined(separator: "\n"))")
    #expect(report.total.onLine * 100 >= report.total.all * 98, "\(report.elsewhere.joined(separator: "\n"))")
  }
}

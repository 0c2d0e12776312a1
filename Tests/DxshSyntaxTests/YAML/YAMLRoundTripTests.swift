import DxshSyntax
import DxshTestSupport
import Testing

/// What is written as YAML reads as the same tree.
@Suite struct YAMLRoundTripTests {
  static let files = ["samples", "stdlib", "Tests/Fixtures"].flatMap {
    Repository.files(below: $0, withEnding: ".dxsh")
  }

  @Test(arguments: files)
  func filesKeepTheirTree(_ path: String) throws {
    let file = SourceFile(id: FileID(0), name: path, text: try #require(Repository.read(path)))
    guard parse(file).diagnostics.allSatisfy({ $0.severity == .warning }) else { return }
    #expect(expectRoundTrip(file) == .same)
  }

  @Test(arguments: ValidSources.all)
  func everythingTheParserKnowsKeepsItsTree(_ text: String) {
    #expect(expectRoundTrip(sourceFile(text)) == .same)
  }

  @Test func randomModulesKeepTheirTree() {
    var count = 0
    var seed: UInt64 = 0
    while count < 5_000, seed < 50_000 {
      let file = sourceFile(RandomModule.text(seed: seed), name: "seed \(seed)")
      seed += 1
      switch expectRoundTrip(file) {
      case .same: count += 1
      case .refused: break
      case .different: return
      }
    }
    #expect(count == 5_000)
  }
}

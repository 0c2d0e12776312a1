import DxshCompiler
import DxshNodes
import DxshSyntax
import DxshTestSupport
import DxshTime
import Testing

/// Every file in `Tests/Fixtures/check` gives exactly the diagnostics beside it, as a user sees them.
struct CheckFixtureTests {
  static let library = NodeLibrary(families: StandardLibrary.families) { StandardLibrary.source(of: $0) }

  /// The moment after which changes of clocks are looked at.
  static let time = TimeContext(asOf: Timestamp(text: "2026-01-01T00:00:00Z"), zones: .system)

  static func compile(_ path: String) throws -> Compilation {
    let text = try #require(Repository.read(path))
    return DxshCompiler.compile(SourceFile(id: FileID(0), name: path, text: text), library: library, time: time)
  }

  @Test(
    arguments: Repository.files(below: "Tests/Fixtures/check", withEnding: ".dxsh").filter { !$0.contains("/codes/") })
  func givesItsDiagnostics(_ path: String) throws {
    let compilation = try Self.compile(path)
    var renderer = DiagnosticRenderer(files: compilation.files, color: false)
    let text = compilation.diagnostics.map { renderer.render($0) }.joined(separator: "\n")
    Golden.expect(text, toMatch: String(path.dropLast(5)) + ".txt")
  }

  @Test func tenMistakesGiveTenDiagnosticsOnTheirLines() throws {
    let path = "Tests/Fixtures/check/ten_mistakes.dxsh"
    let compilation = try Self.compile(path)
    let lines = LineIndex(compilation.files[0])
    let found = compilation.diagnostics.map { lines.position(of: Int($0.range.start)).line }
    let text = try #require(Repository.read(path))
    let planted = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .filter { $0.element.contains("  // ") }.map { $0.offset + 1 }
    #expect(planted.count == 10)
    #expect(found == planted)
  }

  @Test(
    arguments: Repository.files(below: "samples", withEnding: ".dxsh")
      + Repository.files(below: "samples", withEnding: ".dxsh.yaml"))
  func samplesAreSilent(_ path: String) throws {
    #expect(try Self.compile(path).diagnostics.map(\.message) == [])
  }

  @Test(arguments: StandardLibrary.families)
  func theLibraryIsSilent(_ family: String) throws {
    let bytes = try #require(StandardLibrary.source(of: family))
    let file = SourceFile(id: FileID(0), name: family, bytes: bytes)
    #expect(DxshCompiler.compile(file, library: NodeLibrary([:])).diagnostics.map(\.message) == [])
  }

  @Test(arguments: DiagnosticCode.allCases)
  func explanationsAreTrue(_ code: DiagnosticCode) {
    let explanation = code.explanation
    // That these are not run is said of all that have no error.
    let isUnrun = ["schedule ", "approval ", "limits { duration"].contains { explanation.right.contains($0) }
    func codes(_ text: String) -> [DiagnosticCode] {
      let found = Self.diagnostics(text, in: explanation.fileName, about: code).map(\.code)
      return isUnrun ? found.filter { $0 != .notSupported } : found
    }
    #expect(codes(explanation.wrong) == [code])
    #expect(codes(explanation.right) == [])
  }

  /// What is said of an example, but for what nobody reads in it where it is not about that.
  static func diagnostics(_ text: String, in name: String, about code: DiagnosticCode) -> [Diagnostic] {
    DxshCompiler.compile(SourceFile(id: FileID(0), name: name, text: text), library: library, time: time)
      .diagnostics.filter { $0.code == code || $0.code != .unused }
  }
}

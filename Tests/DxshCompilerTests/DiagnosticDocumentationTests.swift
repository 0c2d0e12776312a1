import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// `docs/diagnostics.md` has every diagnostic with what a user sees, made from the explanations.
struct DiagnosticDocumentationTests {
  @Test func theReferenceIsMadeFromTheExplanations() {
    var text = """
      # Diagnostics

      Every diagnostic of `dxsh check`, with a file that gives it, what is printed then, and the file mended. Generated
      from what `dxsh explain CODE` prints; the files are checked by the tests.

      `E…` are errors: with one, nothing runs. `W…` are warnings.


      """
    for code in DiagnosticCode.allCases { text += section(code) }
    Golden.expect(text, toMatch: "docs/diagnostics.md")
  }

  private func section(_ code: DiagnosticCode) -> String {
    let explanation = code.explanation
    let language = explanation.isYAML ? "yaml" : "dxsh"
    let file = SourceFile(id: FileID(0), name: explanation.fileName, text: explanation.wrong)
    let compilation = DxshCompiler.compile(file, library: CheckFixtureTests.library)
    var renderer = DiagnosticRenderer(files: compilation.files, color: false)
    let about = CheckFixtureTests.diagnostics(explanation.wrong, in: explanation.fileName, about: code)
    let printed = about.map { renderer.render($0) }.joined(separator: "\n")
    return """
      ## \(code.rawValue): \(explanation.title)

      \(explanation.why)

      ```\(language)
      \(trimmed(explanation.wrong))
      ```

      ```text
      \(trimmed(printed))
      ```

      Right:

      ```\(language)
      \(trimmed(explanation.right))
      ```


      """
  }

  private func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == "\n" }.reversed())
  }
}

import DxshSyntax
import Testing

@Suite struct RendererTests {
  private func render(_ text: String, color: Bool = false) -> String {
    let file = sourceFile(text, name: "flow.dxsh")
    var renderer = DiagnosticRenderer(files: [file], color: color)
    return parse(file).diagnostics.map { renderer.render($0) }.joined(separator: "\n")
  }

  private func render(_ text: String, at range: Range<Int>) -> String {
    let file = sourceFile(text, name: "flow.dxsh")
    var renderer = DiagnosticRenderer(files: [file], color: false)
    let range = SourceRange(file: file.id, start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
    return renderer.render(Diagnostic(.typeMismatch, "it is wrong", at: range))
  }

  @Test func messageHelpAndFix() {
    #expect(
      render("workflow w() {\n  let x = [1 2]\n}") == """
        error[E0001]: expected a comma before this
         --> flow.dxsh:2:14
          |
        2 |   let x = [1 2]
          |              ^
        help: separate the elements with commas
        fix: Add a comma

        """)
  }

  @Test func relatedRanges() {
    #expect(
      render("workflow w() {\n  step x = f(\n    a: 1,\n  let y = 1\n}\n") == """
        error[E0002]: expected `)` before `let`
         --> flow.dxsh:3:10
          |
        3 |     a: 1,
          |          ^
         note: flow.dxsh:2:13 this `(` is not closed
          |
        2 |   step x = f(
          |             ^
        help: close it with `)`
        fix: Add `)`

        """)
  }

  @Test func tabsAndWideTextKeepTheUnderlineInPlace() {
    #expect(
      render("\tlet x = \"日本é\" + y", at: 19..<22) == """
        error[E0201]: it is wrong
         --> flow.dxsh:1:15
          |
        1 |     let x = "日本é" + y
          |                    ^^^

        """)
  }

  @Test func aRangeOfSeveralLinesIsUnderlinedInItsFirst() {
    #expect(
      render("ab cd\nef\n", at: 3..<8) == """
        error[E0201]: it is wrong
         --> flow.dxsh:1:4
          |
        1 | ab cd
          |    ^^…

        """)
  }

  @Test func longLinesAreCutAroundTheRange() {
    let text = String(repeating: "a", count: 200) + "XY" + String(repeating: "b", count: 200)
    #expect(
      render(text, at: 200..<202) == """
        error[E0201]: it is wrong
         --> flow.dxsh:1:201
          |
        1 | …\(String(repeating: "a", count: 40))XY\(String(repeating: "b", count: 118))…
          | \(String(repeating: " ", count: 41))^^

        """)
  }

  @Test func controlCharactersAreMadeVisible() {
    #expect(
      render("a\u{1B}[31m\u{202E}b\r\n", at: 9..<10) == """
        error[E0201]: it is wrong
         --> flow.dxsh:1:8
          |
        1 | a␛[31m�b
          |        ^

        """)
  }

  @Test func theEndOfTheFile() {
    #expect(
      render("a\n", at: 2..<2) == """
        error[E0201]: it is wrong
         --> flow.dxsh:2:1
          |
        2 |
          | ^

        """)
  }

  @Test func colorsOnlyOnDemand() {
    let plain = render("let x")
    let colored = render("let x", color: true)
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[1;31merror[E0010]\u{1B}[0m"))
    #expect(colored.replacingANSI() == plain)
  }
}

extension String {
  fileprivate func replacingANSI() -> String {
    var result = ""
    var isEscape = false
    for character in self {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { result.append(character) }
      if character == "m" { isEscape = false }
    }
    return result
  }
}

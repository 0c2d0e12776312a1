import ArgumentParser
import DxshSyntax

/// `dxsh explain CODE`
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explains a diagnostic, with an example.",
    discussion: """
      EXAMPLES
        dxsh explain E0202
        dxsh explain          lists every code
      """)

  @ArgumentParser.Argument(help: "The code, such as E0202. Default: all, a line each.")
  var code: String?

  func run() throws {
    guard let code else {
      Output.result(DiagnosticCode.allCases.map { "\($0.rawValue)  \($0.explanation.title)" }.joined(separator: "\n"))
      return
    }
    guard let known = DiagnosticCode(rawValue: code.uppercased()) else {
      throw CallFailure("there is no diagnostic \(code); `dxsh explain` lists them all")
    }
    Output.result(known.explanation.text(known))
  }
}

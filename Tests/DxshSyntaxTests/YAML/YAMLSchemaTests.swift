import DxshSyntax
import DxshTestSupport
import Glibc
import Testing

/// `grammar/dxsh.schema.json`
@Suite struct YAMLSchemaTests {
  static let schema = "grammar/dxsh.schema.json"

  @Test func isWhatTheTableSays() { Golden.expect(yamlSchema(), toMatch: Self.schema) }

  /// `DXSH_SCHEMA_PYTHON` names a Python that has check-jsonschema.
  private static let python = getenv("DXSH_SCHEMA_PYTHON").map { String(cString: $0) }

  private func isAccepted(_ path: String) -> Bool {
    Program.shell("'\(Self.python ?? "")' -m check_jsonschema --schemafile '\(Self.schema)' '\(path)'").exitCode == 0
  }

  @Test(.enabled(if: python != nil), arguments: Repository.files(below: "samples", withEnding: ".dxsh.yaml"))
  func acceptsTwins(_ path: String) { #expect(isAccepted(path)) }

  @Test(.enabled(if: python != nil)) func acceptsWhatIsWritten() {
    let folder = Program.temporaryFolder()
    for (index, text) in ValidSources.all.enumerated() {
      let file = sourceFile(text)
      Repository.write(printYAML(parse(file).tree, of: file).text, to: "\(folder)/\(index).yaml")
      #expect(isAccepted("\(folder)/\(index).yaml"), "\(text)")
    }
    _ = Program.shell("rm -rf '\(folder)'")
  }

  @Test(
    .enabled(if: python != nil),
    arguments: [
      "conts: {}", "workflows: { w: { on: {} } }", "workflows: { w: { do: [{ let: x }] } }", "enums: { E: a }",
      "workflows: { w: { do: [{ step: s, call: a b }] } }", "types: { A: 5 }", "consts: []",
      "tests: { t: [{ lte: 1 }] }",
      "workflows: { w: { do: [{ step: s, call: x, valeu: 1 }] } }", "nodes: { n: { effect: read } }",
      "imports: [{ as: x }]", "workflows: { w: { do: { let: x, value: 1 } } }",
    ])
  func refuses(_ text: String) {
    let folder = Program.temporaryFolder()
    Repository.write(text + "\n", to: folder + "/x.yaml")
    #expect(!isAccepted(folder + "/x.yaml"))
    #expect(parse(yamlFile(text)).diagnostics != [])
    _ = Program.shell("rm -rf '\(folder)'")
  }
}

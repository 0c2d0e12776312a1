import DxshTestSupport
import Testing

/// `docs/language.md`: under each example stand its twin in YAML, and what `dxsh check` says of it or its workflow
/// outputs. `BLESS=1` writes them. The first example stands beside the others as `shared.dxsh`.
struct LanguageReferenceTests {
  @Test func examplesAreTrue() throws {
    let path = "docs/language.md"
    let text = try #require(Repository.read(path))
    let parts = text.components(between: "```")
    var rebuilt = ""
    var examples = 0
    let shared = try #require(parts.first { $0.hasPrefix("dxsh\n") }).dropFirst(5)
    var position = 0
    while position < parts.count {
      let part = parts[position]
      guard !position.isMultiple(of: 2), part.hasPrefix("dxsh\n") else {
        rebuilt += position.isMultiple(of: 2) ? part : "```\(part)```"
        position += 1
        continue
      }
      examples += 1
      rebuilt += "```\(part)```" + follow(String(part.dropFirst(5)), beside: String(shared))
      // What followed it before is made anew.
      while position + 2 < parts.count, parts[position + 1].allSatisfy(\.isWhitespace),
        ["yaml\n", "json\n", "text\n"].contains(where: parts[position + 2].hasPrefix)
      {
        position += 2
      }
      position += 1
    }
    #expect(examples >= 15)
    Golden.expect(rebuilt, toMatch: path)
  }

  /// The blocks under an example.
  private func follow(_ example: String, beside shared: String) -> String {
    let folder = TemporaryFolder()
    Repository.write(shared, to: folder.path + "/shared.dxsh")
    Repository.write(example, to: folder.path + "/example.dxsh")
    let formatted = Program.shell("dxsh fmt --diff example.dxsh", in: folder.path)
    #expect(formatted.output.isEmpty, "\(formatted.output)")
    let twin = Program.shell("dxsh convert example.dxsh -o example.dxsh.yaml && cat example.dxsh.yaml", in: folder.path)
    #expect(twin.errors.isEmpty, "\(twin.errors)")
    var blocks = block("yaml", twin.output)
    let check = Program.shell("dxsh check example.dxsh", in: folder.path)
    if !check.output.isEmpty { return blocks + block("text", check.output) }
    #expect(Program.shell("dxsh check example.dxsh.yaml", in: folder.path).output.isEmpty)
    if example.contains("secret ") { return blocks }
    let name = example.components(between: "workflow ").dropFirst().first?.prefix { $0 != "(" } ?? ""
    let run = "dxsh exec --ephemeral --quiet"
    let outcome = Program.shell("\(run) example.dxsh \(name)", in: folder.path)
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(Program.shell("\(run) example.dxsh.yaml \(name)", in: folder.path).output == outcome.output)
    blocks += block("json", outcome.output)
    return blocks
  }

  private func block(_ language: String, _ body: String) -> String {
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false).trimmed
    return "\n\n```\(language)\n\(lines.joined(separator: "\n"))\n```"
  }
}

extension [Substring] {
  /// Without empty lines at its end.
  fileprivate var trimmed: ArraySlice<Substring> {
    self[..<((lastIndex { !$0.isEmpty } ?? -1) + 1)]
  }
}

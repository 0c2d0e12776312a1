import DxshTestSupport
import Testing

/// The README and some documents do what they say: their files are written, their commands run, the output compared.
struct ReadmeTests {
  @Test(arguments: ["README.md", "docs/checking.md", "docs/observing.md", "docs/changing.md", "docs/plan.md"])
  func theTourIsTrue(_ path: String) throws {
    let text = try #require(Repository.read(path))
    let folder = Program.temporaryFolder()
    defer { _ = Program.shell("rm -rf '\(folder)'") }
    var name: String?
    var ran = 0
    for (number, block) in text.components(between: "```").enumerated() where !number.isMultiple(of: 2) {
      let lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let body = lines.dropFirst().joined(separator: "\n")
      switch lines[0] {
      case "dxsh", "toml":
        name = text.prefix(upTo: body).fileNames.last { !Repository.isFile(folder, $0) }
        Repository.write(body, to: folder + "/" + (try #require(name)))
      case "console":
        ConsoleSession.expect(body, in: folder)
        ran += 1
      case "sh": #expect(body.contains("make demo") && body.contains("make test"))
      case let other: Issue.record("no test knows how to run a block of \(other)")
      }
    }
    #expect(ran >= 2)
  }
}

extension String {
  fileprivate var fileNames: [String] {
    components(between: "`").filter { name in
      [".dxsh", ".toml"].contains(where: name.hasSuffix) && !name.contains("/") && !name.contains(" ")
        && name != ".dxsh"
    }
  }

  fileprivate func prefix(upTo part: String) -> String { components(between: part)[0] }
}

import DxshTestSupport
import Testing

/// The README's tour does what it says: its files are written, its commands run, their output compared.
struct ReadmeTests {
  @Test func theTourIsTrue() throws {
    let text = try #require(Repository.read("README.md"))
    let folder = Program.temporaryFolder()
    defer { _ = Program.shell("rm -rf '\(folder)'") }
    var name: String?
    var ran = 0
    for (number, block) in text.components(between: "```").enumerated() where !number.isMultiple(of: 2) {
      let lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      let body = lines.dropFirst().joined(separator: "\n")
      switch lines[0] {
      case "dxsh":
        name = text.fileNames.first { text.prefix(upTo: body).contains("`\($0)`") && !Repository.isFile(folder, $0) }
        Repository.write(body, to: folder + "/" + (try #require(name)))
      case "console":
        ConsoleSession.expect(body, in: folder)
        ran += 1
      case "sh": #expect(body.contains("make demo") && body.contains("make test"))
      case let other: Issue.record("no test knows how to run a block of \(other)")
      }
    }
    #expect(ran >= 3)
  }
}

extension String {
  fileprivate var fileNames: [String] {
    components(between: "`").filter { $0.hasSuffix(".dxsh") && !$0.contains("/") && !$0.contains(" ") }
  }

  fileprivate func prefix(upTo part: String) -> String { components(between: part)[0] }
}

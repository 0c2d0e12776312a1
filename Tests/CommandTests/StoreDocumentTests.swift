import DxshExpressions
import DxshTestSupport
import Testing

/// `docs/store.md`: its commands are run and their output compared, and it names every key of the lines of an export.
struct StoreDocumentTests {
  @Test func whatItSaysIsTrue() throws {
    let text = try #require(Repository.read("docs/store.md"))
    let folder = TemporaryFolder()
    var ran = 0
    for (number, block) in text.components(between: "```").enumerated() where !number.isMultiple(of: 2) {
      let body = String(block.drop { $0 != "\n" }.dropFirst())
      if block.hasPrefix("console\n") {
        ConsoleSession.expect(body, in: folder.path)
        ran += 1
      } else {
        folder.write(Array(body.utf8), to: block.hasPrefix("dxsh\n") ? "hello.dxsh" : "dxsh.toml")
      }
    }
    #expect(ran == 1)
    // With the table of the document beside the store.
    #expect(Program.shell("dxsh store vacuum", in: folder.path).exitCode == 0)
    let lines = try #require(folder.read("runs.jsonl")).split(separator: "\n")
    #expect(lines.count == 6)
    for line in lines {
      guard case .map(let object) = try JSONReader.read(Array(line.utf8)) else { continue }
      for entry in object.entries {
        guard case .string(let key) = entry.key else { continue }
        #expect(text.contains("`\(key.string)`"), "\(key.string)")
      }
    }
  }
}

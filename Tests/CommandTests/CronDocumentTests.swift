import DxshTestSupport
import Testing

/// `docs/cron.md`: its files are written, its commands run, their output compared.
struct CronDocumentTests {
  @Test func sessionsAreTrue() throws {
    let text = try #require(Repository.read("docs/cron.md"))
    let folder = TemporaryFolder()
    var ran = 0
    for (number, block) in text.components(between: "```").enumerated() where !number.isMultiple(of: 2) {
      let body = block.drop { $0 != "\n" }.dropFirst()
      if block.hasPrefix("console\n") {
        ConsoleSession.expect(String(body), in: folder.path)
        ran += 1
      } else {
        try #require(block.hasPrefix("dxsh\n"))
        folder.write(Array(body.utf8), to: "nightly.dxsh")
      }
    }
    #expect(ran >= 2)
  }
}

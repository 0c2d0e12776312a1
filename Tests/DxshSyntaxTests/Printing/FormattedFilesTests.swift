import DxshSyntax
import DxshTestSupport
import Testing

/// The project's own files are in the style.
@Suite struct FormattedFilesTests {
  static let folders = ["samples", "stdlib", "Tests/Fixtures/run"]

  @Test(arguments: folders.flatMap { Repository.files(below: $0, withEnding: ".dxsh") })
  func isFormatted(_ path: String) throws {
    let text = try #require(Repository.read(path))
    let formatted = format(sourceFile(text, name: path))
    #expect(formatted.bytes == Array(text.utf8), "dxsh fmt \(path)")
  }
}

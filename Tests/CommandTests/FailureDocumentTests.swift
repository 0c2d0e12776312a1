import DxshTestSupport
import Testing

/// `docs/failures.md` names a test in every row, and every such test exists.
struct FailureDocumentTests {
  @Test func everyRowHasItsTest() throws {
    let text = try #require(Repository.read("docs/failures.md"))
    let tests = Repository.files(below: "Tests", withEnding: "Tests.swift").compactMap { Repository.read($0) }
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.contains("shown by |") }
    #expect(rows.count > 15)
    for row in rows {
      let name = row.split(separator: "`").dropLast().last ?? ""
      let parts = name.split(separator: ".")
      let exists = tests.contains { test in
        parts.count == 2 && test.contains("struct \(parts[0]) {") && test.contains("func \(parts[1])(")
      }
      #expect(exists, "\(row)")
    }
  }
}

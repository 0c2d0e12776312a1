import DxshTestSupport
import Testing

/// Rules about the code itself.
struct SourceRuleTests {
  static let sources = Repository.files(below: "Sources", withEnding: ".swift")
  static let all = sources + Repository.files(below: "Tests", withEnding: ".swift")

  private func lines(_ path: String) throws -> [Substring] {
    try #require(Repository.read(path)).split(separator: "\n", omittingEmptySubsequences: false)
  }

  @Test(arguments: all)
  func filesAndLinesAreShort(_ path: String) throws {
    let lines = try lines(path)
    #expect(lines.count <= 401)
    for (number, line) in lines.enumerated() where line.count > 120 {
      Issue.record("\(path):\(number + 1) is longer than 120 columns")
    }
  }

  @Test(arguments: all)
  func functionsFitAScreen(_ path: String) throws {
    var start: (line: Int, indent: String)?
    for (number, line) in try lines(path).enumerated() {
      let indent = String(line.prefix { $0 == " " })
      if start == nil, line.contains("func "), line.hasSuffix("{") { start = (number, indent) }
      if let begin = start, line == begin.indent + "}" {
        #expect(number - begin.line <= 70, "\(path):\(begin.line + 1)")
        start = nil
      }
    }
  }

  @Test(arguments: sources)
  func sourcesKeepTheRules(_ path: String) throws {
    let text = try #require(Repository.read(path))
    #expect(!text.contains("@unchecked " + "Sendable"))
    #expect(!text.contains("nonisolated" + "(unsafe)"))
    #expect(!text.contains("import Foundation") || path.contains("/DxshBench/"))
    #expect(text.contains("///"), "a doc comment on the main type")
  }

  @Test func everyTargetIsInTheArchitecture() throws {
    let document = try #require(Repository.read("ARCHITECTURE.md"))
    let manifest = try #require(Repository.read("Package.swift"))
    for line in manifest.split(separator: "\n") where line.contains("name: \"") {
      let name = line.split(separator: "\"")[1]
      guard Repository.exists("Sources/\(name)") else { continue }
      #expect(document.contains("`\(name)`"), "\(name)")
    }
  }
}

import DxshSyntax
import DxshTestSupport
import Testing

/// What holds of formatting any file.
@Suite struct PrintingPropertyTests {
  /// Nil when formatting keeps what it has to.
  static func problem(_ text: String, width: Int = 100) -> String? {
    let file = sourceFile(text)
    let formatted = format(file, width: width)
    let result = String(decoding: formatted.bytes, as: UTF8.self)
    if !formatted.unproven.isEmpty { return "not proven: \(formatted.unproven.map(file.text))" }
    let again = read(result)
    if again.tree != read(text).tree { return "another tree\n\(result)" }
    if let problem = again.problems.first(where: { $0.hasPrefix("E") }) { return "\(problem)\n\(result)" }
    let comments = CommentPlaces.texts(result)
    if comments.sorted() != CommentPlaces.texts(text).sorted() { return "other comments\n\(result)" }
    let twice = String(decoding: format(sourceFile(result), width: width).bytes, as: UTF8.self)
    if twice != result { return "not idempotent\n\(difference(result, twice))\n---\n\(result)" }
    return nil
  }

  private static func difference(_ left: String, _ right: String) -> String {
    let left = left.split(separator: "\n", omittingEmptySubsequences: false)
    let right = right.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in left.enumerated() where index >= right.count || line != right[index] {
      return
        "line \(index + 1):\n\(left[max(0, index - 3)..<min(left.count, index + 4)].joined(separator: "\n"))\n+++\n"
        + right[min(right.count, max(0, index - 3))..<min(right.count, index + 4)].joined(separator: "\n")
    }
    return ""
  }

  @Test(arguments: ["samples", "stdlib", "Tests/Fixtures/run"]) func filesOfTheProject(_ folder: String) throws {
    for path in Repository.files(below: folder, withEnding: ".dxsh") {
      let text = try #require(Repository.read(path))
      for width in [100, 60, 20] {
        if let problem = Self.problem(text, width: width) { Issue.record("\(path): \(problem)") }
      }
      #expect(Self.moved(text).moved == 0, "\(path)")
    }
  }

  @Test(arguments: ValidSources.all) func validSources(_ text: String) {
    for width in [100, 60, 20] {
      if let problem = Self.problem(text, width: width) { Issue.record("\(problem)") }
    }
  }

  /// How many comments belong to another element after formatting, of how many.
  static func moved(_ text: String) -> (moved: Int, all: Int) {
    let result = String(decoding: format(sourceFile(text)).bytes, as: UTF8.self)
    let (before, after) = (CommentPlaces.elements(text), CommentPlaces.elements(result))
    return (before.count { after[$0.key] != .some($0.value) }, before.count)
  }

  /// Where the author wrote clauses in another order, the comment at the end of an item is that of a clause afterwards;
  /// no other comment moves.
  @Test(arguments: 0..<2) func randomModules(_ part: UInt64) async {
    var failures = 0
    var comments = (moved: 0, all: 0)
    for seed in stride(from: part, to: RandomModule.count(of: 600), by: 2) {
      await Task.yield()
      let text = RandomModule.text(seed: seed, commentRate: seed % 4 == 0 ? 0 : seed % 4 == 1 ? 20 : 4)
      if let problem = Self.problem(text, width: [100, 60, 20][Int(seed % 3)]) {
        Issue.record("seed \(seed): \(problem)\n--- of\n\(text)")
        failures += 1
        if failures == 3 { return }
      }
      let places = Self.moved(text)
      comments = (comments.moved + places.moved, comments.all + places.all)
    }
    #expect(comments.moved * 50 <= comments.all, "\(comments)")
  }
}

/// The guesses for one file, which may take only so much work: the first of very many misspelt names are guessed, so
/// that a file with ten thousand of them takes no longer than one with a thousand.
package struct Guesses {
  private var left: Int

  /// - limit: how many pairs of letters are compared and candidates looked at; as it is, about a tenth of a second
  package init(limit: Int = 20_000_000) {
    left = limit
  }

  package var isSpent: Bool { left <= 0 }

  /// The candidate that was probably meant; nil for none, and once the work is spent.
  package mutating func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    if isSpent { return nil }
    var work = 0
    defer { left -= work }
    return Spelling.nearest(to: word, among: candidates, &work)
  }
}

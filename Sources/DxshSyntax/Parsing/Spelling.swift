/// Guesses which word an author meant.
package enum Spelling {
  /// The candidate nearest to a word, when it is near enough to be a slip: one edit for short words, up to a
  /// third of the letters for longer ones.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(word.utf8)
    guard letters.count <= 64 else { return nil }
    let limit = max(1, letters.count / 3)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where candidate != word {
      let distance = distance(letters, Array(candidate.utf8))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (distance, candidate) }
    }
    return best?.candidate
  }

  /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if abs(left.count - right.count) > max(1, left.count / 3) { return Int.max }
    var before: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let isSame = lowercased(left[row]) == lowercased(right[column])
        var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, before[column - 1] + 1)
        }
        current.append(cost)
      }
      (before, last) = (last, current)
    }
    return last[right.count]
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
  }

  static func item(meantBy text: String) -> Word? {
    let foreign: [String: Word] = [
      "var": .let, "const": .let, "val": .let, "set": .let, "task": .step, "job": .step, "call": .step, "run": .step,
      "foreach": .for, "return": .output, "throw": .fail, "raise": .fail, "when": .if,
    ]
    if let word = foreign[text] { return word }
    return nearest(to: text, among: Word.items.map(\.rawValue)).flatMap(Word.init(rawValue:))
  }

  static func declaration(meantBy text: String) -> Word? {
    let foreign: [String: Word] = ["struct": .type, "record": .type, "flow": .workflow, "pipeline": .workflow]
    if let word = foreign[text] { return word }
    return nearest(to: text, among: Word.declarations.map(\.rawValue)).flatMap(Word.init(rawValue:))
  }
}

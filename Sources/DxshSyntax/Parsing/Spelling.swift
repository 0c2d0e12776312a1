/// Guesses which word an author meant.
package enum Spelling {
  /// The candidate nearest to a word, when it is near enough to be a slip: one edit for short words, up to a
  /// third of the letters for longer ones.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    var work = 0
    return nearest(to: word, among: candidates, &work)
  }

  /// - work: gets what it took, in pairs of letters that were compared and candidates that were looked at
  static func nearest(
    to word: String, among candidates: some Sequence<String>, _ work: inout Int
  ) -> String? {
    let letters = Array(word.utf8)
    guard letters.count <= 64 else { return nil }
    let limit = max(1, letters.count / 3)
    var best: String?
    var bound = limit
    var rows = Rows()
    defer { work += rows.compared }
    for candidate in candidates where candidate != word {
      work += 1
      guard let distance = rows.distance(letters, candidate.utf8, atMost: bound) else { continue }
      best = candidate
      bound = distance - 1
    }
    return best
  }

  /// What is known of the distances of two words' beginnings; kept, since there may be very many words.
  private struct Rows {
    private var before: [Int] = []
    private var last: [Int] = []
    private var current: [Int] = []
    /// How many pairs of letters were compared.
    private(set) var compared = 0

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other; nil when they are
    /// more than `bound`.
    mutating func distance(_ left: [UInt8], _ right: String.UTF8View, atMost bound: Int) -> Int? {
      let count = right.count
      if abs(left.count - count) > bound { return nil }
      last.removeAll(keepingCapacity: true)
      last.append(contentsOf: 0...count)
      for row in left.indices {
        current.removeAll(keepingCapacity: true)
        current.append(row + 1)
        compared += count
        var (column, previous) = (0, UInt8(0))
        for byte in right {
          let isSame = Spelling.lowercased(left[row]) == Spelling.lowercased(byte)
          var cost = min(last[column] + (isSame ? 0 : 1), last[column + 1] + 1, current[column] + 1)
          if row > 0, column > 0, left[row] == previous, left[row - 1] == byte {
            cost = min(cost, before[column - 1] + 1)
          }
          current.append(cost)
          (column, previous) = (column + 1, byte)
        }
        // A swap leads from the row before the last.
        if !last.contains(where: { $0 <= bound }), !current.contains(where: { $0 <= bound }) { return nil }
        swap(&before, &last)
        swap(&last, &current)
      }
      return last[count] <= bound ? last[count] : nil
    }
  }

  fileprivate static func lowercased(_ byte: UInt8) -> UInt8 {
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

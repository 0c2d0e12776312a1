/// The difference of two texts as a unified diff, which `patch` understands.
enum TextDiff {
  private struct Line {
    var mark: Character
    var text: [UInt8]
    /// The lines of both texts before it.
    var old: Int
    var new: Int
  }

  static let context = 3

  /// Empty when the texts are the same.
  static func unified(_ old: [UInt8], _ new: [UInt8], name: String) -> [UInt8] {
    let lines = lines(old, new)
    var result: [UInt8] = []
    var index = 0
    while let first = lines[index...].firstIndex(where: { $0.mark != " " }) {
      var last = first
      while let next = lines[(last + 1)...].prefix(2 * context + 1).firstIndex(where: { $0.mark != " " }) {
        last = next
      }
      let hunk = lines[max(index, first - context)..<min(lines.count, last + context + 1)]
      if result.isEmpty { result += "--- \(name)\n+++ \(name)\n".utf8 }
      result += header(hunk).utf8
      for line in hunk { result += [UInt8(ascii: line.mark == "+" ? "+" : line.mark == "-" ? "-" : " ")] + line.text }
      index = last + 1
    }
    return result
  }

  private static func header(_ hunk: ArraySlice<Line>) -> String {
    func range(_ start: Int, _ count: Int) -> String {
      count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
    }
    guard let first = hunk.first else { return "" }
    let old = hunk.count { $0.mark != "+" }
    let new = hunk.count { $0.mark != "-" }
    return "@@ -\(range(first.old, old)) +\(range(first.new, new)) @@\n"
  }

  private static func lines(_ old: [UInt8], _ new: [UInt8]) -> [Line] {
    let (oldLines, newLines) = (split(old), split(new))
    let difference = newLines.difference(from: oldLines)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < oldLines.count || right < newLines.count {
      if removed.contains(left), left < oldLines.count {
        lines.append(Line(mark: "-", text: oldLines[left], old: left, new: right))
        left += 1
      } else if inserted.contains(right), right < newLines.count {
        lines.append(Line(mark: "+", text: newLines[right], old: left, new: right))
        right += 1
      } else {
        lines.append(Line(mark: " ", text: oldLines[left], old: left, new: right))
        (left, right) = (left + 1, right + 1)
      }
    }
    return lines
  }

  /// Lines with their ends; the last one says where its end is missing.
  private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      lines.append(Array(bytes[start...index]))
      start = index + 1
    }
    if start < bytes.count { lines.append(Array(bytes[start...]) + Array("\n\\ No newline at end of file\n".utf8)) }
    return lines
  }
}

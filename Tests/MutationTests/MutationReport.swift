import DxshCompiler
import DxshSyntax
import DxshTestSupport

/// How many mistakes of each kind were caught, how.
struct MutationReport {
  struct Count {
    var all = 0
    var caught = 0
    var once = 0
    var onLine = 0
    /// Those that are right as they are.
    var valid = 0
  }

  private(set) var counts: [Mistake: Count] = [:]
  /// What is not as it should be, one text each.
  private(set) var uncaught: [String] = []
  private(set) var valid: [String] = []
  private(set) var repeated: [String] = []
  private(set) var elsewhere: [String] = []

  mutating func count(_ trial: Trial) async {
    var count = counts[trial.mutant.mistake] ?? Count()
    defer { counts[trial.mutant.mistake] = count }
    if !trial.isCaught, await trial.runs() {
      count.valid += 1
      valid.append(describe(trial))
      return
    }
    count.all += 1
    guard trial.isCaught else {
      uncaught.append(describe(trial))
      return
    }
    count.caught += 1
    if trial.diagnostics.count == 1 { count.once += 1 } else { repeated.append(describe(trial)) }
    if trial.isOnItsLine { count.onLine += 1 } else { elsewhere.append(describe(trial)) }
  }

  private func describe(_ trial: Trial) -> String {
    let lines = trial.text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = lines.indices.contains(trial.lines.lowerBound - 1) ? String(lines[trial.lines.lowerBound - 1]) : ""
    let index = LineIndex(trial.compilation.files[0])
    let said = trial.diagnostics.map {
      "    \(index.position(of: Int($0.range.start)).line): \($0.code.rawValue) \($0.message)"
    }
    let place = "\(trial.compilation.files[0].name):\(trial.lines.lowerBound)"
    return (["\(trial.mutant.mistake.rawValue), \(place): \(line)"] + said).joined(separator: "\n")
  }

  /// Of all kinds.
  var total: Count {
    var sum = Count()
    for count in counts.values {
      sum.all += count.all
      sum.caught += count.caught
      sum.once += count.once
      sum.onLine += count.onLine
      sum.valid += count.valid
    }
    return sum
  }

  /// A line for each kind, and what is not as it should be.
  var text: String {
    var text = row("kind of mistake", "mistakes", "caught", "once", "on its line", "valid") + "\n"
    for mistake in Mistake.allCases { text += row(mistake.rawValue, counts[mistake] ?? Count()) + "\n" }
    text += row("in all", total) + "\n"
    for (title, list) in [
      ("NOT CAUGHT", uncaught), ("MORE THAN ONE DIAGNOSTIC", repeated), ("ON ANOTHER LINE", elsewhere),
      ("STILL VALID", valid),
    ] where !list.isEmpty {
      text += "\n\(title)\n" + list.joined(separator: "\n") + "\n"
    }
    return text
  }

  private func row(_ name: String, _ count: Count) -> String {
    func column(_ part: Int) -> String {
      let percent = count.all == 0 ? "-" : "\(part * 1000 / count.all / 10).\(part * 1000 / count.all % 10)"
      return "\(part) = \(percent) %"
    }
    return row(
      name, "\(count.all)", column(count.caught), column(count.once), column(count.onLine), "\(count.valid)")
  }

  private func row(_ cells: String...) -> String {
    zip(cells, [-44, 9, 16, 16, 16, 8]).map { pad($0, $1) }.joined()
  }

  /// Filled up on the left, or with a negative width on the right.
  private func pad(_ text: String, _ width: Int) -> String {
    let room = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? text + room : room + text
  }
}

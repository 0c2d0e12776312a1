import DxshPlan
import DxshTime

/// A run's timeline as lines of text, one for each step: bars for attempts, `o` for polls, dots for waits, `-` for what
/// lies between.
package struct TimelineText: Sendable {
  /// Of more iterations of a step one line is made.
  private static let groupSize = 8
  private static let lineLimit = 200
  /// No bar is narrower.
  private static let leastScale = 10

  /// What a line shows: a step, or the iterations of one.
  private struct Line {
    var label: String
    var spans: [RunTimeline.Span] = []
    var readyAt: Timestamp?
    var steps = 0
    /// Of them, those that will be tried again.
    var betweenAttempts = 0
    var outOfBudget = 0
    var isCritical = false
    var notes: [String] = []

    var from: Timestamp? { [readyAt, spans.map(\.from).min()].compactMap(\.self).min() }
    var to: Timestamp? { spans.map(\.to).max() }
  }

  private let timeline: RunTimeline
  private let width: Int
  private let showsAll: Bool
  private let isPredicted: Bool

  /// - width: in columns; at least 40 are taken
  /// - showsAll: whether each iteration has a line of its own, however many there are
  /// - isPredicted: whether it is of a run that has not been
  package init(_ timeline: RunTimeline, width: Int, showsAll: Bool, isPredicted: Bool = false) {
    self.timeline = timeline
    self.isPredicted = isPredicted
    self.width = max(width, 40)
    self.showsAll = showsAll
  }

  /// Without a newline at its end.
  package var text: String {
    var lines = lines
    let dropped = showsAll ? 0 : max(lines.count - Self.lineLimit, 0)
    lines.removeLast(dropped)
    let times = lines.map { line in line.to.flatMap { to in line.from.map { to.since($0).inShort } } ?? "" }
    let timeWidth = max(times.map(\.count).max() ?? 0, 4)
    let notes = lines.map { Self.fitting($0.notes, in: width / (width < 60 ? 4 : 3)) }
    let noteWidth = notes.map(\.count).max() ?? 0
    let rest = width - 6 - timeWidth - (noteWidth == 0 ? 0 : noteWidth + 2)
    let longest = max(lines.map(\.label.count).max() ?? 0, 4)
    let labelWidth = min(longest, max(rest / 2, 4))
    let scale = max(rest - labelWidth, Self.leastScale)
    var rows = ["  " + padded("STEP", labelWidth) + " " + axis(scale) + "  TIME"]
    for ((line, time), note) in zip(zip(lines, times), notes) {
      let mark = line.isCritical ? "* " : "  "
      let cells = mark + padded(line.label, labelWidth) + " |" + bar(line, scale) + "| " + padded(time, timeWidth)
      rows.append(trimmed(note.isEmpty ? cells : cells + "  " + note))
    }
    if dropped > 0 { rows.append("  and \(dropped) more lines; --all shows them") }
    return (isPredicted ? rows : rows + summary).joined(separator: "\n")
  }

  // MARK: - Lines

  private var lines: [Line] {
    var counts: [String: Int] = [:]
    let templates = timeline.rows.map { Self.template(of: $0.path) }
    for template in templates { counts[template, default: 0] += 1 }
    var lines: [Line] = []
    var places: [String: Int] = [:]
    for (row, template) in zip(timeline.rows, templates) {
      let isGrouped = !showsAll && counts[template, default: 0] > Self.groupSize
      let label = isGrouped ? template : row.path
      let place = places[label] ?? lines.count
      if place == lines.count {
        places[label] = place
        lines.append(Line(label: PrintableText.line(label), readyAt: row.readyAt))
      }
      lines[place].steps += 1
      lines[place].spans += row.spans
      if row.isBetweenAttempts { lines[place].betweenAttempts += 1 }
      if row.isOutOfBudget { lines[place].outOfBudget += 1 }
      lines[place].isCritical = lines[place].isCritical || row.isCritical
    }
    for place in lines.indices { lines[place].notes = Self.notes(lines[place]) }
    return lines
  }

  /// `enrich[3]/load[0]` as `enrich[*]/load[*]`.
  private static func template(of path: String) -> String {
    var template = ""
    var isIndex = false
    for character in path {
      if character == "]" { isIndex = false }
      if !isIndex { template.append(character) }
      if character == "[" {
        isIndex = true
        template.append("*")
      }
    }
    return template
  }

  private static func notes(_ line: Line) -> [String] {
    func count(_ kind: RunTimeline.Span.Kind) -> Int { line.spans.count { $0.kind == kind } }
    var notes: [String] = []
    if line.steps > 1 { notes.append("\(line.steps) steps") }
    if count(.polled) > 0 { notes.append(Counted.text(count(.polled), "poll")) }
    let attempts = line.spans.count { !$0.isWait && $0.kind != .polled }
    if attempts > line.steps { notes.append("\(attempts) attempts") }
    if line.outOfBudget > 0 {
      notes.append(line.steps > 1 ? "\(line.outOfBudget) out of budget" : "out of budget")
    }
    for kind in [RunTimeline.Span.Kind.failed, .cancelled, .indeterminate, .interrupted] where count(kind) > 0 {
      let isAll = line.spans.count == 1
      notes.append(isAll ? kind.rawValue : "\(count(kind)) \(kind.rawValue)")
    }
    if count(.open) > 0 { notes.append(line.steps > 1 ? "\(count(.open)) not over" : "not over") }
    if line.betweenAttempts > 0 {
      notes.append(line.steps > 1 ? "\(line.betweenAttempts) to be tried again" : "to be tried again")
    }
    return notes
  }

  /// As many notes as there is room for, whole.
  private static func fitting(_ notes: [String], in width: Int) -> String {
    let text = notes.joined(separator: ", ")
    if text.count <= width { return text }
    for count in stride(from: notes.count - 1, to: 0, by: -1) {
      let shorter = notes.prefix(count).joined(separator: ", ") + ", …"
      if shorter.count <= width { return shorter }
    }
    return "…"
  }

  // MARK: - Bars

  private var length: Int64 { max(timeline.endedAt.since(timeline.startedAt).clampedNanoseconds, 1) }

  /// The column in which a time lies, of so many.
  private func column(_ time: Timestamp, _ scale: Int) -> Int {
    let passed = Double(time.since(timeline.startedAt).clampedNanoseconds) / Double(length)
    return min(max(Int(passed * Double(scale)), 0), scale - 1)
  }

  private func bar(_ line: Line, _ scale: Int) -> String {
    var cells = [Character](repeating: " ", count: scale)
    if line.steps == 1, let from = line.from, let end = line.to {
      let to = line.betweenAttempts > 0 ? timeline.endedAt : end
      for place in column(from, scale)...lastColumn(from, to, scale) { cells[place] = "-" }
    }
    for span in line.spans {
      let last = lastColumn(span.from, span.to, scale)
      for place in column(span.from, scale)...last {
        cells[place] = span.isWait ? "." : span.kind == .polled ? "o" : "#"
      }
    }
    for span in line.spans {
      if let sign = span.sign { cells[lastColumn(span.from, span.to, scale)] = sign }
    }
    return String(cells)
  }

  /// The last column of a bar: what ends where a column begins does not reach into it.
  private func lastColumn(_ from: Timestamp, _ to: Timestamp, _ scale: Int) -> Int {
    let (first, last) = (column(from, scale), column(to, scale))
    let position = Double(to.since(timeline.startedAt).clampedNanoseconds) / Double(length) * Double(scale)
    return last > first && position == Double(last) && to != timeline.endedAt ? last - 1 : last
  }

  private func axis(_ scale: Int) -> String {
    let span = timeline.endedAt.since(timeline.startedAt)
    let (middle, end) = (span.divided(by: 2)?.inShort ?? "", span.inShort)
    var text = "|0s"
    let place = 1 + scale / 2
    if place + middle.count + end.count + 2 < scale, text.count < place { text = padded(text, place) + middle }
    return padded(text, scale + 1 - end.count) + end + "|"
  }

  // MARK: - The whole

  private var summary: [String] {
    let spans = timeline.rows.filter { TimeLimit.limited(by: $0.path) == nil }.flatMap(\.spans)
    func total(_ spans: [RunTimeline.Span]) -> String {
      spans.reduce(TimeSpan.zero) { $0.adding($1.to.since($1.from)) ?? $0 }.inShort
    }
    let waits = spans.filter(\.isWait)
    var parts = ["run \(timeline.endedAt.since(timeline.startedAt).inShort),"]
    parts.append("steps \(total(spans.filter { !$0.isWait })) together" + (waits.isEmpty ? "" : ","))
    if !waits.isEmpty { parts.append("waits \(total(waits)) together") }
    let lines = [""] + wrapped(parts, "")
    guard !timeline.criticalPath.isEmpty else { return lines }
    let path = timeline.criticalPath.map(PrintableText.line)
    let shown = path.count > 12 ? Array(path.prefix(6)) + ["(\(path.count - 12) more)"] + path.suffix(6) : path
    return lines + wrapped(["* critical path:"] + shown.dropLast().map { "\($0) >" } + shown.suffix(1), "  ")
  }

  /// Words in lines that are not wider than the whole, as far as they are not.
  private func wrapped(_ words: [String], _ indentation: String) -> [String] {
    var lines: [String] = []
    for word in words {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append((lines.isEmpty ? "" : indentation) + word)
      }
    }
    return lines
  }

  private func padded(_ text: String, _ width: Int) -> String {
    if text.count > width {
      let kept = width - 1
      return text.prefix(kept - kept / 2) + "~" + text.suffix(kept / 2)
    }
    return text + String(repeating: " ", count: width - text.count)
  }

  private func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }
}

extension RunTimeline.Span {
  /// What stands at the end of its bar.
  fileprivate var sign: Character? {
    switch kind {
    case .succeeded, .polled, .waited: nil
    case .failed: "x"
    case .cancelled: "~"
    case .indeterminate, .interrupted: "?"
    case .open: ">"
    }
  }
}

/// A text with the fixes of its diagnostics made, again and again until none is left that helps.
///
/// What is made never leaves the text with more errors than it had. Made again, it changes nothing.
package struct FixedText {
  /// What a check says of a text.
  package struct Found {
    /// Everything, for the errors are counted.
    package var all: [Diagnostic]
    /// Those whose fixes are wanted.
    package var wanted: [Diagnostic]

    package init(all: [Diagnostic], wanted: [Diagnostic]) {
      self.all = all
      self.wanted = wanted
    }
  }

  /// So often all fixes of a text are made at once, and each at most so often alone.
  private static let roundLimit = 100

  package private(set) var bytes: [UInt8]
  /// How many fixes were made.
  package private(set) var count = 0
  private let file: FileID
  private let check: ([UInt8]) -> Found
  private var seen: Set<[UInt8]>
  private var found: Found

  /// - file: edits in others are not made
  /// - check: what is said of a text, with ranges in `file`
  package init(_ bytes: [UInt8], file: FileID, check: @escaping ([UInt8]) -> Found) {
    self.bytes = bytes
    self.file = file
    self.check = check
    seen = [bytes]
    found = check(bytes)
    for _ in 0..<Self.roundLimit where !makeRound() { break }
  }

  /// False when nothing could be made.
  private mutating func makeRound() -> Bool {
    let fixes = found.wanted.compactMap(\.fix).filter { fix in
      !fix.edits.isEmpty && fix.edits.allSatisfy { $0.range.file == file }
    }
    let together = FixSelection(fixes)
    if together.count > 0, take(together) { return true }
    if fixes.count == 1 { return false }
    return fixes.prefix(Self.roundLimit).contains { take(FixSelection([$0])) }
  }

  /// Makes the edits, unless they would make the text worse.
  private mutating func take(_ selection: FixSelection) -> Bool {
    let text = selection.applied(to: bytes)
    guard !seen.contains(text) else { return false }
    let result = check(text)
    guard Self.isBetter(result.all, than: found.all) else { return false }
    seen.insert(text)
    (bytes, found) = (text, result)
    count += selection.count
    return true
  }

  /// Fewer errors; or as many, and less of them in the syntax, behind which others can hide; or the very same errors.
  private static func isBetter(_ new: [Diagnostic], than old: [Diagnostic]) -> Bool {
    let (newErrors, oldErrors) = (new.filter { $0.severity == .error }, old.filter { $0.severity == .error })
    if newErrors.count != oldErrors.count { return newErrors.count < oldErrors.count }
    let (newSyntax, oldSyntax) = (newErrors.count(where: isSyntax), oldErrors.count(where: isSyntax))
    if newSyntax != oldSyntax { return newSyntax < oldSyntax }
    func sentences(_ errors: [Diagnostic]) -> [String] { errors.map { $0.code.rawValue + $0.message }.sorted() }
    return sentences(newErrors) == sentences(oldErrors)
  }

  private static func isSyntax(_ diagnostic: Diagnostic) -> Bool { diagnostic.code.rawValue.hasPrefix("E00") }
}

/// Edits of several fixes that do not touch each other. A fix is in it with all of its edits or with none.
package struct FixSelection {
  private var edits: [Diagnostic.Edit] = []
  package private(set) var count = 0

  /// The earlier fix goes before.
  package init(_ fixes: [Diagnostic.Fix]) {
    for fix in fixes where !fix.edits.contains(where: { edit in edits.contains { Self.touch($0, edit) } }) {
      edits += fix.edits
      count += 1
    }
    edits = edits.enumerated().sorted { left, right in
      (left.element.range.start, left.element.range.end, left.offset)
        < (right.element.range.start, right.element.range.end, right.offset)
    }.map(\.element)
  }

  private static func touch(_ left: Diagnostic.Edit, _ right: Diagnostic.Edit) -> Bool {
    left.range.start <= right.range.end && right.range.start <= left.range.end
  }

  /// The text with the edits made. Where nothing of a line is left, the line goes too.
  package func applied(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    for edit in edits {
      var (start, end) = (Int(edit.range.start), Int(edit.range.end))
      guard start >= position, end <= bytes.count else { continue }
      if edit.replacement.isEmpty, start < end, let lines = Self.wholeLines(start..<end, bytes),
        lines.lowerBound >= position
      {
        (start, end) = (lines.lowerBound, lines.upperBound)
      }
      result += bytes[position..<start]
      result += edit.replacement.utf8
      position = end
    }
    return result + bytes[position...]
  }

  /// The lines of a range with their ends, when there is nothing else in them.
  private static func wholeLines(_ range: Range<Int>, _ bytes: [UInt8]) -> Range<Int>? {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    var (start, end) = (range.lowerBound, range.upperBound)
    while start > 0, isBlank(bytes[start - 1]) { start -= 1 }
    guard start == 0 || bytes[start - 1] == 0x0A else { return nil }
    if bytes[end - 1] == 0x0A { return start..<end }
    while end < bytes.count, isBlank(bytes[end]) { end += 1 }
    guard end < bytes.count else { return start..<end }
    return bytes[end] == 0x0A ? start..<(end + 1) : nil
  }
}

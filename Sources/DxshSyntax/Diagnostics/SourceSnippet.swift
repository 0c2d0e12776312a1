/// One source line as a terminal shows it, and the underline of a range in it.
///
/// Tabs become spaces, characters that a terminal would act on or hide become visible, wide characters count
/// two columns, and of a long line only the surroundings of the range are kept.
struct SourceSnippet {
  /// Longer lines are cut.
  static let maximumWidth = 160
  private static let tabWidth = 4
  /// How many columns before the range a cut line shows.
  private static let lead = 40
  /// Bytes on either side of the range's start that are looked at.
  private static let maximumBytes = 1_000

  let text: String
  /// The white space before the underline.
  let indent: String
  /// At least one `^`; `…` after it where the range goes on in the next line.
  let underline: String

  private struct Cell {
    var text: String
    var width: Int
    var offset: Int
  }

  init(_ range: SourceRange, in file: SourceFile) {
    let bytes = file.bytes
    let start = min(Int(range.start), bytes.count)
    var lineStart = start
    while lineStart > 0, bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
    var lineEnd = start
    while lineEnd < bytes.count, bytes[lineEnd] != UInt8(ascii: "\n") { lineEnd += 1 }
    if lineEnd > lineStart, lineEnd > start, bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }

    let (first, cutsBefore) = SourceSnippet.lower(start, lineStart, bytes)
    let last = min(lineEnd, start + SourceSnippet.maximumBytes)
    var cells = SourceSnippet.cells(bytes[first..<last], from: first)
    let cut = SourceSnippet.cut(&cells, around: start, cutsBefore, last < lineEnd)

    let before = cells.prefix { $0.offset < start }.reduce(0) { $0 + $1.width }
    let end = min(Int(range.end), lineEnd)
    let marked = cells.filter { $0.offset >= start && $0.offset < end }.reduce(0) { $0 + $1.width }
    let content = SourceSnippet.trimmed(cells.map(\.text).joined())
    text = (cut.before ? "…" : "") + content + (cut.after ? "…" : "")
    indent = String(repeating: " ", count: before + (cut.before ? 1 : 0))
    let goesOn = Int(range.end) > lineEnd && bytes[end..<Int(range.end)].contains { $0 > UInt8(ascii: " ") }
    underline = String(repeating: "^", count: max(1, marked)) + (goesOn ? "…" : "")
  }

  /// A text with the characters made visible that a terminal would act on.
  static func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { shown($0) != nil }) else { return text }
    return text.unicodeScalars.map { shown($0) ?? String($0) }.joined()
  }

  /// Where to begin, on the boundary of a scalar, and whether text is left out there.
  private static func lower(_ start: Int, _ lineStart: Int, _ bytes: [UInt8]) -> (first: Int, isCut: Bool) {
    guard start - lineStart > maximumBytes else { return (lineStart, false) }
    var first = start - maximumBytes
    while first < start, bytes[first] & 0xC0 == 0x80 { first += 1 }
    return (first, true)
  }

  private static func cells(_ bytes: ArraySlice<UInt8>, from start: Int) -> [Cell] {
    var cells: [Cell] = []
    var offset = start
    var column = 0
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      var cell = Cell(text: shown(scalar) ?? String(scalar), width: width(of: scalar), offset: offset)
      if scalar == "\t" {
        cell.width = tabWidth - column % tabWidth
        cell.text = String(repeating: " ", count: cell.width)
      }
      cells.append(cell)
      column += cell.width
      offset += UTF8.width(scalar)
    }
    return cells
  }

  /// Keeps a window of the maximum width around an offset; says on which sides something is missing.
  private static func cut(
    _ cells: inout [Cell], around start: Int, _ isCutBefore: Bool, _ isCutAfter: Bool
  ) -> (before: Bool, after: Bool) {
    let total = cells.reduce(0) { $0 + $1.width }
    if total <= maximumWidth { return (isCutBefore, isCutAfter) }
    let place = cells.firstIndex { $0.offset >= start } ?? cells.count
    var first = place
    var kept = 0
    while first > 0, kept + cells[first - 1].width <= lead {
      first -= 1
      kept += cells[first].width
    }
    var last = place
    while last < cells.count, kept + cells[last].width <= maximumWidth {
      kept += cells[last].width
      last += 1
    }
    while first > 0, kept + cells[first - 1].width <= maximumWidth {
      first -= 1
      kept += cells[first].width
    }
    let result = (isCutBefore || first > 0, isCutAfter || last < cells.count)
    cells = Array(cells[first..<last])
    return result
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The stand-in for a scalar that must not be printed as it is.
  private static func shown(_ scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x09, 0x0A: nil
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value).map(String.init)
    case 0x7F: "␡"
    case 0x80..<0xA0: "�"
    case _ where EncodingCheck.isForbidden(scalar.value): "�"
    default: nil
    }
  }

  /// The columns of a scalar: 0 for combining marks, 2 for East Asian wide characters and emoji.
  private static func width(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 || EncodingCheck.isForbidden(scalar.value) { return 1 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      let category = scalar.properties.generalCategory
      return category == .nonspacingMark || category == .enclosingMark || category == .format ? 0 : 1
    }
  }
}

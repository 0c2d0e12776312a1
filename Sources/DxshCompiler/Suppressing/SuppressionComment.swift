import DxshSyntax
import DxshTime

/// A comment that silences a warning: `// dxsh:allow W0002 reason="…" until=2027-01-31`, in YAML after `#`.
///
/// It is for its own line or, when it has a line of its own, for the next line that is no comment.
struct SuppressionComment {
  let code: DiagnosticCode
  /// The last day on which it has an effect.
  let until: CivilDate?

  /// Nil for any other comment; a failure for one that means to silence something and is not written as it must be.
  static func read(_ comment: Comment, in file: SourceFile) -> Result<SuppressionComment, SuppressionMistake>? {
    let text = file.text(comment.range)
    let body = text.drop { $0 == "/" || $0 == "#" }.drop { $0 == " " || $0 == "\t" }
    // With a blank after the colon it is a sentence.
    guard body.hasPrefix("dxsh:"), let next = body.dropFirst(5).first, !next.isWhitespace else { return nil }
    let start = Int(comment.range.start) + text.utf8.distance(from: text.startIndex, to: body.startIndex)
    var reader = Reader(file: file, comment: comment, position: start)
    do throws(SuppressionMistake) {
      return .success(try reader.suppression())
    } catch {
      return .failure(error)
    }
  }

  /// Reads the words of one comment.
  private struct Reader {
    let file: SourceFile
    let comment: Comment
    var position: Int

    mutating func suppression() throws(SuppressionMistake) -> SuppressionComment {
      let directive = word()
      guard directive.text == "dxsh:allow" else {
        throw SuppressionMistake.unknownDirective(directive.text, directive.range)
      }
      let name = word()
      guard !name.text.isEmpty, !name.text.contains("=") else { throw SuppressionMistake.noCode(comment.range) }
      guard let code = DiagnosticCode(rawValue: name.text) else {
        throw SuppressionMistake.unknownCode(name.text, name.range)
      }
      guard code.severity == .warning else { throw SuppressionMistake.errorCode(code, comment.range) }
      var reason = ""
      var until: CivilDate?
      while true {
        let part = word()
        if part.text.isEmpty { break }
        if part.text.hasPrefix("until=") {
          let day = String(part.text.dropFirst(6))
          guard let date = CivilDate(text: day) else { throw SuppressionMistake.noDay(day, part.range) }
          until = date
        } else if part.text.hasPrefix("reason="), let text = Self.unquoted(part.text.dropFirst(7)) {
          reason = text
        } else {
          throw SuppressionMistake.unknownPart(part.text, part.range)
        }
      }
      guard reason.contains(where: { !$0.isWhitespace }) else { throw SuppressionMistake.noReason(code, comment.range) }
      return SuppressionComment(code: code, until: until)
    }

    /// What stands up to the next blank outside quotes; empty at the end.
    private mutating func word() -> (text: String, range: SourceRange) {
      let end = Int(comment.range.end)
      while position < end, Self.isBlank(file.bytes[position]) { position += 1 }
      let start = position
      var isQuoted = false
      while position < end, isQuoted || !Self.isBlank(file.bytes[position]) {
        let byte = file.bytes[position]
        if byte == UInt8(ascii: "\""), file.bytes[position - 1] != UInt8(ascii: "\\") { isQuoted.toggle() }
        position += 1
      }
      let range = SourceRange(file: file.id, start: UInt32(start), end: UInt32(position))
      return (file.text(range), range)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    private static func unquoted(_ text: Substring) -> String? {
      guard text.count >= 2, text.first == "\"", text.last == "\"" else { return nil }
      return String(text.dropFirst().dropLast())
    }
  }
}

/// What is wrong with a comment that means to silence something.
enum SuppressionMistake: Error {
  case unknownDirective(String, SourceRange)
  case noCode(SourceRange)
  case unknownCode(String, SourceRange)
  case errorCode(DiagnosticCode, SourceRange)
  case noDay(String, SourceRange)
  case unknownPart(String, SourceRange)
  case noReason(DiagnosticCode, SourceRange)
  case expired(DiagnosticCode, CivilDate, SourceRange)
  /// Also what to remove for the comment to be gone.
  case unused(DiagnosticCode, SourceRange, removing: SourceRange)
}

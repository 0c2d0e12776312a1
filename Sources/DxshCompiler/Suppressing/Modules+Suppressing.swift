import DxshSyntax
import DxshTime

extension Modules {
  /// The diagnostics without those that a comment silences, and with one for each comment that silences nothing.
  ///
  /// Where there are errors, warnings may be missing, so it is not said then that a comment is of no use.
  func withoutSilenced(_ diagnostics: [Diagnostic], today: CivilDate?) -> [Diagnostic] {
    var rest = diagnostics
    let isWhole = !diagnostics.contains { $0.severity == .error }
    for module in all where !module.tree.comments.isEmpty {
      silence(&rest, module, today, saysUnused: isWhole)
    }
    return rest
  }

  private func silence(_ diagnostics: inout [Diagnostic], _ module: Loaded, _ today: CivilDate?, saysUnused: Bool) {
    let file = module.file
    var known: LineIndex?
    for comment in module.tree.comments {
      guard let read = SuppressionComment.read(comment, in: file) else { continue }
      let index = known ?? LineIndex(file)
      known = index
      switch read {
      case .failure(let mistake): diagnostics.append(Diagnostic(mistake))
      case .success(let suppression):
        if let until = suppression.until, let today, until.daysSinceEpoch < today.daysSinceEpoch {
          diagnostics.append(Diagnostic(.expired(suppression.code, until, comment.range)))
          continue
        }
        let lines = Self.lines(of: comment, index, in: file)
        let before = diagnostics.count
        diagnostics.removeAll {
          $0.code == suppression.code && $0.code != .suppression && $0.range.file == file.id
            && lines.contains(index.position(of: Int($0.range.start)).line)
        }
        if diagnostics.count == before, saysUnused {
          let removed = Self.rangeToRemove(comment, in: file)
          diagnostics.append(Diagnostic(.unused(suppression.code, comment.range, removing: removed)))
        }
      }
    }
  }

  /// The lines that a comment is for: its own or, when it has that for itself, the next with the comments before it.
  private static func lines(of comment: Comment, _ lines: LineIndex, in file: SourceFile) -> ClosedRange<Int> {
    let own = lines.position(of: Int(comment.range.start)).line
    guard comment.ownLine else { return own...own }
    let sign = isYAML(file.name) ? "#" : "//"
    var last = own + 1
    while lines.text(ofLine: last).drop(while: { $0 == " " || $0 == "\t" }).hasPrefix(sign) { last += 1 }
    return (own + 1)...last
  }

  /// A comment with the blanks before it or, when the line is its own, the whole line.
  private static func rangeToRemove(_ comment: Comment, in file: SourceFile) -> SourceRange {
    let bytes = file.bytes
    var range = comment.range
    while range.start > 0, [0x20, 0x09].contains(bytes[Int(range.start) - 1]) { range.start -= 1 }
    guard comment.ownLine else { return range }
    while Int(range.end) < bytes.count {
      range.end += 1
      if bytes[Int(range.end) - 1] == UInt8(ascii: "\n") { break }
    }
    return range
  }
}

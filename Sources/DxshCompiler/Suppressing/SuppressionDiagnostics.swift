import DxshSyntax

/// W0008: what is said of comments that silence nothing.
extension Diagnostic {
  init(_ mistake: SuppressionMistake) {
    let form = "write `dxsh:allow CODE reason=\"…\"`, and `until=YYYY-MM-DD` where it is to end"
    switch mistake {
    case .unknownDirective(let word, let range):
      let meant = Spelling.nearest(to: word, among: ["dxsh:allow"])
      self.init(
        .suppression, "`\(word)` has no meaning", at: range, help: form,
        fix: meant.map { Fix("Write `\($0)`", [Edit(range, $0)]) })
    case .noCode(let range):
      self.init(.suppression, "the comment does not say which warning it silences", at: range, help: form)
    case .unknownCode(let code, let range):
      let warnings = DiagnosticCode.allCases.filter { $0.severity == .warning }.map(\.rawValue)
      let meant = warnings.first { $0 == code.uppercased() }
      self.init(
        .suppression, "there is no diagnostic `\(code)`", at: range,
        help: meant.map { "write `\($0)`" } ?? "`dxsh explain` lists them all",
        fix: meant.map { Fix("Write `\($0)`", [Edit(range, $0)]) })
    case .errorCode(let code, let range):
      self.init(
        .suppression, "`\(code.rawValue)` is an error, and only warnings can be silenced", at: range,
        help: "mend the error, and remove the comment")
    case .noDay(let text, let range):
      self.init(
        .suppression, "`\(text)` is no day", at: range, help: "write the last day on which it has an effect: 2027-01-31"
      )
    case .unknownPart(let text, let range):
      self.init(.suppression, "`\(text)` has no meaning here", at: range, help: form)
    case .noReason(let code, let range):
      self.init(
        .suppression, "the comment does not say why it silences `\(code.rawValue)`", at: range,
        help: "add `reason=\"…\"`; without it nothing is silenced")
    case .expired(let code, let day, let range):
      self.init(
        .suppression, "this silenced `\(code.rawValue)` until \(day)", at: range,
        help: "mend what it silenced, or give a later day")
    case .unused(let code, let range, let removed):
      self.init(
        .suppression, "nothing here gives `\(code.rawValue)`", at: range, help: "remove the comment",
        fix: Fix("Remove the comment", [Edit(removed, "")]))
    }
  }
}

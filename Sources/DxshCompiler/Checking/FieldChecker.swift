import DxshSyntax

/// Checks which fields a schedule, a trigger, an approval or `limits` has: known ones, each once.
struct FieldChecker {
  let session: CheckSession

  /// Returns whether all are known: where one is not, it may be any that is missing.
  @discardableResult
  func check(_ fields: [FieldEntry], _ known: [String], of what: String) -> Bool {
    var seen: [String: SourceRange] = [:]
    for field in fields where !field.name.isMissing {
      let name = field.name.text
      if !known.contains(name) {
        session.report(.unknownField(field.name, of: what, known))
      } else if let first = seen[name] {
        session.report(.duplicate("the field", field.name, first: first))
      }
      seen[name] = field.name.range
    }
    return seen.keys.allSatisfy(known.contains)
  }
}

extension [FieldEntry] {
  /// The value of the field of a name; nil when there is none.
  func value(of name: String) -> ExpressionSyntax? { first { $0.name.text == name }?.value }
}

import DxshExpressions
import DxshSyntax

/// The wording of words that nobody knows, of which it is guessed what was meant.
extension Misspelling {
  static func unknownName(
    _ what: String, _ name: String, code: DiagnosticCode = .unknownName,
    candidates: @autoclosure @escaping () -> [String], at range: SourceRange
  ) -> Misspelling {
    Misspelling(code, "there is no \(what) called `\(name)`", name, at: range, among: candidates)
  }

  static func unknownMember(_ name: String, of declared: EnumType, at range: SourceRange) -> Misspelling {
    let members = declared.members.map(\.name)
    return Misspelling(
      .unknownName, "the enum `\(declared.name)` has no member `\(name)`", name, at: range, among: { members },
      otherwise: "its members are \(listed(members))")
  }

  static func unknownArgument(_ label: Name, of what: String, parameters: [String]) -> Misspelling {
    Misspelling(
      .unknownArgument, "\(what) has no parameter `\(label.text)`", label.text, at: label.range,
      among: { parameters },
      otherwise: parameters.isEmpty ? "it takes no arguments" : "its parameters are \(listed(parameters))")
  }

  static func unknownPolicy(_ path: Path, place: String, candidates: [String]) -> Misspelling {
    Misspelling(
      .unknownName, "\(place) has no policy `\(path.text)`", path.text, at: path.range, among: { candidates },
      otherwise: "its policies are \(listed(candidates))")
  }

  /// Of a schedule, a trigger, an approval or `limits`.
  static func unknownField(_ name: Name, of what: String, _ known: [String]) -> Misspelling {
    Misspelling(
      .unknownArgument, "\(what) has no field `\(name.text)`", name.text, at: name.range, among: { known },
      otherwise: "its fields are \(listed(known))")
  }

  static func unknownField(_ field: Name, in record: RecordType) -> Misspelling {
    let names = record.fields.map(\.name)
    return Misspelling(
      .unknownField, "there is no field `\(field.text)`", field.text, at: field.range, among: { names },
      otherwise: names.isEmpty ? "the record has no fields" : "its fields are \(listed(names))")
  }

  static func extraField(_ field: Name, in record: RecordType) -> Misspelling {
    let names = record.fields.map(\.name)
    return Misspelling(
      .recordShape, "the record that is expected has no field `\(field.text)`", field.text, at: field.range,
      among: { names }, otherwise: "its fields are \(listed(names))")
  }

  /// `fail kind` of a kind that the workflow does not declare.
  static func undeclaredError(_ kind: Name, _ declared: CheckSession.DeclaredErrors) -> Misspelling {
    Misspelling(
      .undeclaredError, "`\(declared.workflow)` does not declare that it throws `\(kind.text)`", kind.text,
      at: kind.range, among: { declared.kinds.sorted() },
      otherwise: "write `throws \(kind.text)` in the header of the workflow")
  }

  /// A retry for failures that an attempt never ends with.
  static func retryOfOther(_ kind: String, _ signature: NodeSignature, at range: SourceRange) -> Misspelling {
    if !ErrorKinds.ofEngine.contains(kind) {
      return .unknownName(
        "error kind of `\(signature.path)`", kind, candidates: signature.attemptErrors, at: range)
    }
    return Misspelling(
      Diagnostic(
        .deadHandler, "an attempt of `\(signature.path)` never ends with `\(kind)`", at: range,
        help: "it can end with \(listed(signature.attemptErrors))"))
  }

  private static func listed(_ words: [String]) -> String { words.map { "`\($0)`" }.joined(separator: ", ") }
}

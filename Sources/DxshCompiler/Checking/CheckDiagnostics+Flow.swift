import DxshExpressions
import DxshSyntax

/// What is said of conditions and handlers that decide nothing.
extension Diagnostic {
  static func constantCondition(_ value: Bool, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .constantCondition, "this is always \(value)", at: range,
      help: value ? "remove the condition" : "remove what depends on it")
  }

  static func needlessAfter(_ step: Name, _ path: Path) -> Diagnostic {
    Diagnostic(
      .redundant, "`\(step.text)` mentions `\(path.text)`, so it waits for it anyway", at: path.range,
      help: "remove it from `after`")
  }

  static func shadows(_ variable: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .shadowing, "`\(variable)` hides another `\(variable)` here", at: range, help: "give the variable another name")
  }

  static func unreachable(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unreachable, "nothing after a `fail` is reached", at: range,
      help: "remove it, or put it before what fails")
  }

  static func deadHandler(_ item: TryItem) -> Diagnostic {
    let keyword = SourceRange(file: item.range.file, start: item.range.start, end: item.range.start + 3)
    return Diagnostic(
      .deadHandler, "nothing in this `try` can fail, so the handler never runs", at: keyword,
      help: "write the items of the body without `try`")
  }

  /// A retry for failures that an attempt never ends with.
  static func retryOfOther(_ kind: String, _ signature: NodeSignature, at range: SourceRange) -> Diagnostic {
    if !ErrorKinds.ofEngine.contains(kind) {
      return .unknownName(
        "error kind of `\(signature.path)`", kind, candidates: signature.attemptErrors, at: range)
    }
    return Diagnostic(
      .deadHandler, "an attempt of `\(signature.path)` never ends with `\(kind)`", at: range,
      help: "it can end with \(signature.attemptErrors.map { "`\($0)`" }.joined(separator: ", "))")
  }

  static func unusedError(_ kind: Name, of workflow: WorkflowDeclaration) -> Diagnostic {
    Diagnostic(
      .unused, "nothing in `\(workflow.name.text)` fails with `\(kind.text)`", at: kind.range,
      help: "remove it from `throws`")
  }

  /// `fail kind` of a kind that the workflow does not declare.
  static func undeclaredError(_ kind: Name, _ declared: CheckSession.DeclaredErrors) -> Diagnostic {
    let nearest = Spelling.nearest(to: kind.text, among: declared.kinds.sorted())
    return Diagnostic(
      .undeclaredError, "`\(declared.workflow)` does not declare that it throws `\(kind.text)`", at: kind.range,
      help: nearest.map { "did you mean `\($0)`?" } ?? "write `throws \(kind.text)` in the header of the workflow",
      fix: nearest.map { Fix("write `\($0)`", [Edit(kind.range, $0)]) })
  }
}

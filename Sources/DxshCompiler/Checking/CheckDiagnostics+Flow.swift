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

  static func unusedError(_ kind: Name, of workflow: WorkflowDeclaration) -> Diagnostic {
    Diagnostic(
      .unused, "nothing in `\(workflow.name.text)` fails with `\(kind.text)`", at: kind.range,
      help: "remove it from `throws`")
  }
}

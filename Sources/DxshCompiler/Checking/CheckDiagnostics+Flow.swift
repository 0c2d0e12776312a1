import DxshExpressions
import DxshSyntax

/// What is said of conditions and handlers that decide nothing.
extension Diagnostic {
  static func constantCondition(_ value: Bool, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .constantCondition, "this is always \(value)", at: range,
      help: value ? "remove the condition" : "remove what depends on it")
  }

  static func deadHandler(_ item: TryItem) -> Diagnostic {
    let keyword = SourceRange(file: item.range.file, start: item.range.start, end: item.range.start + 3)
    return Diagnostic(
      .deadHandler, "nothing in this `try` can fail, so the handler never runs", at: keyword,
      help: "write the items of the body without `try`")
  }
}

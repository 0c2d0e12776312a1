import DxshExpressions
import DxshSyntax

/// The wording of what is wrong with names, arguments and order.
extension Diagnostic {
  static func duplicate(_ what: String, _ name: Name, first: SourceRange?) -> Diagnostic {
    Diagnostic(
      .duplicateName, "\(what) `\(name.text)` is there already", at: name.range,
      related: first.map { [Related($0, "first here")] } ?? [],
      help: "names are bound once, or once in each branch of an `if`")
  }

  static func formerNameInUse(_ was: Name, user: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, "the former name `\(was.text)` is the name of another item", at: was.range,
      related: [Related(user.range, "here")],
      help: "a run that is under way would find its old step under both: give the other one a new name")
  }

  static func formerWorkflowInUse(_ was: Name, user: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, "the former name `\(was.text)` is the name of another workflow", at: was.range,
      related: [Related(user.range, "here")],
      help: "its runs go on with the workflow that has their name: give the other one a new name, or remove `was`")
  }

  static func formerNameIsName(_ was: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, "the former name `\(was.text)` is the name that it has", at: was.range,
      help: "`was` says another name that it had before: remove it")
  }

  static func formerNameTwice(_ was: Name, _ what: String, first: Name) -> Diagnostic {
    Diagnostic(
      .duplicateName, "two \(what) were called `\(was.text)`", at: was.range,
      related: [Related(first.range, "first here")],
      help: "only one of them can take the place of the old one: remove the other `was`")
  }

  static func reservedType(_ name: Name) -> Diagnostic {
    Diagnostic(.duplicateName, "`\(name.text)` is a type of the language", at: name.range, help: "choose another name")
  }

  static func recursiveType(_ name: Name) -> Diagnostic {
    Diagnostic(
      .recursion, "the type `\(name.text)` contains itself", at: name.range,
      help: "types cannot be recursive; use `json` for data of any depth")
  }

  static func wrongTypeArguments(_ name: String, expected: Int, at range: SourceRange) -> Diagnostic {
    let form =
      switch name {
      case "list", "secret": "`\(name)<T>`"
      case "map": "`map<K, V>`"
      case "connection": "`connection<kind>`, with the name of a kind of connection"
      default: "`\(name)` without arguments"
      }
    return Diagnostic(.unknownType, "`\(name)` takes \(expected) type arguments", at: range, help: "write \(form)")
  }

  static func missingEffect(_ path: Path) -> Diagnostic {
    Diagnostic(
      .missingArgument, "the node `\(path.text)` does not say its effect", at: path.range,
      help: "add `effect` and one of pure, read, idempotent, keyed, transactional, once")
  }

  static func recursiveWorkflow(_ path: Path) -> Diagnostic {
    Diagnostic(
      .recursion, "the workflow `\(path.text)` calls itself, directly or through others", at: path.range,
      help: "workflows cannot be recursive; what repeats is a `repeat` or a `for`")
  }

  static func callsNestTooDeeply(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .nestingLimit, "workflows call workflows more than \(CheckSession.callDepthLimit) deep", at: range,
      help: "let one workflow further out call several of them in turn")
  }

  static func castOfWorkflow(_ path: Path, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .typeMismatch, "the workflow `\(path.text)` says itself what it outputs", at: range, help: "remove the `as`")
  }

  static func missingMaximum(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .missingArgument, "this `repeat` does not say how often it may go round", at: range,
      help: "write `with max(n)` after its first state: every loop has a bound")
  }

  static func outputInFinally(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .duplicateName, "an `output` cannot stand in `finally`", at: range,
      help: "the output is settled when `finally` runs; bind it before")
  }

  static func nodeInExpression(_ node: NodeSignature, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unknownName, "`\(node.path)` is a node, not a function", at: range,
      related: [Related(node.range, "declared here")],
      help: "call it in a step: `step x = \(node.path)(…)`, then use `x`")
  }

  static func typeIsNoValue(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unknownName, "`\(name)` is a type, not a value", at: range,
      help: "write a record literal: `{ … }`, with the type at the name it gets")
  }

  static func ambiguousMember(_ name: String, of declared: EnumType, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .ambiguousMember, "`\(name)` is a member of `\(declared.name)` and a name in scope", at: range,
      help: "write `\(declared.name).\(name)` for the member, or rename the other",
      fix: Fix("write `\(declared.name).\(name)`", [Edit(range, "\(declared.name).\(name)")]))
  }

  static func tooManyArguments(_ count: Int, of what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.unknownArgument, "\(what) takes \(count) arguments at most", at: range, help: "remove this one")
  }

  static func repeatedArgument(_ name: String, at range: SourceRange, first: SourceRange) -> Diagnostic {
    Diagnostic(
      .duplicateName, "the argument `\(name)` is given twice", at: range, related: [Related(first, "first here")],
      help: "remove one of them")
  }

  static func missingArguments(
    _ parameters: [ParameterSignature], of what: String, at range: SourceRange, declared: SourceRange?
  ) -> Diagnostic {
    let names = parameters.map { "`\($0.name)`" }.joined(separator: ", ")
    return Diagnostic(
      .missingArgument, "\(what) needs \(names)", at: range,
      related: declared.map { [Related($0, "declared here")] } ?? [],
      help: "add " + parameters.map { "`\($0.name): …` (\($0.type))" }.joined(separator: ", "))
  }

  static func labelInExpression(_ label: Name) -> Diagnostic {
    Diagnostic(
      .unknownArgument, "functions take their arguments by position, not by name", at: label.range,
      help: "remove `\(label.text):`")
  }

  static func badPolicyValue(_ message: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(.badOperand, message, at: range)
  }

  /// A circle is shown whole up to this many members.
  private static let cycleLimit = 50

  static func dependencyCycle(_ members: [(title: String, range: SourceRange)]) -> Diagnostic {
    let left = members.count - cycleLimit
    let titles = members.prefix(cycleLimit).map(\.title) + (left > 0 ? ["\(left) more"] : []) + [members[0].title]
    let chain = titles.joined(separator: " waits for ")
    let related = members.prefix(cycleLimit).dropFirst().map { Related($0.range, "\($0.title) is here") }
    return Diagnostic(
      .dependencyCycle, members.count == 1 ? "\(members[0].title) waits for itself" : chain, at: members[0].range,
      related: related, help: "break the circle: one of them must not need another's result")
  }

  static func missingOutput(_ name: Name, _ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .missingOutput, "the workflow `\(name.text)` says that it gives \(type) but has no `output`", at: range,
      help: "add `output …`, or remove the result type")
  }

  static func outputNotCertain(_ type: Type, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .missingOutput, "there is a path on which nothing is output", at: range,
      help: "add an `output` to the other branch, let it `fail`, or make the result `\(type)?`")
  }

  static func outputInLoop(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`output` cannot stand in a loop", at: range,
      help: "a name bound in the loop is a list after it: output that")
  }

  static func retryOfOnce(_ signature: NodeSignature, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unsafeRetry, "`\(signature.path)` must not be repeated: its effect is `once`", at: range,
      related: [Related(signature.range, "declared here")],
      help: "remove `retry`; or let `on_interrupt(verify(…))` ask whether it took place; or, when this call is safe to "
        + "repeat, add `assume(idempotent, reason: \"…\")`")
  }
}

/// What the parser says about structure: what was expected, what is not closed, which word is out of place.
extension Diagnostic {
  static func expected(_ what: String, found: Found) -> Diagnostic {
    Diagnostic(.unexpectedToken, "expected \(what), found \(found.text)", at: found.range)
  }

  // MARK: Brackets and limits

  /// `closer` is missing before what is `found`; the fix puts it in `place`.
  static func unclosed(
    _ opener: Token, _ openerRange: SourceRange, closer: Token.Kind, found: Found, place: SourceRange
  ) -> Diagnostic {
    let open = opener.kind.spelling ?? "bracket"
    let close = closer.spelling ?? "its end"
    return Diagnostic(
      .unclosedDelimiter,
      place.isEmpty ? "expected `\(close)` before \(found.text)" : "expected `\(close)`, found \(found.text)",
      at: found.range,
      related: [Related(openerRange, "this `\(open)` is not closed")], help: "close it with `\(close)`",
      fix: Fix("Add `\(close)`", [Edit(place, closer == .rightBrace ? " \(close)" : close)]))
  }

  static func strayBrace(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "this `}` closes nothing", at: range, help: "remove it, or look for a `}` too many above",
      fix: Fix("Remove `}`", [Edit(range, "")]))
  }

  static func strayCloser(_ kind: Token.Kind, at range: SourceRange) -> Diagnostic {
    let closer = kind.spelling ?? ""
    return Diagnostic(
      .unexpectedToken, "this `\(closer)` closes nothing", at: range, help: "remove it",
      fix: Fix("Remove `\(closer)`", [Edit(range, "")]))
  }

  static func nestedTooDeeply(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .nestingLimit, "nested more than \(Parser.nestingLimit) deep", at: range,
      help: "name the inner part with `let`, `type` or a workflow of its own")
  }

  static func expressionTooLong(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .nestingLimit, "this expression has a chain of more than \(Parser.heightLimit) operators", at: range,
      help: "split it with `let`, or use a list: `[a, b, c].sum()`")
  }

  // MARK: Separators

  static func itemOnSameLine(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected a new line here", at: range,
      help: "every item and declaration starts a line of its own",
      fix: Fix("Start a new line", [Edit(gap, "\n")]))
  }

  static func missingComma(at range: SourceRange, gap: SourceRange, lines: Bool) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected a comma before this", at: range,
      help: lines ? "two entries on one line are separated by a comma" : "separate the elements with commas",
      fix: Fix("Add a comma", [Edit(gap, ",")]))
  }

  static func missingColon(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `:` before this", at: range, help: "an entry is written `name: value`",
      fix: Fix("Add `:`", [Edit(gap, ":")]))
  }

  static func missingBrace(of owner: String, found: Found, gap: SourceRange) -> Diagnostic {
    var diagnostic = expected("`{` and the items of `\(owner)`", found: found)
    if found.range.isEmpty { diagnostic.fix = Fix("Add `{`", [Edit(gap, " {")]) }
    return diagnostic
  }

  static func missingArrow(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `->` before the type of the result", at: range, help: "write `-> T`",
      fix: Fix("Add `->`", [Edit(gap, " ->")]))
  }

  static func elseWithoutIf(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `if` or `{` after `else`", at: range,
      help: "another condition is written `else if c {`",
      fix: Fix("Add `if`", [Edit(range.atStart, "if ")]))
  }

  static func braceOnNextLine(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "the `{` of a block stands on the line before", at: range,
      help: "a line that starts with `{` does not continue the one above",
      fix: Fix("Move the `{` up", [Edit(gap, " {"), Edit(range, "")]))
  }

  static func missingAssign(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `=` before this", at: range,
      help: "write `=` between the name and what it stands for",
      fix: Fix("Add `=`", [Edit(gap, " =")]))
  }

  static func needlessAssign(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "an enum has no `=`", at: range, help: "write `enum Name { a, b }`",
      fix: Fix("Remove `=`", [Edit(range, "")]))
  }

  static func equalInsteadOfAssign(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "`==` compares; a name is bound with `=`", at: range, help: "write `=`",
      fix: Fix("Write `=`", [Edit(range, "=")]))
  }

  // MARK: Declarations and items

  static func refinedAlias(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`where` cannot stand on a type", at: range,
      help: "write it after the type of a field or parameter: `share: double where self >= 0.0`")
  }

  static func misplacedHeader(_ word: Word, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord,
      word == .finally
        ? "`finally` stands only at the end of a workflow" : "`\(word.rawValue)` stands before the items of a workflow",
      at: range,
      help: word == .finally
        ? "move it out of the block, to the end of the workflow" : "move it up, above the first item")
  }

  static func repeatedPart(_ word: Word, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`\(word.rawValue)` stands more than once here", at: range, help: "write all of it in one")
  }

  static func repeatedProgram(at range: SourceRange) -> Diagnostic {
    Diagnostic(.misplacedWord, "a node is run by one program", at: range, help: "remove one of the two")
  }

  static func itemAfterFinally(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "nothing follows `finally`", at: range, help: "move it above `finally`, which ends the workflow")
  }

  static func itemAfterNext(at range: SourceRange, _ next: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "nothing follows `next`", at: range,
      related: [Related(next, "this ends the body of the `repeat`")], help: "move it above `next`")
  }

  static func missingNext(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "this `repeat` does not say what comes next", at: range,
      help: "end its body with `next e while c`: the next state, and whether there is one")
  }

  static func missingCatch(at range: SourceRange, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "this `try` has no `catch`", at: range, help: "write `catch e { … }` after its block")
  }

  static func emptyImport(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "this import names nothing", at: range,
      help: "write the names that are meant, or `as` and a name"
    )
  }

  static func expectedTestItem(found: Found) -> Diagnostic {
    var diagnostic = expected("an item of a test such as `mock`, `run` or `expect`", found: found)
    diagnostic.code = .misplacedWord
    diagnostic.help = "a test holds mock, decide, send, clock, fire, crash, run and expect"
    return diagnostic
  }

  static func expectedDeclaration(found: Found) -> Diagnostic {
    var diagnostic = expected("a declaration such as `workflow`, `type`, `secret` or `node`", found: found)
    diagnostic.code = .misplacedWord
    return diagnostic
  }

  static func itemOutsideWorkflow(_ word: Word, at range: SourceRange, after end: SourceRange?) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`\(word.rawValue)` stands only inside a workflow", at: range,
      related: end.map { [Related($0, "the declaration before ends here")] } ?? [],
      help: "move it into `workflow name() { … }`, or look for a `}` too many above")
  }

  static func expectedItem(found: Found) -> Diagnostic {
    var diagnostic = expected("an item such as `let`, `step` or `if`", found: found)
    diagnostic.code = .misplacedWord
    return diagnostic
  }

  static func unknownItem(_ text: String, at range: SourceRange, isCall: Bool) -> Diagnostic {
    let help =
      text == "elif" || text == "elsif" || text == "elseif" || text == "else"
      ? "write `else if c {` or `else {` on the line of the `}` before"
      : isCall
        ? "a call is written `step name = \(text)…`; an argument or policy of the line above needs a comma before it"
        : "an item starts with let, step, wait, approval, if, match, for, repeat, sequence, try, assert, fail or output"
    return Diagnostic(
      .misplacedWord, "expected an item such as `let`, `step` or `if`, found `\(text)`", at: range, help: help)
  }

  static func misspelt(_ text: String, _ meant: Word, _ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`\(text)` does not start \(what)", at: range, help: "did you mean `\(meant.rawValue)`?",
      fix: Fix("Write `\(meant.rawValue)`", [Edit(range, meant.rawValue)]))
  }

  static func missingLet(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "a name is bound with `let`", at: range, help: "write `let \(text) = …`",
      fix: Fix("Add `let`", [Edit(range.atStart, "let ")]))
  }

  static func missingStep(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "a call of a node starts with `step`", at: range, help: "write `step \(text) = …`",
      fix: Fix("Add `step`", [Edit(range.atStart, "step ")]))
  }

  static func missingFor(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "a loop starts with `for`", at: range, help: "write `for \(text) …`",
      fix: Fix("Add `for`", [Edit(range.atStart, "for ")]))
  }

  static func stepWithoutCall(keyword: SourceRange, found: Found) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "a step calls a node, found \(found.text)", at: found.range,
      help: "bind a value with `let name = …`", fix: Fix("Write `let`", [Edit(keyword, "let")]))
  }

  static func callWithoutArguments(_ path: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `(` after `\(path)`", at: range, help: "a call is written `\(path)()`",
      fix: Fix("Add `()`", [Edit(range.atEnd, "()")]))
  }

  static func missingMessage(gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `,` and a message", at: gap, help: "say why the run must end: `assert c, \"why\"`")
  }

  static func missingParameters(_ name: String, gap: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected `(` and the parameters", at: gap, help: "without parameters it is `\(name)()`",
      fix: Fix("Add `()`", [Edit(gap, "()")]))
  }

  static func missingResult(found: Found) -> Diagnostic {
    var diagnostic = expected("`->` and the type of the result", found: found)
    diagnostic.help = "a node without a result is written `-> {}`"
    return diagnostic
  }

  static func severalTimeouts(at range: SourceRange) -> Diagnostic {
    Diagnostic(.unexpectedToken, "`timeout` takes one duration", at: range, help: "write `timeout(30s)`")
  }

  // MARK: Clauses

  static func repeatedClause(_ word: Word, of item: String, at range: SourceRange) -> Diagnostic {
    let help =
      word == .after || word == .with || word == .throws
      ? "write all of them after one `\(word.rawValue)`, separated by commas" : "remove one"
    return Diagnostic(
      .misplacedWord, "`\(word.rawValue)` stands more than once on this \(item)", at: range, help: help)
  }

  static func foreignClause(_ word: Word, of item: Word, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`\(word.rawValue)` cannot stand on a `\(item.rawValue)`", at: range,
      help: word == .collect ? "it belongs to `for`, whose failures it collects" : "it belongs to `step`")
  }

  static func policyWithoutWith(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .unexpectedToken, "expected the end of the line, found `\(name)`", at: range,
      help: "policies follow `with`: `with \(name)(…)`, separated by commas",
      fix: Fix("Add `with`", [Edit(range.atStart, "with ")]))
  }

  // MARK: Names

  static func reservedName(_ text: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedWord, "`\(text)` is a reserved word and cannot be a name", at: range, help: "choose another name",
      fix: Fix("Rename it to `\(text)_`", [Edit(range, text + "_")]))
  }

  static func backtickedName(_ text: String, at range: SourceRange) -> Diagnostic {
    let bare = text.filter { $0 != "`" }
    return Diagnostic(
      .misplacedWord, "backticks are for field names only", at: range, help: "write the name without them",
      fix: Fix("Remove the backticks", [Edit(range, bare)]))
  }

  static func misplacedDocumentation(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .misplacedDocumentation, "this `///` comment documents nothing", at: range,
      help: "put it on its own line above a declaration, parameter, field, member, `let` or `step`, or use `//`")
  }
}

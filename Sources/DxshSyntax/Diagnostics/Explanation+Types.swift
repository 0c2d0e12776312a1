extension DiagnosticCode {
  /// Of types and values.
  var typeExplanation: Explanation {
    switch self {
    case .typeMismatch:
      Explanation(
        "a value of another type is expected",
        why: "Nothing is converted silently; only an integer literal is a double where one is expected.",
        wrong: "workflow w() {\n  let x: string = 1\n}", right: "workflow w() {\n  let x: string = string(1)\n}")
    case .optionalNotNarrowed:
      Explanation(
        "the value may be none",
        why:
          "A `T?` is not a `T` until the text has checked it: give a default, check `hasValue()`, or select with `.?`.",
        wrong: "workflow w(note: string?) {\n  let x = note + \"!\"\n}",
        right: "workflow w(note: string?) {\n  let x = note.orValue(\"\") + \"!\"\n}")
    case .missingArgument:
      Explanation(
        "an argument or clause is missing",
        why: "Parameters without a default must be given; a node's declaration must say its effect.",
        wrong: "workflow w() {\n  step x = debug.echo()\n}", right: "workflow w() {\n  step x = debug.echo(value: 1)\n}"
      )
    case .badOperand:
      Explanation(
        "the operation does not take values of these types",
        why:
          "Operators and functions take fixed types; int and double do not mix without a conversion.",
        wrong: "workflow w(a: int, b: string) {\n  let x = a + b\n}",
        right: "workflow w(a: int, b: string) {\n  let x = \"${a}${b}\"\n}")
    case .noCommonType:
      Explanation(
        "the parts have no type in common",
        why: "The elements of a list, and the branches of a choice, are of one type.",
        wrong: "workflow w() {\n  let x = [1, \"a\"]\n}", right: "workflow w() {\n  let x = [\"1\", \"a\"]\n}")
    case .inexhaustiveMatch:
      Explanation(
        "a `match` has no arm for some values",
        why:
          "A `match` gives a value whatever it is over: every member of an enum needs an arm, or `_` takes the rest.",
        wrong: "enum Tier { free, pro }\nworkflow w(t: Tier) {\n  let x = match t { free => 0 }\n}",
        right: "enum Tier { free, pro }\nworkflow w(t: Tier) {\n  let x = match t { free => 0, pro => 10 }\n}")
    case .unreachableArm:
      Explanation(
        "an arm of a `match` is never reached",
        why: "Arms are tried from the top; what an earlier one takes never reaches a later one.",
        wrong: "workflow w(n: int) {\n  let x = match n { _ => 0, 1 => 10 }\n}",
        right: "workflow w(n: int) {\n  let x = match n { 1 => 10, _ => 0 }\n}")
    case .recordShape:
      Explanation(
        "the record has not the expected fields",
        why: "A record literal has exactly the fields that are expected, so that a misspelt optional field is found.",
        wrong: "workflow w() {\n  let x: { id: int, note: string? } = { id: 1, nte: \"a\" }\n}",
        right: "workflow w() {\n  let x: { id: int, note: string? } = { id: 1, note: \"a\" }\n}")
    case .notRenderable:
      Explanation(
        "the value is not text",
        why: "Lists, records, optionals and json do not go into text without saying how.",
        wrong: "workflow w(xs: list<string>) {\n  let x = \"${xs}\"\n}",
        right: "workflow w(xs: list<string>) {\n  let x = \"${xs.join(\", \")}\"\n}")
    case .undecodedJSON:
      Explanation(
        "json must be decoded first",
        why: "What json holds is not known before the run: decode it where it arrives, or select with `.?`.",
        wrong: "workflow w(j: json) {\n  let x = j.name\n}", right: "workflow w(j: json) {\n  let x = j.?name\n}")
    case .partialOperation:
      Explanation(
        "the operation may fail",
        why: "What can fail on some values is proven safe by a check before it, or written in a form that gives none.",
        wrong: "workflow w(xs: list<int>) {\n  let x = xs[0]\n}",
        right: "workflow w(xs: list<int>) {\n  let x = xs[?0]\n}")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  /// Of order, effects and what is of no use.
  var flowExplanation: Explanation {
    switch self {
    case .dependencyCycle:
      Explanation(
        "things wait for each other in a circle",
        why: "A step starts when what it mentions is there; in a circle nothing would ever start.",
        wrong: "workflow w() {\n  let a = b + 1\n  let b = a + 1\n}",
        right: "workflow w() {\n  let a = 1\n  let b = a + 1\n}")
    case .missingOutput:
      Explanation(
        "there is a path without an output",
        why: "A workflow that says what it gives must output it on every path that does not fail.",
        wrong: "workflow w(c: bool) -> int {\n  if c {\n    output 1\n  }\n}",
        right: "workflow w(c: bool) -> int {\n  if c {\n    output 1\n  } else {\n    output 2\n  }\n}")
    case .race:
      Explanation(
        "two steps use one file at once",
        why:
          "Steps run side by side unless one waits for the other. Where one of them writes what the other uses, which "
          + "comes first is chance.",
        wrong: """
          workflow w() -> string {
            step saved = file.write(path: "a.txt", text: "new")
            step read = file.read(path: "a.txt")
            output read
          }
          """,
        right: """
          workflow w() -> string {
            step saved = file.write(path: "a.txt", text: "new")
            step read = file.read(path: "a.txt") after saved
            output read
          }
          """)
    case .unsafeRetry:
      Explanation(
        "the step must not be repeated",
        why:
          "A node of effect `once` does something that must not happen twice, and a failed attempt may have done it.",
        wrong: "workflow w() {\n  step x = shell.run(command: [\"send\"]) with retry(3)\n}",
        right:
          "workflow w() {\n  step x = shell.run(command: [\"ls\"])\n"
          + "    with retry(3), assume(read, reason: \"only lists\")\n}"
      )
    case .deadHandler:
      Explanation(
        "nothing in this `try` can fail",
        why: "A handler runs when a step, an `assert`, a `fail` or a `repeat` of the body fails. Here it never would.",
        wrong:
          "workflow w() -> int {\n  try {\n    let x = 1\n  } catch e {\n    let x = 2\n  }\n  output x\n}",
        right: "workflow w() -> int {\n  let x = 1\n  output x\n}")
    case .undeclaredError:
      Explanation(
        "a `fail` gives a kind that the workflow does not declare",
        why:
          "Who handles the failure, here or in a workflow that calls this one, can tell the kinds apart. A kind of "
          + "your own is declared with `throws`, so that a misspelt one is found.",
        wrong: "workflow w(stock: int) {\n  if stock == 0 {\n    fail sold_out, \"nothing is left\"\n  }\n}",
        right:
          "workflow w(stock: int) throws sold_out {\n  if stock == 0 {\n"
          + "    fail sold_out, \"nothing is left\"\n  }\n}")
    case .unused:
      Explanation(
        "nobody reads this",
        why:
          "A value, a parameter, a secret or a connection that nothing mentions is most often a mistake: another name "
          + "is read in its place, or it is left over.",
        wrong: "workflow w(a: int) -> int {\n  let b = a + 1\n  output a\n}",
        right: "workflow w(a: int) -> int {\n  let b = a + 1\n  output b\n}")
    case .constantCondition:
      Explanation(
        "the condition is always the same",
        why: "A condition of literals alone decides nothing: one of its branches never runs.",
        wrong: "workflow w() {\n  if 1 > 2 {\n    step x = log.info(message: \"never\")\n  }\n}",
        right: "workflow w(n: int) {\n  if n > 2 {\n    step x = log.info(message: \"now and then\")\n  }\n}")
    case .unusedStepResult:
      Explanation(
        "nobody reads the result of a pure step",
        why: "A pure step has no effect but its result, so it does nothing here; the optimizer removes it.",
        wrong: "workflow w() {\n  step x = json.format(value: 1)\n}",
        right: "workflow w() -> string {\n  step x = json.format(value: 1)\n  output x\n}")
    case .suppression:
      Explanation(
        "a comment silences nothing",
        why:
          "`// dxsh:allow W0002 reason=\"…\" until=2027-01-31` silences one warning, on its line or, when it has a line"
          + " of its own, on the next. It names a warning that is there and says why; after its day it has no effect.",
        wrong: "// dxsh:allow W0002 reason=\"kept for later\"\nworkflow w() {\n}", right: "workflow w() {\n}")
    case .misplacedDocumentation:
      Explanation(
        "the documentation belongs to nothing",
        why: "`///` documents the declaration, item, parameter or field after it; elsewhere write `//`.",
        wrong: "workflow w() {\n  let x = 1\n  /// the end\n}", right: "workflow w() {\n  let x = 1\n  // the end\n}")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }
}

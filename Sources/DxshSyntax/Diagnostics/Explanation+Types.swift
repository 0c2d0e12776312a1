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
}

extension DiagnosticCode {
  /// Of mistakes in the text itself.
  var textExplanation: Explanation {
    switch self {
    case .unexpectedToken:
      Explanation(
        "something else was expected here",
        why: "The text does not follow the grammar at this place. What follows is read from the next item on.",
        wrong: "workflow w() {\n  let = 1\n}", right: "workflow w() {\n  let x = 1\n}")
    case .unclosedDelimiter:
      Explanation(
        "a bracket is never closed",
        why: "Every `(`, `[` and `{` needs its partner. The note shows the one that was left open.",
        wrong: "workflow w() {\n  let x = [1, 2\n}", right: "workflow w() {\n  let x = [1, 2]\n}")
    case .badString:
      Explanation(
        "a text literal is malformed",
        why: "A text in single or double quotes ends on its line, and a backslash begins an escape such as `\\n`.",
        wrong: "workflow w() {\n  let x = \"a\\qb\"\n}", right: "workflow w() {\n  let x = \"a\\\\qb\"\n}")
    case .badLiteral:
      Explanation(
        "a number, duration or size is malformed or out of range",
        why: "An int has 64 bits; a unit is one of w d h m s ms, or B KB MB GB TB KiB MiB GiB TiB.",
        wrong: "workflow w() {\n  let x = 30min\n}", right: "workflow w() {\n  let x = 30m\n}")
    case .nestingLimit:
      Explanation(
        "this is nested too deeply",
        why:
          "Brackets and blocks nest 200 deep at most, and workflows call workflows 32 deep, so that no input can "
          + "exhaust the machine.",
        wrong:
          "workflow w() {\n  let x = \(String(repeating: "(", count: 201))1\(String(repeating: ")", count: 201))\n}",
        right: "workflow w() {\n  let x = 1\n}")
    case .badEncoding:
      Explanation(
        "the file has bytes or characters that cannot stand in source text",
        why:
          "Files are UTF-8, without NUL and without characters that are invisible or turn the direction of the text.",
        wrong: "workflow w() {\n  let x = \"a\u{200B}b\"\n}", right: "workflow w() {\n  let x = \"ab\"\n}")
    case .notSupported:
      Explanation(
        "this version of dxsh reads this, but does not run it",
        why:
          "The language has it, files with it are read, formatted and converted; what runs workflows lacks it still.",
        wrong:
          "workflow w() {\n  on webhook pushed {\n    path: \"/pushed\"\n  }\n"
          + "  step told = log.info(message: \"pushed\")\n}",
        right: "workflow w() {\n  step told = log.info(message: \"pushed\")\n}")
    case .misplacedWord:
      Explanation(
        "this word cannot begin something here",
        why:
          "Items begin with a keyword such as `let` or `if`; others have their place, or are not there yet.",
        wrong: "workflow w() {\n  lett x = 1\n}", right: "workflow w() {\n  let x = 1\n}")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }

  /// Of names.
  var nameExplanation: Explanation {
    switch self {
    case .unknownName:
      Explanation(
        "there is nothing of that name",
        why:
          "A name is a parameter, a loop's variable, or bound by a `let` or `step`; nodes are declared.",
        wrong: "workflow w(region: string) {\n  let x = regoin\n}",
        right: "workflow w(region: string) {\n  let x = region\n}")
    case .duplicateName:
      Explanation(
        "the name is taken",
        why:
          "A name is bound once in a workflow, since it is the step's place in the journal; branches may share it.",
        wrong: "workflow w() {\n  let x = 1\n  let x = 2\n}", right: "workflow w() {\n  let x = 1\n  let y = 2\n}")
    case .unknownType:
      Explanation(
        "there is no such type",
        why: "Types are built in, such as `int` and `list<T>`, or declared with `type` and `enum` in the file.",
        wrong: "workflow w(x: strin) {\n}", right: "workflow w(x: string) {\n}")
    case .unknownField:
      Explanation(
        "the record has no such field",
        why: "Records have exactly the fields of their type; json has none before it is decoded.",
        wrong: "workflow w(o: { id: string }) {\n  let x = o.di\n}",
        right: "workflow w(o: { id: string }) {\n  let x = o.id\n}")
    case .unknownArgument:
      Explanation(
        "there is no such parameter",
        why: "Arguments are given by position or by the name of a parameter of the node's declaration.",
        wrong: "workflow w() {\n  step x = debug.echo(valeu: 1)\n}",
        right: "workflow w() {\n  step x = debug.echo(value: 1)\n}")
    case .importFailed:
      Explanation(
        "a file cannot be imported",
        why: "An import names a file beside this one, by a path that begins with `./` or `../`.",
        wrong: "import \"shared.dxsh\" as shared", right: "workflow w() {\n  let x = 1\n}")
    case .recursion:
      Explanation(
        "a declaration contains itself",
        why: "Types cannot be recursive. Data of any depth is `json`.",
        wrong: "type Tree = { children: list<Tree> }", right: "type Tree = { children: json }")
    case .ambiguousMember:
      Explanation(
        "the word is both an enum's member and a name",
        why:
          "Where an enum is expected its members can stand bare; a name in scope may read the same.",
        wrong: "enum Tier { free, pro }\nworkflow w(pro: bool) {\n  let t: Tier = pro\n}",
        right: "enum Tier { free, pro }\nworkflow w(pro: bool) {\n  let t: Tier = Tier.pro\n}")
    default: preconditionFailure("\(rawValue) is explained elsewhere")
    }
  }
}

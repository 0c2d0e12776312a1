extension DiagnosticCode {
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
    case .unreachable:
      Explanation(
        "nothing reaches this",
        why: "A `fail` ends its block, and so does an `if` or a `match` that fails whatever is chosen.",
        wrong:
          "workflow w(n: int) {\n  if n < 0 {\n    fail \"n is negative\"\n"
          + "    step told = log.info(message: \"n is ${n}\")\n  }\n}",
        right:
          "workflow w(n: int) {\n  if n < 0 {\n    step told = log.info(message: \"n is ${n}\")\n"
          + "    fail \"n is negative\"\n  }\n}")
    case .idleWait:
      Explanation(
        "nothing waits for this wait",
        why: "A step waits for what it mentions or stands `after`, not for what is written above it.",
        wrong:
          "workflow w() {\n  wait pause = delay(10m)\n  step told = log.info(message: \"ten minutes later\")\n}",
        right:
          "workflow w() {\n  wait pause = delay(10m)\n"
          + "  step told = log.info(message: \"ten minutes later\") after pause\n}")
    case .waitInFinally:
      Explanation(
        "`finally` waits for nothing",
        why: "It runs when the rest has ended, also when a run is cancelled, and has to come to an end itself.",
        wrong:
          "workflow w() {\n  finally {\n    wait pause = delay(10m)\n"
          + "    step told = log.info(message: \"over\") after pause\n  }\n}",
        right: "workflow w() {\n  finally {\n    step told = log.info(message: \"over\")\n  }\n}")
    case .misplacedPolicy:
      Explanation(
        "a policy is for calls of nodes, and stands at the call of a workflow",
        why:
          "A workflow is made of steps, each with policies of its own. At its call stand `retry`, `deadline` and "
          + "`fallback`, which are about the whole of it; the others are about one attempt of one call.",
        wrong:
          "workflow w() {\n  step x = load() with timeout(1h)\n}\nworkflow load() {\n"
          + "  step y = file.read(path: \"a\")\n}",
        right:
          "workflow w() {\n  step x = load() with deadline(1h)\n}\nworkflow load() {\n"
          + "  step y = file.read(path: \"a\")\n}")
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
    case .timeoutInversion:
      Explanation(
        "two times contradict each other",
        why:
          "The shorter of the two always comes first, so the longer one never does anything: a delay above the "
          + "longest, a step that may take longer than its whole run.",
        wrong:
          "workflow w() {\n  step x = file.read(path: \"a\")\n"
          + "    with retry(3, backoff: exponential(1m, max: 10s))\n}",
        right:
          "workflow w() {\n  step x = file.read(path: \"a\")\n"
          + "    with retry(3, backoff: exponential(1s, max: 10s))\n}")
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
    case .shadowing:
      Explanation(
        "a macro's variable hides a name",
        why: "Inside the macro the name means the element. Who reads it may take it for the other.",
        wrong: "workflow w(n: int, all: list<int>) -> list<int> {\n  output all.map(n, n + 1) + [n]\n}",
        right: "workflow w(n: int, all: list<int>) -> list<int> {\n  output all.map(x, x + 1) + [n]\n}")
    case .redundant:
      Explanation(
        "something is said that holds anyway",
        why: "A step waits for what it mentions. `after` is for what it does not mention.",
        wrong:
          "workflow w() -> string {\n  step a = file.read(path: \"a\")\n"
          + "  step b = file.read(path: a) after a\n  output b\n}",
        right:
          "workflow w() -> string {\n  step a = file.read(path: \"a\")\n  step b = file.read(path: a)\n  output b\n}")
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

import DxshTestSupport
import Testing

/// `dxsh eval`
struct EvalCommandTests {
  @Test(arguments: [
    ("'1 + 2'", "3"), ("'\"a\" + \"b\"'", "\"ab\""), ("'[1, 2].map(x, x * 2)'", "[\n  2,\n  4\n]"),
    ("'xs.size() > n' -p 'xs=[1, 2]' -p n=1", "true"), ("'name' -p name=Ada", "\"Ada\""),
    ("'user.age + 1' --input '{\"user\": {\"age\": 41}}'", "42"), ("'{\"a\": [1]}' --type", "map(string, list(int))"),
    ("'type(1)'", "int"), ("'optional.of(1)'", "optional(1)"), ("'optional.none()'", "optional.none()"),
    ("'0.0 / 0.0'", "NaN"), ("'b\"abc\"'", "\"YWJj\""), ("--dxsh '1h30m / 2'", "\"2700s\""),
    ("--dxsh '{ a: 1 }' --type", "{ a: int }"), ("--dxsh 'usd(5) + usd(0.50)'", "5.50 USD"),
  ])
  func values(_ call: String, _ output: String) {
    let result = Program.shell("dxsh eval \(call)")
    #expect(result.output == output + "\n")
    #expect(result.exitCode == 0)
  }

  @Test(arguments: [
    ("'1 / 0'", 1, "dxsh: 1 / 0 divides by zero\n"), ("'x'", 1, "there is no variable called `x`"),
    ("'1 +'", 1, "expected an expression"), ("'[1, 2, 3].map(x, x).size()' --budget 3", 1, "costs more than it may"),
    ("", 2, "Give an expression, or --batch."), ("1 --input '['", 2, "malformed JSON"),
    ("--dxsh '[1][n]' -p n=1", 1, "there may be no such index"), ("'1' --budget 0", 2, "--budget is at least 1"),
  ])
  func mistakes(_ call: String, _ code: Int32, _ message: String) {
    let result = Program.shell("dxsh eval \(call)")
    #expect(result.exitCode == code)
    #expect(result.errors.contains(message), "\(result.errors)")
  }

  @Test func aBadLineNeverEndsTheBatch() {
    let lines = """
      {"id": 1, "expr": "a + b", "type_env": [{"name": "a", "type": "int"}], "bindings": {"a": {"int": "1"}, "b": {"int": "2"}}}
      nonsense
      {"id": 2, "expr": "1 +"}
      {"id": 3}

      {"id": "four", "expr": "fn(1)", "type_env": [{"name": "fn", "overloads": [{"id": "f", "params": ["int"], "result": "list(<T>)", "member": false}]}], "check_only": true}
      {"id": 5, "expr": "x", "disable_check": true, "bindings": {"x": {"double": "NaN"}}}
      {"id": 6, "expr": "y", "container": "a.b", "bindings": {"a.y": {"map": [[{"bool": true}, {"optional": null}]]}}}
      {"id": 7, "expr": "[1].map(x, x)", "disable_macros": true}
      """
    let result = Program.shell("dxsh eval --batch <<'E'\n\(lines)\nE")
    let answers = result.output.split(separator: "\n").map(String.init)
    #expect(result.exitCode == 0)
    #expect(answers.count == 8)
    #expect(answers[0] == "{\"id\":1,\"value\":{\"int\":\"3\"},\"type\":\"dyn\"}")
    #expect(answers[1].contains("malformed JSON"))
    #expect(answers[2].hasPrefix("{\"id\":2,\"error\":"))
    #expect(answers[3].contains("\"expr\\\" is the text"))
    #expect(answers[4] == "{\"id\":\"four\",\"type\":\"list(dyn)\"}")
    #expect(answers[5] == "{\"id\":5,\"value\":{\"double\":\"NaN\"}}")
    #expect(
      answers[6] == "{\"id\":6,\"value\":{\"map\":[[{\"bool\":true},{\"optional\":null}]]},\"type\":\"dyn\"}")
    #expect(answers[7].hasPrefix("{\"id\":7,\"error\":"))
  }

  /// Each ends within the limits, in a process with 2 GiB of memory at most; none is killed.
  @Test(arguments: [
    ("head -c 1000000 /dev/zero | tr '\\0' '['", "nested"), ("head -c 1000000 /dev/zero | tr '\\0' '('", "nested"),
    ("head -c 1000000 /dev/zero | tr '\\0' '-'", ""), ("yes '1 +' | head -100000 | tr -d '\\n'", "too long"),
    ("echo 'cel.bind(a, [1, 1], cel.bind(b, [a, a], b == b))'", ""),
    ("printf '\"a\".matches(\"(a+)+$\")'", ""), ("printf '\"'; head -c 10000000 /dev/zero | tr '\\0' a", ""),
  ])
  func hostileTexts(_ source: String, _ message: String) {
    let result = Program.shell("ulimit -v 2097152; (\(source)) | dxsh eval -")
    #expect(result.exitCode == 0 || result.exitCode == 1 || result.exitCode == 2, "\(result.exitCode)")
    #expect(result.errors.contains(message), "\(result.errors.prefix(300))")
  }

  @Test func longTextsAreRead() {
    let result = Program.shell("(printf '\"'; head -c 10000000 /dev/zero | tr '\\0' a; printf '\".size()') | dxsh eval -")
    #expect(result.output == "10000000\n")
  }

  /// Ten macros in each other over 1,000 elements each cost 10^30: the budget ends them.
  @Test func theBudgetEndsWhatCostsTooMuch() {
    let inner = (0..<10).reduce("1") { body, number in "lists.range(1000).map(x\(number), \(body))" }
    let result = Program.shell("dxsh eval '\(inner)'")
    #expect(result.errors == "dxsh: the expression costs more than it may\n")
    #expect(result.exitCode == 1)
  }

  /// A value that shares its parts 2^40 times is small, but not when it is compared or written.
  @Test func sharedPartsAreCountedAsOftenAsTheyAreSeen() {
    let nested = (1..<40).reversed().reduce("x39 == x39") { body, number in
      "cel.bind(x\(number), [x\(number - 1), x\(number - 1)], \(body))"
    }
    let compared = Program.shell("dxsh eval 'cel.bind(x0, [1, 1], \(nested))'")
    #expect(compared.errors == "dxsh: the expression costs more than it may\n")
    let shown = Program.shell("dxsh eval 'cel.bind(x0, [1, 1], \(nested.replacing("x39 == x39", with: "x39")))'")
    #expect(shown.exitCode == 1)
    #expect(shown.errors.contains("larger than"), "\(shown.errors.prefix(200))")
  }

  @Test func deepJSONIsRefused() {
    let result = Program.shell(
      "head -c 100000 /dev/zero | tr '\\0' '[' > /tmp/dxsh-deep-$$.json; dxsh eval 1 --input @/tmp/dxsh-deep-$$.json; "
        + "code=$?; rm /tmp/dxsh-deep-$$.json; exit $code")
    #expect(result.exitCode == 2)
    #expect(result.errors.contains("nested more than 512 deep"), "\(result.errors)")
  }
}

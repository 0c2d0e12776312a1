import DxshExpressions
import DxshTestSupport
import Testing

/// What the commands print.
struct CommandLineTests {
  @Test func checkOfTheSamplesIsSilent() {
    let result = Program.shell("dxsh check samples")
    #expect(result.exitCode == 0)
    #expect(result.output + result.errors == "")
  }

  @Test func checkCountsAndFails() {
    let result = Program.shell("dxsh check Tests/Fixtures/check/ten_mistakes.dxsh")
    #expect(result.exitCode == 1)
    #expect(result.errors == "10 errors\n")
  }

  @Test func checkSpeaksJSON() {
    let result = Program.shell("dxsh check --format json - <<<'workflow w() { let a = b }'")
    #expect(result.exitCode == 1)
    for part in ["\"version\": 1", "\"code\": \"E0101\"", "\"file\": \"<stdin>\"", "\"line\": 1", "\"column\": 24"] {
      #expect(result.output.contains(part))
    }
  }

  @Test func theDocumentedJSONIsTrue() throws {
    let text = try #require(Repository.read("docs/diagnostics-json.md"))
    let blocks = text.components(between: "```")
    let source = String(blocks[1].dropFirst("dxsh\n".count))
    let result = Program.shell("cd $(mktemp -d) && cat > a.dxsh <<'E'\n\(source)E\ndxsh check --format json a.dxsh")
    let shown = try JSONReader.read(Array(blocks[3].dropFirst("json\n".count).utf8))
    #expect(try JSONReader.read(Array(result.output.utf8)) == shown)
  }

  @Test(arguments: [1, 8])
  func theSampleGivesTheSameAtAnyWidth(_ width: Int) {
    let command = "dxsh exec samples/orders/orders.dxsh --quiet --max-parallel \(width) -p output_folder=$(mktemp -d)"
    let result = Program.shell(command)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("\"cents\": 150384708"))
  }

  @Test func execExplainsAFailure() {
    let result = Program.shell("printf 'workflow w() {\\n  fail \"no\"\\n}' | dxsh exec - --format json --ephemeral")
    #expect(result.exitCode == 1)
    #expect(result.errors == "the run failed at fail(1): failed: no\n")
    #expect(result.output.contains("\"status\": \"failed\""))
  }

  @Test func versionAndExplain() {
    #expect(Program.shell("dxsh version").output.hasPrefix("dxsh "))
    #expect(Program.shell("dxsh explain e0202").output.hasPrefix("E0202: "))
    #expect(Program.shell("dxsh explain E9999").exitCode == 2)
    #expect(Program.shell("dxsh --help").output.contains("EXIT CODES"))
  }

  /// Numbers out of range, and those that no machine has.
  @Test(arguments: [
    "exec a.dxsh --max-parallel", "resume r --max-parallel", "serve --max-runs", "serve --lease", "runs list --limit",
    "runs tail r --lines", "runs timeline r --width", "store vacuum --keep-last",
    "schedules next --cron @daily --timezone UTC --count",
    "eval 1+1 --budget",
  ])
  func numbersAreChecked(_ call: String) {
    for number in ["-1", "99999999999999999999", "1.5", "''"] {
      let result = Program.shell("cd $(mktemp -d); echo 'workflow w() {}' > a.dxsh; dxsh \(call)=\(number)")
      #expect(result.exitCode == 2 && result.output.isEmpty, "\(call)=\(number): \(result.exitCode)")
      let option = call.split(separator: " ").last.map(String.init) ?? ""
      #expect(result.errors.contains(option), "\(result.errors)")
      #expect(!result.errors.contains("CallFailure"))
    }
  }

  @Test func theGreatestNumbersDoNoHarm() {
    let result = Program.shell(
      """
      cd $(mktemp -d); echo 'workflow w() { step a = log.info(message: "a") }' > a.dxsh; most=9223372036854775807
      dxsh exec a.dxsh --quiet --max-parallel $most; echo "exit $?"
      dxsh exec a.dxsh --quiet --max-parallel 0; echo "exit $?"
      dxsh runs list --limit $most | wc -l
      dxsh runs tail --lines $most $(dxsh runs list | awk 'NR == 2 { print $1 }') | wc -l
      dxsh serve --once --max-runs $most; echo "exit $?"
      dxsh store vacuum --keep-last $most --dry-run; dxsh store vacuum --keep 106751d --keep-last $most
      """)
    #expect(
      result.output == """
        exit 0
        exit 2
        2
        4
        exit 2
        0 runs would be removed
        removed 0 runs, 0 plans, 0 large values and 0 files; 0 KiB given back

        """, "\(result.errors)")
    #expect(result.errors.contains("--max-parallel takes at least 1"))
    #expect(result.errors.contains("--max-runs takes 1 to 1000000"))
  }

  /// Output that cannot be written is no success; who closes a pipe wants no more of it.
  @Test func outputThatCannotBeWritten() {
    let result = Program.shell(
      """
      cd $(mktemp -d); echo 'workflow w() -> int { output 1 }' > a.dxsh
      echo 'workflow w() { fail "no" }' > b.dxsh
      for call in --help version 'exec a.dxsh --quiet' 'runs list' 'exec a.dxsh --quiet --format json' 'eval 1+1' \
        'plan a.dxsh' 'exec b.dxsh --quiet --format json' 'explain E0202' 'runs --help'; do
        dxsh $call > /dev/full; echo "$?"
      done | tr '\\n' ' '
      set -o pipefail
      dxsh --help | true; echo "${PIPESTATUS[0]}" | grep -c '^0$\\|^141$'
      (trap '' PIPE; { until [ -e gone ]; do :; done; dxsh explain; echo "$?" > code; } | { exec 0<&-; touch gone; })
      cat code
      """)
    #expect(result.output == "1 1 1 1 1 1 1 1 1 1 1\n0\n", "\(result.output)")
    let sentences = result.errors.split(separator: "\n").filter { $0.hasPrefix("dxsh: ") }
    #expect(sentences.count == 10)
    #expect(sentences.allSatisfy { $0 == "dxsh: cannot write standard output: No space left on device" })
    #expect(!result.errors.contains("Broken pipe"))
  }

  @Test func everyCommandHasHelp() {
    let result = Program.shell(
      """
      for command in check fmt convert exec resume serve signal pause cancel plan eval explain version \
        'runs list' 'runs show' 'runs explain' 'runs timeline' 'runs logs' 'runs tail' 'runs settle' 'runs retry' \
        'runs migrate' 'store check' 'store rebuild' 'store migrate' 'store export' 'store import' 'store vacuum' \
        'schedules next'; do
        dxsh $command --help | head -c 9; echo ${PIPESTATUS[0]}
      done | sort | uniq -c | tr -s ' '
      dxsh serve --help | tr -s ' \\n' ' ' | grep -c 'By default info, with --quiet error'
      """)
    #expect(result.output == " 29 OVERVIEW:0\n1\n" && result.errors.isEmpty, "\(result.output)\(result.errors)")
  }
}

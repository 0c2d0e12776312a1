import DxshTestSupport
import Testing

/// What `dxsh runs explain`, `timeline`, `logs` and `tail` say of runs of the built program.
struct ObservingTests {
  private static let prelude = """
    id() { dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p' | head -1; }
    own() { pgrep -P $1 -x dxsh || echo $1; }

    """

  private func run(_ workflow: String, _ script: String) -> Program.Result {
    let folder = TemporaryFolder()
    folder.write(workflow, to: "w.dxsh")
    return Program.shell(Self.prelude + script, in: folder.path)
  }

  /// Its step says something, then waits until the file `go` is there.
  private static let blocking = """
    workflow w() -> int {
      step hello = log.info(message: "hello")
      step wait_for_it = shell.script(
        script: "echo one >&2; until [ -e go ]; do :; done; echo two >&2; echo three >&2") after hello
      output wait_for_it.exit_code
    }

    """

  // MARK: - explain

  @Test func aRunThatWaitsSaysWhatEndsIt() {
    let result = run(
      """
      workflow w() -> json {
        wait ack = signal("ack", key: "k") as { by: string }
        step b = debug.echo(value: ack.by)
        output b
      }

      """,
      """
      dxsh exec w.dxsh --quiet --state s 2> /dev/null
      run=$(dxsh runs list --state s | awk 'NR == 2 { print $1 }')
      dxsh runs explain $run --state s > text
      sed -e "s/$run/RUN/g" -e 's/since [0-9TZ:-]*/since T/' text
      command=$(grep 'dxsh signal' text); eval "${command/JSON/\\'{\\"by\\":\\"ann\\"\\}\\'} --quiet"
      dxsh runs explain $run --state s | sed -e 's/at [0-9TZ:-]*, after .*/at T/' | tail -1
      """)
    #expect(
      result.output == """
        RUN (w): waiting
        - ack waits for a signal ack with the key k, since T; behind it: b
            dxsh signal RUN ack --key k --value JSON --state s
        "ann"
        - it succeeded at T

        """, "\(result.errors)")
  }

  @Test func aProcessIsNamedUntilItDies() {
    let result = run(
      Self.blocking,
      """
      dxsh exec w.dxsh --quiet & pid=$!
      until dxsh runs show "$(id)" 2> /dev/null | grep -q 'wait_for_it.*running'; do :; done
      dxsh runs explain "$(id)" | grep -c "it is under way in the process $(own $pid) on $(hostname), since"
      dxsh runs explain "$(id)" | grep -c 'wait_for_it is in attempt 1 since'
      kill -STOP $(own $pid)
      until dxsh runs explain "$(id)" | grep 'has it and is stopped' | wc -l; do :; done
      kill -9 $(own $pid); wait $pid 2> /dev/null; touch go
      dxsh runs explain "$(id)" | sed -e "s/$(id)/RUN/g" -e 's/process [0-9]* on [^,]*/process/'
      dxsh runs explain "$(id)" --format json | grep '"kind"\\|"alive"' | tr -d ' ,\\n'; echo
      """)
    #expect(
      result.output == """
        1
        1
        1
        RUN (w): running (no process)
        - the process, which had it, ended before it did
            dxsh serve
            dxsh resume RUN
        - wait_for_it: it is not known whether it took place: the process that ran it ended
            dxsh runs settle RUN wait_for_it done --result JSON
            dxsh runs settle RUN wait_for_it retry
            dxsh runs settle RUN wait_for_it fail
        "kind":"died""alive":false"kind":"indeterminate"

        """, "\(result.errors)")
  }

  @Test func whatIsMissingHereIsSaid() {
    let result = run(
      """
      secret token: string = env("TOKEN")
      workflow w() -> json {
        wait ack = signal("ack")
        step a = shell.run(command: ["true"], env: { "TOKEN": token }) after ack
        output a.exit_code
      }

      """,
      """
      TOKEN=hunter2-4711 dxsh exec w.dxsh --quiet 2> /dev/null
      TOKEN=hunter2-4711 dxsh runs explain "$(id)" | sed -e 's/since .*//' | sed 1d
      dxsh runs explain "$(id)" | sed -e 's/since .*//' | sed 1d
      """)
    #expect(result.output.hasPrefix("- ack waits for a signal ack, \n"), "\(result.output)")
    #expect(
      result.output.contains(
        "- it cannot be gone on with from here: the secret token is missing: set the environment variable TOKEN\n"))
    #expect(!(result.output + result.errors).contains("hunter2"))
  }

  // MARK: - timeline

  @Test func aTimelineIsDrawn() {
    let result = run(
      """
      workflow w() -> int {
        step a = debug.sleep(duration: 20ms)
        step b = debug.sleep(duration: 10ms) after a
        output 1
      }

      """,
      """
      dxsh exec w.dxsh --quiet
      dxsh runs timeline "$(id)" --width 60 > text; awk 'length > 80' text | wc -l; grep -c '|.*#.*|' text
      tail -1 text
      dxsh runs timeline "$(id)" --format json | tr -d ' \\n' | grep -o '"critical_path":\\["a","b"\\]'
      dxsh runs timeline "$(id)" --width 3; echo "exit $?"
      dxsh runs timeline nobody; echo "exit $?"
      """)
    #expect(
      result.output
        == "1\n0\n2\n* critical path: a > b\n\"critical_path\":[\"a\",\"b\"]\nexit 2\nexit 2\n", "\(result.errors)")
  }

  // MARK: - logs and tail

  @Test func logsHaveWhatStepsSaid() {
    let result = run(
      """
      workflow w() -> int {
        step hello = log.info(message: "hello")
        for n in [1, 2] with parallel(1) {
          step s = shell.script(script: "echo ${n} >&2; printf rest >&2") after hello
        }
        output s.size()
      }

      """,
      """
      dxsh exec w.dxsh --quiet
      dxsh runs logs "$(id)" | cut -d' ' -f2-
      echo; dxsh runs logs "$(id)" --step s[1] --format json | sed 's/"at":"[^"]*"/"at":0/'
      echo; dxsh runs logs "$(id)" --since 2000-01-01T00:00:00Z --step hello | wc -l
      dxsh runs logs "$(id)" --since 9999-01-01T00:00:00Z | wc -l
      dxsh runs logs "$(id)" --since 1h --step s | wc -l
      dxsh runs logs "$(id)" --since soon; echo "exit $?"
      """)
    #expect(
      result.output == """
        2
        hello | hello
        s[0] (stderr) | 1
        s[0] (stderr) | rest
        s[1] (stderr) | 2
        s[1] (stderr) | rest

        {"at":0,"step":"s[1]","attempt":1,"level":"stderr","text":"2"}
        {"at":0,"step":"s[1]","attempt":1,"level":"stderr","text":"rest"}

        1
        0
        4
        exit 2

        """, "\(result.errors)")
    #expect(result.errors.contains("--since takes a time such as"))
  }

  /// The log is written beside the journal, so their lines may come in another order.
  @Test func tailFollowsARunToItsEnd() {
    let result = run(
      Self.blocking,
      """
      dxsh exec w.dxsh --quiet > /dev/null & pid=$!
      until dxsh runs logs "$(id)" 2> /dev/null | grep -q one; do :; done
      dxsh runs tail "$(id)" > followed & tail=$!
      until grep -q one followed; do :; done
      touch go; wait $tail; echo "exit $?"; wait $pid
      cut -d' ' -f2- followed | head -1; cut -d' ' -f2- followed | tail -n +2 | LC_ALL=C sort
      dxsh runs tail "$(id)" --lines 1 | cut -d' ' -f2-
      """)
    #expect(
      result.output == """
        exit 0
        run started
        hello succeeded
        hello | hello
        run succeeded
        wait_for_it (stderr) | one
        wait_for_it (stderr) | three
        wait_for_it (stderr) | two
        wait_for_it begins attempt 1
        wait_for_it succeeded
        run succeeded

        """, "\(result.errors)")
  }

  @Test func tailExitsAsTheRunEnded() {
    let result = run(
      """
      workflow bad() -> int {
        step a = shell.script(script: "exit 7")
        output a.exit_code
      }
      workflow waits() -> json {
        wait ack = signal("ack")
        output ack
      }

      """,
      """
      dxsh exec w.dxsh bad --quiet 2> /dev/null; dxsh runs tail "$(id)" > /dev/null; echo "exit $?"
      dxsh exec w.dxsh waits --quiet 2> /dev/null; dxsh runs tail "$(id)" > /dev/null; echo "exit $?"
      dxsh cancel "$(id)" --quiet 2> /dev/null; dxsh runs tail "$(id)" > /dev/null; echo "exit $?"
      dxsh runs tail nobody; echo "exit $?"
      """)
    #expect(result.output == "exit 1\nexit 4\nexit 130\nexit 2\n", "\(result.errors)")
    #expect(result.errors.contains("has stopped (waiting): ack waits for a signal ack"))
  }

  // MARK: - Secrets and trouble

  /// A program that prints its secret in every form it can: none of them is in any file of the state folder.
  @Test func aSecretReachesNoFile() {
    let result = run(
      """
      secret token: string = env("TOKEN")
      workflow w() -> int {
        step a = shell.script(script: \"\"\"
          echo "raw $TOKEN" >&2; printf %s "$TOKEN" | base64 >&2; printf 'user:%s' "$TOKEN" | base64 >&2
          printf %s "$TOKEN" | od -An -tx1 | tr -d ' \\n' >&2; echo >&2
          printf 'half '; echo "$TOKEN" | cut -c1-7 >&2; exit 3
        \"\"\", env: { "TOKEN": token })
        output a.exit_code
      }

      """,
      """
      TOKEN=hunter2-4711 dxsh exec w.dxsh; echo "exit $?"
      dxsh runs logs "$(id)" | grep -c '\\[secret\\]'
      dxsh runs show "$(id)"; dxsh runs explain "$(id)"; dxsh runs tail "$(id)"
      cat .dxsh/* | tr -c 'a-zA-Z0-9-' '\\n'
      """)
    #expect(result.output.hasPrefix("exit 1\n4\n"), "\(result.output.prefix(300))\(result.errors)")
    for form in ["hunter2-4711", "aHVudGVyMi00NzEx", "dXNlcjpodW50ZXIyLTQ3MTE", "68756e746572322d34373131"] {
      #expect(!result.output.contains(form) && !result.errors.contains(form), "\(form)")
    }
  }

  /// A run goes on when the file of the log cannot be written.
  @Test func aLogThatCannotBeWrittenFailsNothing() {
    let result = run(
      """
      workflow w() -> int {
        step a = log.info(message: "one")
        step b = log.info(message: "two") after a
        output 1
      }

      """,
      """
      mkdir -p .dxsh/logs.sqlite
      dxsh exec w.dxsh --quiet; echo "exit $?"
      rmdir .dxsh/logs.sqlite; dxsh exec w.dxsh --quiet; dxsh runs logs "$(id)" | wc -l
      """)
    #expect(result.output == "1\nexit 0\n1\n2\n")
    #expect(result.errors.components(between: "lines of the log are lost").count == 2)
  }

  /// The disk is full for the log, which is long, and not for the journal: nothing but lines is lost.
  @Test func aFullDiskForTheLogAlone() {
    let result = run(
      """
      workflow w() -> int {
        for n in [\((1...30).map(String.init).joined(separator: ", "))] with parallel(1) {
          step a = log.info(message: text.repeat("0123456789abcdef", 20000))
        }
        output 1
      }

      """,
      """
      (ulimit -f 1200; dxsh exec w.dxsh --quiet); echo "exit $?"
      dxsh runs show "$(id)" | grep -c '^a.*succeeded'
      """)
    #expect(result.output == "1\nexit 0\n30\n", "\(result.errors)")
    #expect(result.errors.components(between: "lines of the log are lost").count == 2, "\(result.errors)")
  }

  /// Processes that make the file at the same time wait for each other.
  @Test func manyProcessesMakeOneFile() {
    let result = run(
      "workflow w() {\n  step a = log.info(message: \"hello\")\n}\n",
      """
      mkdir .dxsh
      for number in 1 2 3 4 5 6 7 8 9 10 11 12; do dxsh exec w.dxsh --quiet & done; wait
      for run in $(dxsh runs list | awk 'NR > 1 { print $1 }'); do dxsh runs logs $run; done | grep -c hello
      """)
    #expect(result.output == "12\n", "\(result.errors)")
    #expect(result.errors == "")
  }

  // MARK: - serve

  /// What a process says and counts has no value of a secret, nor of a failure.
  @Test func logsAndMetricsHaveNoValues() {
    let result = run(
      """
      secret token: string = env("TOKEN")
      workflow w(id: int) -> int {
        wait ok = signal("ok") as int
        step a = shell.script(script: "echo customer-${id} $TOKEN >&2; exit 3", env: { "TOKEN": token })
          with assume(idempotent, reason: "a test"), retry(2, backoff: fixed(1ms)) after ok
        output a.exit_code
      }

      """,
      """
      export TOKEN=hunter2-4711
      dxsh exec w.dxsh -p id=815 --quiet 2> /dev/null
      dxsh signal "$(id)" ok --value 1 --no-resume
      until [ "$(dxsh runs list | grep -c failed)" = 1 ]; do
        dxsh serve --once --log-format json --log-level debug --metrics m.prom 2>> log
      done
      grep -c . log; cat log m.prom | grep -c 'hunter2'
      grep '"level":"debug"' log | grep -c customer
      grep '^dxsh' m.prom | grep 'steps_total.*failed\\|ended_total.*failed'
      ls | grep -c prom
      """)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first.flatMap { Int($0) } ?? 0 >= 4, "\(result.errors)")
    #expect(
      lines.dropFirst() == [
        "0", "0", "dxsh_runs_ended_total{status=\"failed\"} 1", "dxsh_steps_total{outcome=\"failed\"} 1", "1",
      ])
  }

  @Test func levelsOfServe() {
    let result = run(
      "workflow w() -> json {\n  wait ok = signal(\"ok\")\n  output ok\n}\n",
      """
      for level in debug info warning; do
        dxsh exec w.dxsh --quiet 2> /dev/null; dxsh signal "$(id)" ok --no-resume
        dxsh serve --once --log-level $level 2> log; grep -c . log; grep -c "^$(id): succeeded$" log
      done
      dxsh serve --once --log-level loud; echo "exit $?"
      """)
    #expect(result.output == "2\n1\n1\n1\n0\n0\nexit 2\n", "\(result.errors)")
  }

  @Test func metricsThatCannotBeWritten() {
    let result = run(
      "workflow w() {}\n",
      """
      dxsh exec w.dxsh --quiet
      dxsh serve --once --metrics missing/m.prom; echo "exit $?"
      mkdir there; dxsh serve --metrics there/m.prom 2> log & pid=$!
      until [ -s there/m.prom ]; do :; done
      until rm -r there 2> /dev/null || [ ! -e there ]; do :; done; kill $(own $pid); wait $pid; echo "exit $?"
      grep -c 'no metrics are kept until that is mended' log
      """)
    #expect(result.output == "exit 2\nexit 0\n1\n", "\(result.errors)")
    #expect(result.errors.contains("cannot write missing/m.prom: No such file or directory"))
  }
}

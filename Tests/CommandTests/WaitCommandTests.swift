import DxshTestSupport
import Testing

/// Runs that wait: what people do with the command line.
struct WaitCommandTests {
  private func run(_ script: String) -> Program.Result {
    let folder = TemporaryFolder()
    return Program.shell(
      """
      cat > w.dxsh <<'END'
      workflow w(key: string = "k") -> { by: string, note: string } {
        step first = debug.echo(value: "asked")
        wait ack = signal("ack", key: key) as { by: string } after first
        wait pause = delay(10ms) after ack
        step second = debug.echo(value: "over") after pause
        output { by: ack.by, note: second }
      }
      END
      id() { dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p' | head -1; }
      field() { dxsh runs show "$(id)" --format json | grep "\\"$1\\":" | head -1 | tr -d ' ",'; }
      \(script)
      """, in: folder.path)
  }

  @Test func aSignalGoesOnWithARunThatWaits() {
    let result = run(
      """
      dxsh exec w.dxsh --quiet; echo "exit $?"
      field status
      dxsh resume "$(id)" --quiet 2> /dev/null; echo "exit $?"
      dxsh signal "$(id)" ack --key k --value '{"by": "ann"}' --quiet | tr -d ' \\n'; echo
      field status
      dxsh signal "$(id)" ack --key k --value '{"by": "bob"}'; echo "exit $?"
      """)
    #expect(
      result.output == """
        exit 4
        status:waiting
        exit 4
        {"by":"ann","note":"over"}
        status:succeeded
        exit 2

        """)
    #expect(result.errors.contains("ack: a signal ack with the key k"))
    #expect(result.errors.contains("ack --key k` to send what it waits for"))
    #expect(result.errors.contains("has ended: it succeeded"))
  }

  @Test func aSignalThatNobodyWaitsForIsRefused() {
    let result = run(
      """
      dxsh exec w.dxsh --quiet 2> /dev/null
      dxsh signal "$(id)" ok; echo "exit $?"
      dxsh signal "$(id)" ack --value '{"by": 3}'; echo "exit $?"
      dxsh signal "$(id)" ack --value '{'; echo "exit $?"
      dxsh signal nobody ack; echo "exit $?"
      field status
      """)
    #expect(result.output == "exit 2\nexit 2\nexit 2\nexit 2\nstatus:waiting\n")
    #expect(result.errors.contains("the workflow w waits for no signal ok; its signals are ack"))
    #expect(result.errors.contains("--value: by: expected string, found 3"))
    #expect(result.errors.contains("malformed JSON at line 1"))
    #expect(result.errors.contains("there is no run nobody"))
  }

  /// A signal that is sent while nobody is at the run is there when somebody is.
  @Test func serveGoesOnWithWhatIsDue() {
    let result = run(
      """
      for key in a b c; do dxsh exec w.dxsh -p key=$key --id $key --quiet 2> /dev/null; done
      for run in $(dxsh runs list | awk 'NR > 1 { print $1 }' | head -2); do
        for key in b c; do
          dxsh signal $run ack --key $key --value '{"by": "ann"}' --once $key --no-resume; echo "exit $?"
        done
      done
      until [ "$(dxsh runs list | grep -c succeeded)" = 2 ]; do dxsh serve --once --quiet; done
      dxsh runs list | awk 'NR > 1 { print $3 }' | sort
      """)
    #expect(result.output == "exit 0\nexit 0\nexit 0\nexit 0\nsucceeded\nsucceeded\nwaiting\n", "\(result.errors)")
  }

  @Test func serveEndsWhenItIsTold() {
    let result = run(
      """
      dxsh exec w.dxsh --quiet 2> /dev/null
      dxsh serve > log 2>&1 & pid=$!
      dxsh signal "$(id)" ack --key k --value '{"by": "ann"}' --no-resume
      until grep -qs succeeded log; do :; done
      kill $(pgrep -P $pid -x dxsh || echo $pid); wait $pid; echo "exit $?"
      field status
      dxsh serve --max-runs 0; echo "exit $?"
      """)
    #expect(result.output == "exit 0\nstatus:succeeded\nexit 2\n")
  }

  @Test func aRunThatWaitsIsCancelled() {
    let result = run(
      """
      dxsh exec w.dxsh --quiet 2> /dev/null
      dxsh cancel "$(id)"; echo "exit $?"
      field status
      dxsh cancel "$(id)"; echo "exit $?"
      """)
    #expect(result.output == "exit 0\nstatus:cancelled\nexit 2\n")
  }

  /// By somebody who is not at it, and by another process.
  @Test func aRunIsPausedAndResumed() {
    let result = run(
      """
      dxsh exec w.dxsh --quiet 2> /dev/null
      dxsh pause "$(id)" --reason "the bank is down"; echo "exit $?"
      dxsh pause "$(id)"; echo "exit $?"
      field status; field reason
      dxsh runs list | grep -c "paused: the bank is down"
      dxsh runs show "$(id)" | grep -c "^paused .*: the bank is down"
      dxsh serve --once --quiet; field status
      dxsh signal "$(id)" ack --key k --value '{"by": "ann"}' 2> /dev/null; echo "exit $?"
      dxsh resume "$(id)" --quiet | tr -d ' \\n'; echo
      dxsh pause "$(id)"; echo "exit $?"
      """)
    #expect(
      result.output == """
        exit 0
        exit 0
        status:paused
        reason:thebankisdown
        1
        1
        status:paused
        exit 4
        {"by":"ann","note":"over"}
        exit 2

        """, "\(result.errors)")
    #expect(result.errors.contains("was paused by somebody: the bank is down\nsay `dxsh resume "))
    #expect(result.errors.contains("is paused already, since 20"))
    #expect(result.errors.contains("has ended: it succeeded"))
  }

  @Test func aProcessThatIsAtARunPausesIt() {
    let result = run(
      """
      dxsh exec w.dxsh --wait --quiet > out 2> /dev/null & pid=$!
      until [ -n "$(dxsh runs list 2> /dev/null | grep running)" ]; do :; done
      dxsh pause "$(id)"; echo "exit $?"
      wait $pid; echo "exit $?"
      field status
      dxsh serve --quiet > /dev/null 2>&1 & pid=$!
      dxsh signal "$(id)" ack --key k --value '{"by": "ann"}' --no-resume
      dxsh resume "$(id)" --quiet > out 2> errors
      until [ "$(field status)" = status:succeeded ]; do :; done
      kill $(pgrep -P $pid -x dxsh || echo $pid); wait $pid; echo "exit $?"
      """)
    #expect(result.output == "exit 0\nexit 4\nstatus:paused\nexit 0\n", "\(result.errors)")
  }

  @Test func aRunThatIsPausedIsCancelled() {
    let result = run(
      """
      dxsh exec w.dxsh --quiet 2> /dev/null
      dxsh pause "$(id)" 2> /dev/null
      dxsh cancel "$(id)"; echo "exit $?"
      field status
      dxsh pause "$(id)"; echo "exit $?"
      dxsh resume "$(id)"; echo "exit $?"
      """)
    #expect(result.output == "exit 0\nstatus:cancelled\nexit 2\nexit 130\n", "\(result.errors)")
  }

  @Test func whatIsNotKeptIsNotWaitedFor() {
    let result = run("dxsh exec w.dxsh --ephemeral --quiet; echo \"exit $?\"; ls .dxsh 2> /dev/null")
    #expect(result.output == "exit 4\n")
    #expect(result.errors.contains("nothing of it is kept (--ephemeral)"))
    #expect(!result.errors.contains("dxsh signal"))
  }

  @Test func aDelayHasNoTimeout() {
    let folder = TemporaryFolder()
    let result = Program.shell(
      "printf 'workflow w() -> timestamp {\\n  wait a = delay(1m) with timeout(2m)\\n  output a\\n}\\n' > t.dxsh; "
        + "dxsh check t.dxsh; echo \"exit $?\"", in: folder.path)
    #expect(result.output.contains("a wait for a time has no policy `timeout`"))
    #expect(result.output.hasSuffix("exit 1\n"))
  }

  /// Who stays hears of signals and of the wish to end.
  @Test func aProcessThatStaysIsTold() {
    let result = run(
      """
      dxsh exec w.dxsh --wait --quiet > out 2> /dev/null & pid=$!
      until [ -n "$(dxsh runs list 2> /dev/null | grep running)" ]; do :; done
      dxsh signal "$(id)" ack --key k --value '{"by": "ann"}' --quiet; echo "exit $?"
      wait $pid; echo "exit $?"; tr -d ' \\n' < out; echo
      """)
    #expect(result.output == "exit 0\nexit 0\n{\"by\":\"ann\",\"note\":\"over\"}\n")
  }

  /// Whatever becomes of the call, one JSON document says how the run stands.
  @Test func aPauseSpeaksJSON() {
    let result = run(
      """
      status() { tr -d ' \\n' | sed 's/"run":"[a-z0-9]*"/"run":"RUN"/'; echo " $1"; }
      json() { dxsh "$@" --format json > out; code=$?; status $code < out; }
      dxsh exec w.dxsh --quiet 2> /dev/null
      json pause "$(id)"; json pause "$(id)"; json pause "$(id)" --quiet --reason why
      json signal "$(id)" ack --key k --value '{"by": "ann"}' --no-resume
      json resume "$(id)"; json pause "$(id)"; json cancel "$(id)"
      dxsh pause "$(id)" --reason ''; echo "exit $?"
      """)
    let paused = #"{"run":"RUN","status":"paused"}"#
    let over = #"{"run":"RUN","status":"succeeded","output":{"by":"ann","note":"over"}}"#
    let ended = #"{"run":"RUN","status":"succeeded"}"#
    #expect(
      result.output == """
        \(paused) 0
        \(paused) 0
        \(paused) 0
        \(paused) 0
        \(over) 0
        \(ended) 2
        \(ended) 2
        exit 2

        """, "\(result.errors)")
    #expect(result.errors.contains("--reason takes a text that is not empty"))
  }

  @Test func aPauseOfARunThatIsUnderWaySpeaksJSON() {
    let result = run(
      """
      dxsh exec w.dxsh --wait --quiet > out 2> /dev/null & pid=$!
      until [ -n "$(dxsh runs list 2> /dev/null | grep running)" ]; do :; done
      dxsh pause "$(id)" --format json --quiet | grep -c '"status": "'; wait $pid; echo "exit $?"
      """)
    #expect(result.output == "1\nexit 4\n", "\(result.errors)")
    #expect(result.errors == "")
  }
}

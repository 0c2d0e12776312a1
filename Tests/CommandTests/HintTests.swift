import DxshTestSupport
import Testing

/// Commands that the program proposes can be copied as they are.
struct HintTests {
  private func run(_ script: String) -> Program.Result {
    let folder = TemporaryFolder()
    return Program.shell(
      """
      mkdir flows
      cat > flows/w.dxsh <<'END'
      workflow w() -> int {
        step pay = shell.script(script: "[ -e ../go ] || kill -9 $PPID", env: {})
        wait go = signal("go", key: "it's") as int after pay
        output go
      }
      END
      hint() { sed -n 's/^.*say `\\(dxsh [^`]*\\)`.*$/\\1/p' errors | head -1; }
      \(script)
      """, in: folder.path)
  }

  /// In the folder of the store, in another, and where `--state` names it.
  @Test(arguments: [
    ("cd flows; at=w.dxsh; state=''", ""), ("at=flows/w.dxsh; state=''", " --state flows/.dxsh"),
    ("at=flows/w.dxsh; state='--state my_state'", " --state my_state"),
  ])
  func whatIsProposedWorks(_ place: String, _ given: String) {
    let result = run(
      """
      \(place)
      sed -i 's/ step pay .*/step pay = debug.echo(value: 1)/' $at
      dxsh exec $at $state --quiet 2> errors; hint > first; cat first | sed 's/signal [a-z0-9]* /signal RUN /'
      run=$(cut -d' ' -f3 < first)
      dxsh pause $run\(given) > /dev/null 2> errors; hint | sed "s/$run/RUN/"
      eval "$(hint)" 2> errors; echo "exit $?"; hint | sed "s/$run/RUN/"
      eval "$(hint) --value 7 --quiet"; echo "exit $?"
      """)
    let signal = "dxsh signal RUN go --key 'it'\\''s'\(given)"
    #expect(
      result.output == """
        \(signal)
        dxsh resume RUN\(given)
        exit 4
        \(signal)
        7
        exit 0

        """, "\(result.output)\(result.errors)")
  }

  @Test func aStepToSettleIsProposedWithItsFolder() {
    let result = run(
      """
      sed -i 's/ step pay .*/step pay = shell.script(script: "echo $PPID > pid; read x < fifo")/' flows/w.dxsh
      mkfifo flows/fifo
      dxsh exec flows/w.dxsh --quiet 2> /dev/null & until [ -s flows/pid ]; do :; done
      kill -9 $(cat flows/pid); wait; : > flows/fifo
      run=$(dxsh runs list --state flows/.dxsh | awk 'NR == 2 { print $1 }')
      dxsh resume $run --state flows/.dxsh --quiet 2> errors; echo "exit $?"; hint | sed "s/$run/RUN/"
      eval "$(sed -n 's/^.*say `\\(dxsh [^`]*\\)`.*$/\\1/p' errors | head -1 | sed 's/ done / retry /') --no-resume"
      echo "exit $?"
      """)
    #expect(
      result.output == "exit 4\ndxsh runs settle RUN pay done --state flows/.dxsh\nexit 0\n",
      "\(result.output)\(result.errors)")
  }
}

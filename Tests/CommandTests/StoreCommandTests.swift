import DxshSQLite
import DxshTestSupport
import Testing

/// `dxsh store …`: what it prints and how it ends.
struct StoreCommandTests {
  /// Runs in a new folder with the runs of `order.dxsh` as format 2 kept them.
  private func run(_ script: String, in folder: TemporaryFolder = TemporaryFolder()) -> Program.Result {
    Program.shell(
      """
      mkdir -p .dxsh
      [ -e .dxsh/store.sqlite ] || cp '\(Repository.root)/Tests/Fixtures/stores/format-2.sqlite' .dxsh/store.sqlite
      \(script)
      """, in: folder.path)
  }

  private func alter(_ folder: TemporaryFolder, _ sql: String) throws {
    let store = try SQLiteConnection(folder.path + "/.dxsh/store.sqlite", .readWrite, busyTimeout: 10_000)
    try store.execute(sql + "; PRAGMA wal_checkpoint(TRUNCATE)")
  }

  @Test func aStoreIsMigratedCheckedAndMended() throws {
    let folder = TemporaryFolder()
    let first = run(
      """
      dxsh store check; echo "exit $?"; dxsh store migrate --check > /dev/null; echo "exit $?"
      dxsh store migrate > /dev/null; dxsh store migrate --check > /dev/null; echo "exit $?"
      dxsh store check; echo "exit $?"; dxsh store check --format json; dxsh store rebuild
      """, in: folder)
    #expect(
      first.output == """
        exit 2
        exit 1
        exit 0
        5 runs, nothing wrong
        exit 0
        {
          "runs": 5,
          "unused_values": 0,
          "findings": []
        }
        5 runs, 0 mended

        """)
    #expect(first.errors.contains("has format 2, and this version 7: say `dxsh store migrate` first"))
    try alter(folder, "UPDATE runs SET status = 'running' WHERE number = 1; DELETE FROM journal WHERE run = 2")
    let second = run(
      """
      dxsh store check; echo "exit $?"; dxsh store check --format json | grep -c '"run": "'
      dxsh store rebuild; echo "exit $?"; dxsh store check; echo "exit $?"; ls .dxsh | grep -c before-rebuild
      """, in: folder)
    let lines = second.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 10, "\(second.output)")
    let damage = "the run dffsabhdjqqkjnap: its journal has no beginning; restore the store from a backup"
    #expect(
      lines.prefix(4) == [
        "the run 2rvjpeehar03yvwt: it is succeeded by its journal and running by its row; "
          + "`dxsh store rebuild` mends it", damage, "exit 1", "2",
      ])
    #expect(lines[4].hasPrefix("the store as it was: ") && lines[4].hasSuffix("/store-before-rebuild.sqlite"))
    #expect(lines.suffix(5) == ["5 runs, 1 mended", "exit 1", damage, "exit 1", "1"])
    #expect(second.errors == damage + "\n")
  }

  /// As docs/store.md says.
  @Test(arguments: ["runs list", "runs show 2rvj", "store vacuum", "store import /dev/null"])
  func whatOpensAStoreMigratesIt(_ command: String) {
    let result = run(
      """
      cp .dxsh/store.sqlite copy
      dxsh store check; echo "$?"; dxsh store export > /dev/null; echo "$?"; dxsh store migrate --check > /dev/null
      cmp copy .dxsh/store.sqlite && dxsh \(command) > /dev/null; dxsh store migrate --check
      """)
    #expect(result.output.hasPrefix("2\n2\n"))
    #expect(result.output.hasSuffix(", which is this version's\n"), "\(result.output)\(result.errors)")
  }

  @Test func aRebuildWaitsForNobody() {
    let result = run(
      """
      echo 'workflow w() { step s = shell.run(command: ["sh", "-c", "echo > on; read x < go"]) }' > w.dxsh
      mkfifo go; dxsh exec w.dxsh --quiet & pid=$!
      until [ -e on ]; do :; done
      dxsh store rebuild; echo "exit $?"; dxsh store check
      echo > go; wait $pid; echo "exit $?"; dxsh store rebuild
      """)
    #expect(result.output == "exit 4\n6 runs, nothing wrong\nexit 0\n6 runs, 0 mended\n", "\(result.output)")
    #expect(result.errors.contains("another process is at the runs in "))
  }

  @Test func runsGoOnWhereTheyWereImported() {
    let result = run(
      """
      dxsh store migrate > /dev/null
      dxsh store export | tee a | dxsh store import --state b; dxsh store export b.jsonl --state b; cmp a b.jsonl
      id=$(dxsh runs list --state b | awk '$3 == "waiting" { print $1 }' | tail -1)
      dxsh signal $id go --value '"there"' --state b --quiet
      dxsh store import a --state b; echo "exit $?"; dxsh store import --skip-existing < a --state b
      head -c 3000 a | dxsh store import --state c; echo "exit $?"; dxsh store check --state c
      dxsh store import missing; echo "exit $?"; ls | tr '\\n' ' '
      """)
    #expect(
      result.output == """
        5 runs imported
        "noted there"
        0 runs imported
        exit 2
        0 runs imported, 5 left out
        1 run imported
        exit 2
        1 run, nothing wrong
        exit 2
        a b b.jsonl c 
        """, "\(result.output)")
    #expect(result.errors.contains("dxsh: a:3: the run 2rvjpeehar03yvwt is in the store; leave out such runs with"))
    #expect(result.errors.contains("dxsh: standard input:"))
    #expect(result.errors.contains("cannot read missing: No such file or directory"))
  }

  @Test func anExportIsWholeOrNotThere() {
    let result = run(
      """
      dxsh store migrate > /dev/null; echo '{"dxsh_store":1} old' > out
      cat > big.dxsh <<'END'
      workflow big() -> int {
        step text = shell.script(script: "head -c 200000 /dev/zero | tr '\\\\0' x")
        output text.stdout.size()
      }
      END
      dxsh exec big.dxsh --quiet; rm big.dxsh
      (ulimit -f 150; dxsh store export out); echo "exit $?"; cat out; ls
      dxsh store export /dev/full; echo "exit $?"; dxsh store export no/out; echo "exit $?"
      dxsh store export - > /dev/full; echo "exit $?"
      """)
    #expect(
      result.output == "200000\nexit 2\n{\"dxsh_store\":1} old\nout\nexit 2\nexit 2\nexit 1\n", "\(result.output)")
    #expect(result.errors.contains("cannot write standard output: No space left on device"))
    #expect(result.errors.contains("cannot write out: File too large"))
    #expect(result.errors.contains("cannot write /dev/full: No space left on device"))
  }

  @Test func anImportIntoAFullDisk() {
    let result = run(
      """
      dxsh store migrate > /dev/null; dxsh store export a
      dxsh exec - --state b --quiet <<< 'workflow w() {}'
      (ulimit -f 8; dxsh store import a --state b); echo "exit $?"
      dxsh store check --state b; dxsh store import a --state b --skip-existing > /dev/null; dxsh store check --state b
      """)
    let lines = result.output.split(separator: "\n")
    #expect(lines.contains("exit 2"), "\(result.output)")
    #expect(lines.suffix(2).map { $0.hasSuffix("nothing wrong") } == [true, true] && lines.last?.first == "6")
    #expect(result.errors.contains("no space is left for b/store.sqlite"))
  }

  @Test func aStoreThatMayNotBeWritten() {
    let result = run(
      """
      as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid 65534 --clear-groups "$@"; else "$@"; fi; }
      chmod 755 .; dxsh store migrate > /dev/null; rm -f .dxsh/store.sqlite-*; chmod 555 .dxsh; chmod 444 .dxsh/*
      for command in check rebuild 'migrate --check' export vacuum 'import /dev/null'; do
        as '\(Program.path)' store $command; echo "$command: $?"
      done
      chmod 755 .dxsh
      """)
    let codes = result.output.split(separator: "\n").map { $0.split(separator: " ").last }
    #expect(codes == Array(repeating: "2", count: 6), "\(result.output)\(result.errors)")
    let sentences = result.errors.split(separator: "\n")
    #expect(sentences.count == 6, "\(result.errors)")
    #expect(
      sentences.allSatisfy { $0.contains("cannot be written: ") || $0.hasSuffix("for writing: Permission denied") })
  }

  @Test func oldRunsGo() {
    let result = run(
      """
      rm -r .dxsh; echo 'workflow w() {}' > w.dxsh
      for i in 1 2 3 4; do dxsh exec w.dxsh --quiet > /dev/null; done
      dxsh store vacuum; dxsh store vacuum --keep 0 --keep-last 2 --dry-run
      printf '[retention]\\nkeep = "0s"\\nkeep_last = 3\\n' > dxsh.toml
      dxsh store vacuum; dxsh store vacuum --keep 1d --keep-last 0; dxsh store vacuum --keep-last 1 --dry-run
      dxsh store check; dxsh store vacuum --keep soon; echo "exit $?"
      """)
    #expect(
      result.output == """
        removed 0 runs, 0 plans, 0 large values and 0 files; 0 KiB given back
        w: 2 runs
        2 runs would be removed
        removed 1 run, 0 plans, 0 large values and 0 files; 0 KiB given back
        removed 0 runs, 0 plans, 0 large values and 0 files; 0 KiB given back
        w: 2 runs
        2 runs would be removed
        3 runs, nothing wrong
        exit 2

        """, "\(result.output)\(result.errors)")
    #expect(result.errors.contains("--keep takes a duration such as 30d"))
  }

  @Test func serveRemovesOldRuns() {
    let folder = TemporaryFolder()
    let result = run(
      """
      rm -r .dxsh; echo 'workflow w() {}' > w.dxsh
      for i in 1 2 3; do dxsh exec w.dxsh --quiet > /dev/null; done
      printf '[retention]\\nkeep = "0s"\\nkeep_last = 1\\n' > dxsh.toml
      dxsh serve --once; dxsh runs list | wc -l; dxsh serve --once
      printf '[retention]\\nkeep = 1\\n' > dxsh.toml; dxsh serve --once; echo "exit $?"
      """, in: folder)
    #expect(result.output == "2\nexit 2\n")
    #expect(
      result.errors == """
        removed 2 runs, 0 plans, 0 large values and 0 files; 0 KiB given back
        dxsh: dxsh.toml:2:8: `keep` is a text, in quotes

        """)
  }

  @Test func runsSayWhatTheirJournalsAreWorth() {
    let result = run(
      """
      echo 'workflow w() {}' > w.dxsh
      id() { dxsh runs list | awk 'NR == 2 { print $1 }'; }
      for durability in full process none; do
        dxsh exec w.dxsh --quiet --durability $durability
        dxsh runs show $(id) | grep durable; dxsh runs show $(id) --format json | grep durability
      done
      dxsh exec w.dxsh --durability some; echo "exit $?"
      """)
    let lines = result.output.split(separator: "\n").filter { $0 != "{}" && $0 != "null" }
    #expect(
      lines.map { String($0.drop { $0 == " " }) } == [
        "durable   full", "\"durability\": \"full\"",
        "durable   process (not on the disk: a power cut may take the last of it)", "\"durability\": \"process\"",
        "durable   none (a power cut may damage it)", "\"durability\": \"none\"", "exit 2",
      ], "\(result.output)")
  }
}

import DxshSQLite
import DxshTestSupport
import Testing

/// A store that fails: one clear sentence, the documented exit code, and nothing that was recorded is lost.
struct StoreTroubleTests {
  /// Runs in a new folder with `chain.dxsh`, 200 steps that each append a line to `log` and keep 4 KiB of result.
  private func run(_ script: String, in folder: TemporaryFolder = TemporaryFolder()) -> Program.Result {
    Program.shell(
      """
      chmod 755 .
      {
        echo 'workflow chain() -> int {'
        echo "  for i in [$(seq -s, 0 199)] with parallel(1) {"
        echo '    step line = shell.script(script: "echo ${i} >> log; head -c 4096 /dev/zero | tr \\"\\\\0\\" x")'
        echo '  }'
        echo '  output line.size()'
        echo '}'
      } > chain.dxsh
      id() { dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p' | head -1; }
      \(script)
      """, in: folder.path)
  }

  /// Carries out a statement in the store of a folder, and leaves no log beside it.
  private func alter(_ folder: TemporaryFolder, _ sql: String) throws {
    let store = try SQLiteConnection(folder.path + "/.dxsh/store.sqlite", .readWrite, busyTimeout: 10_000)
    try store.execute(sql + "; PRAGMA wal_checkpoint(TRUNCATE)")
  }

  @Test func aFullDisk() {
    let result = run(
      """
      (ulimit -f 400; dxsh exec chain.dxsh --quiet); echo "exit $?"
      before=$(wc -l < log)
      dxsh runs show "$(id)" | grep -c succeeded
      dxsh resume "$(id)" --quiet > out; code=$?
      while [ $code = 4 ]; do
        step=$(dxsh runs show "$(id)" | awk '$2 == "indeterminate" { print $1 }')
        number=${step#line[}; number=${number%]}
        if grep -qx "$number" log; then
          result='{"exit_code":0,"stdout":"","stderr":""}'
          dxsh runs settle "$(id)" "$step" done --result "$result" --quiet > out; code=$?
        else
          dxsh runs settle "$(id)" "$step" retry --quiet > out; code=$?
        fi
      done
      cat out; sort -n log | uniq -d | wc -l; wc -l < log; [ "$before" -gt 5 ] && echo enough
      """)
    let lines = result.output.split(separator: "\n")
    #expect(lines.first == "exit 4")
    #expect(lines.suffix(4) == ["200", "0", "200", "enough"])
    #expect(result.errors.contains("the store failed: no space is left for "))
    #expect(result.errors.contains("go on with `dxsh resume "))
  }

  @Test func aStoreOfALaterVersion() throws {
    let folder = TemporaryFolder()
    _ = run("echo 'workflow w() {}' > w.dxsh; dxsh exec w.dxsh --quiet", in: folder)
    try alter(folder, "PRAGMA user_version = 99")
    let result = run("dxsh exec w.dxsh; echo \"exit $?\"; dxsh runs list; echo \"exit $?\"", in: folder)
    #expect(result.output == "exit 2\nexit 2\n")
    #expect(result.errors.contains("a later version of dxsh wrote ./.dxsh/store.sqlite (format 99; this one reads 7)"))
  }

  @Test func aFolderThatMayNotBeWritten() {
    let result = run(
      """
      as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid 65534 --clear-groups "$@"; else "$@"; fi; }
      unset -f id
      echo 'workflow w() {}' > w.dxsh; chmod 555 .
      as '\(Program.path)' exec w.dxsh; echo "exit $?"
      chmod 755 .; dxsh exec w.dxsh --quiet; chmod 555 .dxsh; chmod 444 .dxsh/*
      as '\(Program.path)' exec w.dxsh; echo "exit $?"
      dxsh runs list | wc -l
      """)
    #expect(result.output == "exit 2\nexit 2\n2\n")
    #expect(result.errors.contains("the state folder ./.dxsh cannot be made (Permission denied); name another with"))
    #expect(result.errors.contains("./.dxsh/locks cannot be opened for writing: Permission denied"))
  }

  @Test func aDamagedPage() throws {
    let folder = TemporaryFolder()
    _ = run("dxsh exec chain.dxsh --quiet > out", in: folder)
    try alter(folder, "VACUUM")
    let result = run(
      """
      run=$(id); cp -r .dxsh good
      for page in 1 2 4 8 40; do
        head -c 2048 /dev/urandom | dd of=.dxsh/store.sqlite bs=1 seek=$((page * 4096 + 512)) conv=notrunc status=none
        timeout 60 '\(Program.path)' resume "$run"
        echo "exit $?"
        rm .dxsh/store.sqlite*; cp good/store.sqlite .dxsh/store.sqlite
      done | grep -cv '^exit [02]$\\|^200$'
      dxsh resume "$run"
      head -c 30000 good/store.sqlite > .dxsh/store.sqlite; dxsh runs list; echo "exit $?"
      """, in: folder)
    #expect(result.output == "0\n200\nexit 2\n")
    #expect(result.errors.contains("damaged"))
  }

  @Test func aFolderThatIsAFile() {
    let result = run(
      "touch f; dxsh exec chain.dxsh --state f/x; echo \"exit $?\"; dxsh exec chain.dxsh --state ''; echo $?")
    #expect(result.output == "exit 2\n2\n")
    #expect(result.errors.contains("--state takes a folder"))
    #expect(result.errors.contains("the state folder f/x cannot be made (Not a directory)"))
  }
}

import DxshSQLite
import DxshTestSupport
import Glibc
import Testing

/// What can go wrong while a process looks after a store: what it says, how it ends, and that nothing is lost.
struct ServeTroubleTests {
  /// Two runs of `ask.dxsh`, which have kept a long text of `a` or of `b` and wait for a signal. `log` has a line for
  /// each that goes on.
  private func run(_ script: String, in folder: TemporaryFolder = TemporaryFolder()) -> Program.Result {
    go(
      """
      cat > ask.dxsh <<'END'
      workflow ask(letter: string) -> string {
        step long = shell.script(
          script: "head -c 40000 /dev/zero | tr '\\\\0' $LETTER",
          env: { "LETTER": letter },
        )
        wait go = signal("go") as string after long
        step line = shell.run(command: ["sh", "-c", "echo ${letter} >> log"]) after go
        output "${long.stdout.size()} ${line.exit_code}"
      }
      END
      for letter in a b; do dxsh exec ask.dxsh -p letter=$letter --quiet 2> /dev/null; done
      \(script)
      """, in: folder)
  }

  private func go(_ script: String, in folder: TemporaryFolder) -> Program.Result {
    Program.shell(
      """
      id() { dxsh runs list | awk 'NR > 1 { print $1 }' | sed -n "$1p"; }
      statuses() { dxsh runs list | awk 'NR > 1 { print $3 }' | sort | tr '\\n' ' '; echo; }
      tell() { dxsh signal "$1" go --value '"on"' --no-resume; echo "signal $?"; }
      \(script)
      """, in: folder.path)
  }

  /// Nothing is lost while there is no room, it is said once, and when there is room again the runs go on.
  @Test func aFullDiskUnderServe() throws {
    let folder = TemporaryFolder()
    _ = run("", in: folder)
    // As long as somebody reads, the store's files keep their sizes: from the first write on there is no room.
    let reader = try SQLiteConnection(folder.path + "/.dxsh/store.sqlite", .readWrite, busyTimeout: 10_000)
    _ = try reader.prepare("SELECT count(*) FROM runs").step()
    let result = go(
      """
      limited() { (ulimit -S -f 1; exec '\(Program.path)' "$@"); }
      limited signal "$(id 1)" go --value '"on"'; echo "signal $?"
      statuses
      tell "$(id 1)"; tell "$(id 2)"
      limited serve --once; echo "once $?"
      (ulimit -S -f 1; exec '\(Program.path)' serve 2> said) & pid=$!
      until grep -q 'the store failed' said; do :; done
      statuses; test -e log || echo nothing
      prlimit --pid $pid --fsize=unlimited:
      until [ "$(grep -c succeeded said)" = 2 ]; do :; done
      kill $pid; wait $pid; echo "serve $?"
      statuses; sort log | tr '\\n' ' '; grep -c 'the store failed' said; grep -c 'the store works again' said
      """, in: folder)
    #expect(
      result.output == """
        signal 2
        waiting waiting 
        signal 0
        signal 0
        once 4
        waiting waiting 
        nothing
        serve 0
        succeeded succeeded 
        a b 1
        1

        """, "\(result.errors)")
    #expect(result.errors.contains("dxsh: no space is left for "))
    #expect(result.errors.contains("dxsh: the store failed: no space is left for "))
    #expect(!result.errors.contains("is tried again"))
    withExtendedLifetime(reader) {}
  }

  @Test func aStoreThatMayNotBeWritten() {
    let result = run(
      """
      as() { if [ "$(id -u)" = 0 ]; then setpriv --reuid 65534 --clear-groups "$@"; else "$@"; fi; }
      run=$(id 1); signal="signal $run go --value \"on\" --no-resume"; unset -f id
      chmod 755 .; chmod 555 .dxsh; chmod 444 .dxsh/*
      for command in "$signal" "cancel $run" "resume $run" serve "runs list" "exec ask.dxsh -p letter=c"; do
        as '\(Program.path)' $command; echo "$command: $?"
      done
      chmod 666 .dxsh/locks
      for command in "$signal" serve "runs list"; do as '\(Program.path)' $command; echo "$command: $?"; done
      chmod 700 .dxsh; chmod 600 .dxsh/*
      statuses; tell $run; dxsh serve --once --quiet; statuses; cat log
      """)
    let codes = result.output.split(separator: "\n").prefix(9).map { $0.split(separator: " ").last }
    #expect(codes == Array(repeating: "2", count: 9), "\(result.output)\(result.errors)")
    #expect(result.output.hasSuffix("\nwaiting waiting \nsignal 0\nsucceeded waiting \nb\n"), "\(result.output)")
    let sentences = result.errors.split(separator: "\n")
    #expect(sentences.count == 9 && sentences.prefix(6).allSatisfy { $0.hasSuffix("for writing: Permission denied") })
    #expect(
      sentences.dropFirst(6).allSatisfy { $0.contains("store.sqlite cannot be written: ") }, "\(result.errors)")
  }

  /// A run whose page is damaged is left alone and named, the other goes on; with the page as it was, it goes on too.
  @Test func aDamagedPageUnderServe() throws {
    let folder = TemporaryFolder()
    _ = run("tell \"$(id 1)\"; tell \"$(id 2)\"", in: folder)
    let store = folder.path + "/.dxsh/store.sqlite"
    try takeLogIn(store)
    let good = try #require(Repository.bytes(of: store))
    let page = try #require(
      stride(from: 0, to: good.count, by: 4096).first { start in
        good[start...].prefix(4096).dropFirst(8).allSatisfy { $0 == UInt8(ascii: "a") }
      })
    overwrite(store, at: page + 512, with: Array(repeating: UInt8(ascii: "?"), count: 64))
    let first = go("dxsh serve --once; echo \"exit $?\"; cat log", in: folder)
    #expect(first.output == "exit 0\nb\n")
    #expect(first.errors.contains(": cannot be gone on with: the value "))
    #expect(first.errors.contains(" of the journal refers to, is damaged; restore the store from a backup\n"))
    overwrite(store, at: page + 512, with: Array(good[(page + 512)...].prefix(64)))
    let second = go("dxsh serve --once --quiet; echo \"exit $?\"; cat log", in: folder)
    #expect(second.output == "exit 0\nb\na\n", "\(second.errors)")
    try takeLogIn(store)
    // Of what all runs are found by, nothing can be left out.
    overwriteRows(of: store, good)
    let third = go("dxsh serve; echo \"exit $?\"", in: folder)
    #expect(third.output == "exit 4\n")
    #expect(third.errors.contains("store.sqlite is damaged ("), "\(third.errors)")
  }

  @Test func aStoreThatIsNotThere() {
    let folder = TemporaryFolder()
    let result = go(
      """
      dxsh serve --once; echo "exit $?"
      dxsh serve --once --state deep/state; echo "exit $?"; dxsh runs list --state deep/state | wc -l
      touch file; dxsh serve --state file; echo "exit $?"
      """, in: folder)
    #expect(result.output == "exit 2\nexit 0\n1\nexit 2\n")
    #expect(result.errors.contains("there are no runs here: no folder .dxsh in this one or above; name one with"))
    #expect(result.errors.contains("the state folder file cannot be made (Not a directory)"))
  }

  /// The clock is set an hour on while a run waits for one hour, and back; then the hour passes. It is looked at, and
  /// goes on once, when the hour has passed.
  @Test func aClockThatIsSetWhileARunWaits() {
    let result = go(
      """
      cat > pause.dxsh <<'END'
      workflow pause() -> int {
        wait go = signal("go")
        wait over = delay(1h) after go
        step line = shell.run(command: ["sh", "-c", "echo over >> log"]) after over
        output line.exit_code
      }
      END
      clang -shared -fPIC -o shifted.so '\(Repository.root)/Tests/Fixtures/clock/shifted.c'
      set_clocks() { echo "$1 $2" > next; mv next clock; }
      said() { until [ "$(grep -c "$1" said)" = "$2" ]; do :; done; }
      set_clocks 0 0
      dxsh exec pause.dxsh --quiet 2> /dev/null
      dxsh signal "$(dxsh runs list | awk 'NR == 2 { print $1 }')" go --no-resume
      DXSH_TEST_CLOCK=$PWD/clock LD_PRELOAD=$PWD/shifted.so '\(Program.path)' serve 2> said & pid=$!
      said 'waits for' 1
      set_clocks 3600 0; said 'waits for' 2
      set_clocks 0 0; said 'waits for' 3
      set_clocks -3600 0; said 'waits for' 4
      test -e log || echo nothing
      set_clocks 0 3600; said succeeded 1
      kill $pid; wait $pid; echo "exit $?"; cat log
      """, in: TemporaryFolder())
    #expect(result.output == "nothing\nexit 0\nover\n", "\(result.errors)")
  }

  /// Trouble is said in the form that was chosen, of the log as of the store.
  @Test func troubleIsSaidInJSON() throws {
    let folder = TemporaryFolder()
    let script = """
      printf 'workflow w() {\\n wait go = signal("go")\\n step a = log.info(message: "one") after go\\n}\\n' > w.dxsh
      dxsh exec w.dxsh --quiet 2> /dev/null; dxsh signal "$(id 1)" go --no-resume
      rm -f .dxsh/logs.sqlite*; mkdir .dxsh/logs.sqlite
      dxsh serve --once --log-format json --quiet; echo "exit $?"
      """
    let first = go(script, in: folder)
    #expect(first.output == "exit 0\n")
    let lines = first.errors.split(separator: "\n")
    #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("{\"at\":") }, "\(first.errors)")
    #expect(first.errors.contains("\"level\":\"error\",\"message\":\"lines of the log are lost: "))
    let store = folder.path + "/.dxsh/store.sqlite"
    try takeLogIn(store)
    overwriteRows(of: store, try #require(Repository.bytes(of: store)))
    let second = go("dxsh serve --once --log-format json; echo \"exit $?\"", in: folder)
    #expect(second.output == "exit 4\n")
    let sentences = second.errors.split(separator: "\n")
    #expect(!sentences.isEmpty && sentences.allSatisfy { $0.hasPrefix("{\"at\":") }, "\(second.errors)")
    #expect(second.errors.contains("\"message\":\"the store failed: "))
  }

  /// Leaves nothing in the log beside a store.
  private func takeLogIn(_ store: String) throws {
    try SQLiteConnection(store, .readWrite, busyTimeout: 10_000).execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }

  /// Damages all pages but those that say what tables there are.
  private func overwriteRows(of store: String, _ bytes: [UInt8]) {
    for start in stride(from: 4096, to: bytes.count, by: 4096) {
      let page = bytes[start..<start + 4096]
      if page.contains(Array("CREATE ".utf8)) { continue }
      overwrite(store, at: start, with: Array(repeating: UInt8(ascii: "?"), count: 4096))
    }
  }

  private func overwrite(_ path: String, at offset: Int, with bytes: [UInt8]) {
    let descriptor = open(path, O_WRONLY)
    defer { close(descriptor) }
    _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
  }
}

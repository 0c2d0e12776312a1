import DxshTestSupport
import Testing

/// What whoever starts the program may have done to it.
struct SurroundingsTests {
  private static let workflow = Array(
    """
    workflow w() -> string {
      step cat = shell.run(command: ["sh", "-c", "cat; echo said >&2; echo out"], input: "in\\n")
        with assume(read, reason: "it only reads")
      output cat.stdout
    }
    """.utf8)

  /// Closed streams are no files, and the ends of programs are seen also where a parent ignored them.
  @Test(arguments: ["<&-", "2>&-", "<&- 2>&-"])
  func itIsStartedWithClosedStreamsAndIgnoredSignals(_ closed: String) {
    let folder = TemporaryFolder()
    folder.write(Self.workflow, to: "w.dxsh")
    let exec = "env --ignore-signal=CHLD --ignore-signal=PIPE '\(Program.path)' exec '\(folder.path)/w.dxsh'"
    let result = Program.shell("\(exec) --state '\(folder.path)/state' --quiet \(closed)")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("in\\nout\\n"), "\(result.output)")
    #expect(Program.shell("dxsh store check --state '\(folder.path)/state'").exitCode == 0)
  }

  /// What cannot be written is an error, also where there is nothing to write to.
  @Test func aClosedOutputIsAnError() {
    let folder = TemporaryFolder()
    folder.write(Self.workflow, to: "w.dxsh")
    #expect(Program.shell("dxsh exec '\(folder.path)/w.dxsh' --ephemeral --quiet >&-").exitCode == 1)
  }

  /// What the system has too little of is said with a remedy, and nothing hangs.
  @Test func tooManyProgramsAtOnce() {
    let folder = TemporaryFolder()
    folder.write(
      Array(
        """
        workflow w() {
          for i in try(lists.range(100)).orValue([]) with parallel(100) {
            step a = shell.run(command: ["sleep", "0.2"]) with assume(read, reason: "it only waits")
          }
        }
        """.utf8), to: "w.dxsh")
    let result = Program.shell("ulimit -n 40; dxsh exec '\(folder.path)/w.dxsh' --ephemeral --quiet --max-parallel 100")
    #expect(result.exitCode == 1)
    #expect(result.errors.contains("too many files are open; allow this process more of them"), "\(result.errors)")
  }

  /// A program has no descriptor but its three, and its signals are as a shell would have them.
  @Test func programsInheritNothing() {
    let folder = TemporaryFolder()
    let command = "ls /proc/self/fd | wc -l; grep -E 'SigBlk|SigIgn' /proc/self/status"
    folder.write(
      Array(
        String(decoding: Self.workflow, as: UTF8.self).replacing("cat; echo said >&2; echo out", with: command).utf8),
      to: "w.dxsh")
    let result = Program.shell(
      "exec 7</dev/null; dxsh exec '\(folder.path)/w.dxsh' --state '\(folder.path)/state' --quiet")
    // `ls` opens the folder itself. The C library has two signals of its own, which it ignores until it needs them.
    let rest = /4\\nSigBlk:\\t0{16}\\nSigIgn:\\t0{7}[01][08]0{7}\\n/
    #expect(result.output.contains(rest), "\(result.output)")
  }
}

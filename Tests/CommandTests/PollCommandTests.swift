import DxshTestSupport
import Testing

/// Runs that poll, as people see them.
struct PollCommandTests {
  /// What is done again at a time is said, with when.
  @Test func whatComesNextIsSaid() {
    let folder = TemporaryFolder()
    let result = Program.shell(
      """
      cat > w.dxsh <<'END'
      workflow w() -> string {
        wait go = signal("go")
        step state = debug.echo(value: "busy") after go with poll(until: self == "free", every: 5h, max: 9)
        step page = file.read(path: "none.txt") after go with retry(3, backoff: fixed(5h), jitter: false)
        wait ack = signal("ack")
        output "${state}${page}"
      }
      END
      dxsh exec w.dxsh --quiet 2> /dev/null
      dxsh signal "$(dxsh runs list | awk 'NR == 2 { print $1 }')" go --no-resume
      dxsh serve --once 2>&1
      """, in: folder.path)
    #expect(result.output.contains("waits for a signal ack; "), "\(result.output)\(result.errors)")
    #expect(result.output.contains(/page is tried again in (5h|4h59m) \(attempt 2\)/), "\(result.output)")
    #expect(result.output.contains(/state polls again in (5h|4h59m) \(poll 2\)/), "\(result.output)")
  }
}

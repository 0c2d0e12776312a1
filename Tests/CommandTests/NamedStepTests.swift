import DxshTestSupport
import Testing

/// Steps that a call names and that the run does not have.
struct NamedStepTests {
  @Test func anUnknownStepIsSaid() {
    let folder = TemporaryFolder()
    let result = Program.shell(
      """
      cat > w.dxsh <<'END'
      workflow w() {
        for n in [1, 2] {
          step load = shell.script(script: "echo ${n} >&2")
        }
        step quiet = debug.echo(value: 1) after load
        step bad = shell.script(script: "exit 3") after quiet
        step later = debug.echo(value: 2) after bad
      }
      END
      id() { dxsh runs list --state s --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p' | head -1; }
      dxsh exec w.dxsh --quiet --state s 2> /dev/null; run=$(id)
      retry() { dxsh runs retry $run --state s --quiet "$@"; echo "exit $?"; }
      logs() { dxsh runs logs $run --state s "$@" | cut -d' ' -f2- | sort; echo "exit ${PIPESTATUS[0]}"; }
      retry --repeating bda; retry --from laod; retry --repeating bad --repeating nope
      dxsh runs settle $run nope retry --state s; echo "exit $?"
      dxsh runs show $run --state s | grep -c reopened
      logs --step laod; logs --step load[7]; logs --step load; logs --step quiet; logs --step later
      logs --step load --since 9999-01-01T00:00:00Z
      """, in: folder.path)
    #expect(
      result.output == """
        exit 2
        exit 2
        exit 2
        exit 2
        0
        exit 2
        exit 2
        load[0] (stderr) | 1
        load[1] (stderr) | 2
        exit 0
        exit 0
        exit 0
        exit 0

        """, "\(result.output)\(result.errors)")
    let sentences = result.errors.split(separator: "\n").map(String.init)
    #expect(sentences.count == 6, "\(result.errors)")
    #expect(sentences.first?.contains("has no step bda so far; did you mean bad? `dxsh runs show ") == true)
    #expect(sentences.allSatisfy { $0.hasSuffix(" --state s` lists them") })
  }
}

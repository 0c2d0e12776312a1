import DxshTestServer
import DxshTestSupport
import Testing

/// The values of secrets at run time: they go where they are wanted, and nowhere else.
struct SecretTests {
  private static let value = "hunter2-4711"

  private func run(_ workflow: String, _ command: String) -> Program.Result {
    let folder = TemporaryFolder()
    return Program.shell(
      """
      cat > w.dxsh <<'END'
      \(workflow)
      END
      \(command)
      """, in: folder.path)
  }

  @Test func aSecretReachesWhatTakesItAndNothingElse() {
    let server = HTTPServer { request in
      request["authorization"] == "Bearer \(Self.value)" ? .text(#"{"ok": true}"#) : .text("", status: 403)
    }
    let result = run(
      """
      secret token: string = env("TOKEN")
      workflow w(url: string) -> { ok: bool, length: int } {
        let header = "Bearer ${token}"
        step answer = http.get(url: url, hosts: ["127.0.0.1"], headers: { "Authorization": header })
          as { body: { ok: bool } }
        step count = shell.run(command: ["sh", "-c", "test \\${#TOKEN} = 12"], env: { "TOKEN": token })
        for part in [header, token] {
          let headers = { "Authorization": part }
          step refused = http.get(url: url, hosts: ["127.0.0.1"], headers: headers, allow_status: true)
            as { body: string }
        }
        step page = shell.run(command: ["sh", "-c", "yes page | head -c 20000"], env: { "TOKEN": token })
        output { ok: answer.body.ok, length: count.exit_code + refused.size() + page.exit_code }
      }
      """,
      """
      TOKEN=\(Self.value) dxsh exec w.dxsh -p url=\(server.url()) --format json; echo "exit $?"
      run=$(dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p')
      dxsh runs show $run; dxsh runs show $run --format json; dxsh plan w.dxsh
      cat .dxsh/* | tr -c 'a-z0-9-' '\\n'
      """)
    #expect(result.output.contains("exit 0"), "\(result.errors)")
    #expect(result.output.contains("\"ok\": true"))
    // Nor does it reach what is kept apart for its size.
    #expect(result.output.contains("page\npage\npage"))
    #expect(!result.output.contains(Self.value) && !result.errors.contains(Self.value))
  }

  @Test func failuresSayNothingOfSecrets() {
    let result = run(
      """
      secret pin: int = env("PIN")
      workflow w() -> int {
        let code = pin * 1000000000000
        step count = shell.run(command: ["true"], env: { "CODE": "${code}" })
        output count.exit_code
      }
      """,
      """
      PIN=471147114711 dxsh exec w.dxsh; echo "exit $?"
      PIN=4711x dxsh exec w.dxsh; echo "exit $?"
      dxsh exec w.dxsh; echo "exit $?"
      dxsh runs list | wc -l
      cat .dxsh/* | tr -c 'a-z0-9-' '\\n'
      """)
    // The second and the third are not begun.
    #expect(result.output.hasPrefix("exit 1\nexit 2\nexit 2\n2\n"))
    #expect(!result.output.contains("4711") && !result.errors.contains("4711"))
    #expect(result.errors.contains("no more is shown where a workflow has secrets"))
    #expect(result.errors.contains("the secret pin is no int: see the environment variable PIN"))
    #expect(result.errors.contains("the secret pin is missing: set the environment variable PIN"))
  }

  @Test func aRunIsGoneOnWithWithItsSecrets() {
    let result = run(
      """
      secret token: string = env("TOKEN")
      workflow w() -> int {
        step first = shell.script(script: "echo $TOKEN > seen; kill -9 $PPID", env: { "TOKEN": token })
          with assume(idempotent, reason: "a test")
        output first.exit_code
      }
      """,
      """
      TOKEN=one dxsh exec w.dxsh --id k
      run=$(dxsh runs list --format json | sed -n 's/.*"run": "\\(.*\\)",/\\1/p')
      dxsh resume $run; echo "exit $?"
      TOKEN=two dxsh resume $run; cat seen
      """)
    #expect(result.output.contains("exit 2\n"), "\(result.errors)")
    #expect(result.output.hasSuffix("two\n"))
  }
}

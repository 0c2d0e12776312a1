import DxshExpressions
import DxshTestSupport
import Testing

/// What the commands print.
struct CommandLineTests {
  @Test func checkOfTheSamplesIsSilent() {
    let result = Program.shell("dxsh check samples")
    #expect(result.exitCode == 0)
    #expect(result.output + result.errors == "")
  }

  @Test func checkCountsAndFails() {
    let result = Program.shell("dxsh check Tests/Fixtures/check/ten_mistakes.dxsh")
    #expect(result.exitCode == 1)
    #expect(result.errors == "10 errors\n")
  }

  @Test func checkSpeaksJSON() {
    let result = Program.shell("dxsh check --format json - <<<'workflow w() { let a = b }'")
    #expect(result.exitCode == 1)
    for part in ["\"version\": 1", "\"code\": \"E0101\"", "\"file\": \"<stdin>\"", "\"line\": 1", "\"column\": 24"] {
      #expect(result.output.contains(part))
    }
  }

  @Test func theDocumentedJSONIsTrue() throws {
    let text = try #require(Repository.read("docs/diagnostics-json.md"))
    let blocks = text.components(between: "```")
    let source = String(blocks[1].dropFirst("dxsh\n".count))
    let result = Program.shell("cd $(mktemp -d) && cat > a.dxsh <<'E'\n\(source)E\ndxsh check --format json a.dxsh")
    let shown = try JSONReader.read(Array(blocks[3].dropFirst("json\n".count).utf8))
    #expect(try JSONReader.read(Array(result.output.utf8)) == shown)
  }

  @Test(arguments: [1, 8])
  func theSampleGivesTheSameAtAnyWidth(_ width: Int) {
    let command = "dxsh exec samples/orders/orders.dxsh --quiet --max-parallel \(width) -p output_folder=$(mktemp -d)"
    let result = Program.shell(command)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("\"cents\": 150384708"))
  }

  @Test func execExplainsAFailure() {
    let result = Program.shell("printf 'workflow w() {\\n  fail \"no\"\\n}' | dxsh exec - --format json --ephemeral")
    #expect(result.exitCode == 1)
    #expect(result.errors == "the run failed at fail(1): failed: no\n")
    #expect(result.output.contains("\"status\": \"failed\""))
  }

  @Test func versionAndExplain() {
    #expect(Program.shell("dxsh version").output.hasPrefix("dxsh "))
    #expect(Program.shell("dxsh explain e0202").output.hasPrefix("E0202: "))
    #expect(Program.shell("dxsh explain E9999").exitCode == 2)
    #expect(Program.shell("dxsh --help").output.contains("EXIT CODES"))
  }
}

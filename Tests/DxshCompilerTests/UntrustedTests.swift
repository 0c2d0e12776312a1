import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// Where text that others wrote is found to reach a sink, and where it is not.
struct UntrustedTests {
  private static let library = NodeLibrary([
    "t": """
    node t.get<T>(url: string @sink(url, unless: hosts), hosts: list<string> = []) -> { status: int, body: T }
      effect read
      timeout(1s)
    node t.echo<T>(value: T) -> T effect idempotent timeout(1s)
    node t.parse<T>(text: string) -> list<T> effect pure timeout(1s)
    node t.query<T>(sql: string @sink(sql), params: list<json> = []) -> list<T> effect read timeout(1s)
    node t.run(command: list<string> @sink(shell), input: string = "") -> string effect once timeout(1s)
    node t.read(path: string @sink(path)) -> string effect read timeout(1s)
    """
  ])

  /// Each code with the text that it underlines.
  private func found(_ text: String) -> [String] {
    let file = SourceFile(id: FileID(0), name: "test", text: text)
    return compile(file, library: Self.library).diagnostics
      .filter { $0.code != .unused && $0.code != .notSupported && $0.code != .unusedStepResult }
      .map { "\($0.code.rawValue) \(file.text($0.range))" }
  }

  /// What is found in a workflow in which `page.body` is untrusted.
  private func body(_ items: String) -> [String] {
    found(
      """
      enum Color { red, green }
      type Page = { id: string, n: int, color: Color, tags: list<string>, next: string? }
      workflow w(own: string) {
        step page = t.get(url: "https://example.com") as { body: Page }
        \(items)
      }
      """)
  }

  @Test(arguments: [
    ("t.query(sql: \"id = ${page.body.id}\") as list<json>", "W0707 \"id = ${page.body.id}\""),
    ("t.query(sql: \"id = ?\", params: [page.body.id]) as list<json>", ""),
    ("t.query(sql: \"id = ${page.body.n} ${page.status}\") as list<json>", ""),
    ("t.query(sql: \"id = ${page.body.color}\") as list<json>", ""),
    ("t.query(sql: own) as list<json>", ""), ("t.query(sql: hash.sha256(page.body.id)) as list<json>", ""),
    ("t.query(sql: page.body.id.size() > 3 ? \"a\" : \"b\") as list<json>", ""),
    ("t.run(command: [\"echo\", page.body.id])", ""), ("t.run(command: page.body.tags)", "W0707 page.body.tags"),
    ("t.run(command: [page.body.id])", "W0707 [page.body.id]"),
    ("t.run(command: [\"sh\", \"-c\", page.body.id])", "W0707 [\"sh\", \"-c\", page.body.id]"),
    ("t.run(command: [\"cat\"], input: page.body.id)", ""),
    ("t.read(path: page.body.next.orValue(\"a\"))", "W0708 page.body.next.orValue(\"a\")"),
    ("t.read(path: \"a/${url.segment(page.body.id)}\")", ""),
    ("t.get(url: page.body.id)", "W0708 page.body.id"), ("t.get(url: page.body.id, hosts: [\"a.org\"])", ""),
    ("t.get(url: page.body.id, hosts: [])", "W0708 page.body.id"),
    ("t.read(path: page.body.tags.map(tag, tag + \"!\").join())", "W0708 page.body.tags.map(tag, tag + \"!\").join()"),
    ("t.read(path: page.body.tags.map(tag, \"a\").join())", ""),
    (
      "t.read(path: [\"a\"].fold(all, x, \"\", all + page.body.id))",
      "W0708 [\"a\"].fold(all, x, \"\", all + page.body.id)"
    ),
  ])
  func sinksAreWatched(_ call: String, _ expected: String) {
    #expect(body("step used = \(call)") == (expected.isEmpty ? [] : [expected]))
  }

  @Test func itIsFollowedThroughNamesLoopsAndHandlers() {
    #expect(body("let a = page.body.id\nlet b = a + \"x\"\nstep used = t.read(path: b)") == ["W0708 b"])
    #expect(
      body("for tag in page.body.tags {\n let t = tag\n}\nstep used = t.read(path: t.join())") == ["W0708 t.join()"])
    #expect(body("step e = t.echo(value: page.body.id)\nstep used = t.read(path: e)") == ["W0708 e"])
    #expect(
      body("step rows = t.parse(text: page.body.id) as list<string>\nstep used = t.read(path: rows.join())")
        == ["W0708 rows.join()"])
    #expect(
      body(
        "step rows = t.query(sql: \"x\", params: [page.body.id]) as list<string>\nstep u = t.read(path: rows.join())")
        == [])
    #expect(
      body("repeat s = \"a\" with max(3) {\n step used = t.read(path: s)\n next page.body.id\n}") == ["W0708 s"])
    #expect(
      body("try {\n step a = t.echo(value: page.body.id)\n} catch e {\n let a = \"b\"\n}\nstep used = t.read(path: a)")
        == ["W0708 a"])
    #expect(
      body("try {\n step a = t.echo(value: page.body.id)\n} catch e {\n step used = t.read(path: a.orValue(\"\"))\n}")
        == ["W0708 a.orValue(\"\")"])
    #expect(body("finally {\n step used = t.read(path: page.optMap(p, p.body.id).orValue(\"\"))\n}").count == 1)
  }

  /// Each round of one makes all rounds of the next: 2^30 bodies, followed a few times each.
  @Test func nestedRepeatsAreFollowedOnce() {
    let depth = 30
    var text = "step used = t.read(path: s\(depth - 1))\n"
    for level in (0..<depth).reversed() {
      text = "repeat s\(level) = \"a\" with max(3) {\n\(text)next page.body.id\n}\n"
    }
    #expect(body(text) == ["W0708 s\(depth - 1)"])
  }

  @Test func itIsFollowedThroughCalls() {
    let callee = "workflow read(path: string, n: int) -> string {\n step got = t.read(path: path)\n output got\n}\n"
    func calls(_ arguments: String) -> [String] {
      found(
        callee + "workflow w() {\n step page = t.get(url: \"https://example.com\") as { body: string }\n"
          + " step used = read(\(arguments))\n}")
    }
    #expect(calls("path: page.body, n: 1") == ["W0708 page.body"])
    #expect(calls("path: \"a\", n: page.body.size()") == [])
    #expect(
      found(
        "workflow fetch() -> string {\n step page = t.get(url: \"https://example.com\") as { body: string }\n"
          + " output page.body\n}\nworkflow w() {\n step got = fetch()\n step used = t.read(path: got)\n}")
        == ["W0708 got"])
  }

  @Test func whatTriggersDeliverIsUntrusted() {
    #expect(
      found(
        "workflow w(a: string, b: string = \"b\") {\n"
          + " on webhook incoming as string { path: \"/\", method: post, params: { a: incoming.body } }\n"
          + " step used = t.read(path: a)\n step fine = t.read(path: b)\n}") == ["W0708 a"])
  }

  /// The one that calls it stands first.
  @Test func whatIsDeliveredIsKnownWhereverItIsCalled() {
    #expect(
      found(
        "workflow first() {\n step used = second(a: \"fine\")\n}\nworkflow second(a: string) {\n"
          + " on webhook incoming as string { path: \"/\", method: post, params: { a: incoming.body } }\n"
          + " step used = t.read(path: a)\n}") == ["W0708 a"])
  }

  /// A comment is the door, with a reason; it ends on its day.
  @Test func aCommentSaysThatItIsMeant() {
    #expect(
      body("// dxsh:allow W0708 reason=\"the server is ours\"\nstep used = t.read(path: page.body.id)") == [])
  }
}

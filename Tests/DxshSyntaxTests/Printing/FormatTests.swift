import DxshSyntax
import DxshTestSupport
import Testing

/// The style, construct by construct.
@Suite struct FormatTests {
  private func expect(
    _ text: String, _ formatted: String, width: Int = 100, _ location: Testing.SourceLocation = #_sourceLocation
  ) {
    let result = format(sourceFile(text), width: width)
    #expect(String(decoding: result.bytes, as: UTF8.self) == formatted + "\n", sourceLocation: location)
    #expect(PrintingPropertyTests.problem(text, width: width) == nil, sourceLocation: location)
  }

  /// Something that is formatted already.
  private func expectKept(_ text: String, width: Int = 100, _ location: Testing.SourceLocation = #_sourceLocation) {
    expect(text, text, width: width, location)
  }

  /// What an item of `workflow w() { … }` becomes.
  private func expectItem(
    _ text: String, _ formatted: String, width: Int = 100, _ location: Testing.SourceLocation = #_sourceLocation
  ) {
    let lines = formatted.split(separator: "\n", omittingEmptySubsequences: false)
    let indented = lines.map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
    expect("workflow w() {\n\(text)\n}", "workflow w() {\n\(indented)\n}", width: width, location)
  }

  @Test func declarations() {
    expect("type  A={a:int,b:string?where self!=\"\"}", "type A = { a: int, b: string? where self != \"\" }")
    expect("type A = { a: int\n b: int }", "type A = {\n  a: int\n  b: int\n}")
    expect("enum E{a,b=\"b-b\",}", "enum E { a, b = \"b-b\" }")
    expect("enum E {\n /// one\n a, b }", "enum E {\n  /// one\n  a\n  b\n}")
    expect(
      "import  './a.dxsh'  as a\nimport \"./b.dxsh\" {A,b}", "import './a.dxsh' as a\nimport \"./b.dxsh\" { A, b }")
    expect(
      "secret s:string=env(\"S\")\n\n\nsecret t=env(\"T\")", "secret s: string = env(\"S\")\n\nsecret t = env(\"T\")")
    expect("const a=0x1F\ntype T=int\ntype U=T", "const a = 0x1F\n\ntype T = int\ntype U = T")
    expect("connection c=sqlite( path:\"a\" )", "connection c = sqlite(path: \"a\")")
    expect(
      "func f<A>(x:A)->A=x\nfunc g(self: int) -> int throws decode",
      "func f<A>(x: A) -> A = x\n\nfunc g(self: int) -> int throws decode")
    expect(
      "node n.m(a: int) -> int timeout(1s) = exec(\"./a\") throws a,b effect read",
      "node n.m(a: int) -> int effect read throws a, b timeout(1s) = exec(\"./a\")")
    expect(
      "node n.m(a: int) -> int effect read throws a,b uses slots(\"x\")",
      """
      node n.m(a: int) -> int
        effect read
        throws a, b
        uses slots("x")
      """, width: 40)
    expect("defaults with timeout( 5s ),retry(3)", "defaults with timeout(5s), retry(3)")
  }

  @Test func signatures() {
    expect(
      "workflow w(first: int, second: string) -> { total: double } {}",
      """
      workflow w(first: int, second: string)
        -> { total: double } {}
      """, width: 50)
    expect(
      "workflow w(first: int, second: string) -> int { output 1 }",
      """
      workflow w(
        first: int,
        second: string,
      ) -> int {
        output 1
      }
      """, width: 30)
    expect(
      "workflow w(first: int, second: string) -> { total: double } { output 1 }",
      """
      workflow w(first: int, second: string)
        -> { total: double } {

        output 1
      }
      """, width: 50)
  }

  @Test func clauses() {
    expectItem(
      "step x=a.b(c:1)was old with p(),q() requires g after y as T",
      "step x = a.b(c: 1) as T after y requires g with p(), q() was old")
    expectItem(
      "step x = a.b(c: 1) after y with timeout(5s), retry(3)",
      """
      step x = a.b(c: 1)
        after y
        with timeout(5s), retry(3)
      """, width: 40)
    expectItem(
      "step x = a.b(first: \"aaaaaaaaa\", second: \"bbbbbbbb\") with timeout(5m)",
      """
      step x = a.b(
        first: "aaaaaaaaa",
        second: "bbbbbbbb",
      ) with timeout(5m)
      """, width: 40)
    expectItem(
      "step x = a.b(first: \"aaaaaaaaa\", second: \"bbbbbbbb\") as T with timeout(5m)",
      """
      step x = a.b(
        first: "aaaaaaaaa",
        second: "bbbbbbbb",
      ) as T
        with timeout(5m)
      """, width: 40)
  }

  @Test func control() {
    expectItem("if a{}else if b { output 1 } else {}", "if a {} else if b {\n  output 1\n} else {}")
    expectItem("match e { a|b=>{ output 1 },\n_ => {} }", "match e {\n  a | b => {\n    output 1\n  }\n  _ => {}\n}")
    expectItem("for i,v in xs collect f with parallel(2) {}", "for i, v in xs with parallel(2) collect f {}")
    expectItem(
      "repeat s:int=0 with max(3){next s+1 while s<3}", "repeat s: int = 0 with max(3) {\n  next s + 1 while s < 3\n}")
    expectItem("try{ }catch e{ fail gone,\"x\" }", "try {} catch e {\n  fail gone, \"x\"\n}")
    expectItem(
      "sequence{\n\n\nassert a,\"x\"\n\n\nassert b , \"y\"\n\n}",
      "sequence {\n  assert a, \"x\"\n\n  assert b, \"y\"\n}")
  }

  @Test func fields() {
    expectItem(
      "wait x=any{ a:delay(1s), b:signal(\"s\")as T }with timeout(1h)",
      "wait x = any {\n  a: delay(1s)\n  b: signal(\"s\") as T\n} with timeout(1h)")
    expectItem(
      "approval x{form{a:int=1},title:\"t\"}", "approval x {\n  title: \"t\"\n  form {\n    a: int = 1\n  }\n}")
    expect(
      "workflow w() {\n limits { a: 1,\n b: 2 }\n schedule s { cron: \"@daily\" }\n}",
      "workflow w() {\n  schedule s {\n    cron: \"@daily\"\n  }\n  limits {\n    a: 1\n    b: 2\n  }\n}")
    expect("workflow w() { limits{a:1,b:2} }", "workflow w() {\n  limits { a: 1, b: 2 }\n}")
  }

  @Test func expressions() {
    expectItem(
      "output  - a*( b+c ) ? x . y [ 0 ] : { a:1,?b:[?c] }", "output -a * (b + c) ? x.y[0] : { a: 1, ?b: [?c] }")
    expectItem("let x = \"a ${  b+1 } ${c}\"", "let x = \"a ${b + 1} ${c}\"")
    expectItem(
      "let x = aaaaaaaaaa && bbbbbbbbbbbb || cccccccccc", "let x =\n  aaaaaaaaaa && bbbbbbbbbbbb || cccccccccc",
      width: 44)
    expectItem(
      "let x = aaaaaaaaaa && bbbbbbbbbbbb || cccccccccc", "let x = aaaaaaaaaa && bbbbbbbbbbbb ||\n  cccccccccc",
      width: 40)
    expectItem(
      "output aaaaaaaaaaaaa ? bbbbbbbbbbbbb : ccccccccccc ? ddd : eee",
      "output aaaaaaaaaaaaa\n  ? bbbbbbbbbbbbb\n  : ccccccccccc\n  ? ddd\n  : eee", width: 40)
    expectItem(
      "let x = orders.filter(o, o.total > 1).map(o, o.total).sum()",
      "let x = orders\n  .filter(o, o.total > 1)\n  .map(o, o.total)\n  .sum()", width: 40)
    expectItem(
      "let x = match e { a => 1, b => 22222222222, _ => 3 }",
      "let x = match e {\n  a => 1,\n  b => 22222222222,\n  _ => 3,\n}", width: 40)
  }

  @Test func comments() {
    expectKept(
      """
      // The file.

      /// What it does.
      workflow w(
        // Of the parameter.
        a: int, // At its end.
        // Before the bracket.
      ) {
        let b = [
          1, // one

          // two
          2,
        ]
        let c = a + // left
          b
        let d = xs
          .first() // all
          // then
          .second()
        step x = f(a) // short
        step y = g(a) as T
          // why
          after x // x
          with timeout(1s)
        if a > 1 {
          // nothing
        }
        // otherwise
        else {
          output 1 // one
          // The end.
        }
      }

      // Last.
      """)
    expectItem("let a = 1 // one\n\n\n// two\nlet b = 2", "let a = 1 // one\n\n// two\nlet b = 2")
  }

  /// The samples of the language's design: written by hand in the style, so formatting keeps them.
  static let page = """
    /// Takes an order from a signed webhook; undoes what it did when a later step fails.
    secret hook_key: string = env("HOOK_KEY")

    type Order = { order_id: string, sku: string, qty: int, card_token: string }

    enum Status { shipped, declined, failed }

    workflow take_order(order: Order) -> { status: Status, tracking: string? } {
      on webhook incoming as Order {
        path: "/orders"
        method: post
        auth: hmac(hook_key)
        key: incoming.body.order_id
        params: { order: incoming.body }
      }
      limits { duration: 1h }

      try {
        step held = stock.reserve(sku: order.sku, qty: order.qty)
          with timeout(5s), retry(3), compensate(stock.release(id: self.id))

        step parcel = shipping.book(order: order.order_id)
          after paid
          with timeout(30s), retry(5, backoff: exponential(1s, max: 1m))

        output { status: shipped, tracking: parcel.tracking }
      } catch problem {
        // Every compensation of the body has run when the handler starts.
        match problem.kind {
          declined => {
            output { status: declined }
          }
          _ => {
            output { status: failed }
          }
        }
      }
    }

    workflow scrape(start: string) -> { products: list<Product>, failed: list<string> } {
      repeat page: { cursor: string?, links: list<Link> } = { cursor: start, links: [] } with max(50) {
        step listing = http.get(url: page.cursor.orValue(start), hosts: ["shop.example.com"]) as { body: Listing }
          with timeout(10s), retry(3)
        next { cursor: listing.body.next, links: page.links + listing.body.links }
          while listing.body.next.hasValue()
      }
      approval review after page {
        title: "Publish “${draft.title}”?"
        form {
          title: string = draft.title
        }
      }
    }

    test "nobody answers" {
      mock pager.notify -> {}
      send signal("resolved", key: "7") -> { by: "dana" } at 2h
      run r = incident(id: "7", title: "disk full")
      expect r.status == succeeded
    }
    """

  @Test func samplesOfTheDesign() { expectKept(Self.page, width: 110) }
}

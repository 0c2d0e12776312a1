/// Texts without mistakes that together use everything the parser knows.
enum ValidSources {
  static let all = [declarations, items, expressions]

  static let declarations = """
    // A comment.
    /// An order
    /// of two lines.
    type Order = { id: string, total: double, note: string?, `in`: list<map<string, int?>> }
    type Pair = {
      /// first
      a: finance.Money
      b: int
    }
    enum Tier { free, pro = "pro-2" }
    /// For the API.
    secret token: string = env("API_TOKEN")
    connection orders = sqlite(
      path: "orders.db",
    )
    /// Of a kind.
    connection sqlite(path: string @sink(path), busy_timeout: duration = 5s)
    /// Sends a GET request.
    node http.get<T>(
      /// The url.
      url: string @sink(url, unless: hosts),
      hosts: list<string>= [],
      body_limit: size = 16MiB,
    ) -> { status: int, body: T }
      effect read
      throws timeout,
        unavailable
      uses slots("http")
      timeout(30s)
    """

  static let items = """
    workflow report(day: string, region: string = "eu")
      -> { total: double } {
      step orders = postgres.query(
        sql: "select 1",
        params: [region, day],
      ) as list<Order>
        after x, y.z
        with timeout(60s), retry(5, backoff: exponential(1s, max: 30s))
      let total: double = orders.map(o, o.total).sum()
      for i, order in orders with parallel(4) collect failures {
        step customer = http.get(url: "https://x/${url.segment(order.id)}/${m["k"]}") as { body: Customer }
      }
      if total > 1000 && !done {
        fail too_much, "total ${total}"
      } else if total < 0 {
        assert a in [1, 2], "why"
      } else {
        sequence {
          step sent = mail.send(to: "a", text: 'b')
        }
      }
      output { total: total }
    }
    """

  static let expressions = #"""
    workflow e() {
      let a = x ? -y : !z || w && 1 < 2 == true
      let b = [1, 2u, 0x1F, 1.5e3, "a\n", r"\d", b"\xff", '''x''', """
        y ${a + "${b}"} z
        """, 1h30m, 64KiB, null]
      let c = { a: 1, ?b: x.?y, for: m[?0] }
      let d = { "a": 1, (k): {}, 2: [?e] }
      let f = (x as list<int>).exists(i, i % 2 != 0)
        + g(h(), k: .root * 3 / 4 - 5)
      output "${f}"
    }
    """#
}

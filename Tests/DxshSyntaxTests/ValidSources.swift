/// Texts without mistakes that together use everything the parser knows.
enum ValidSources {
  static let all = [declarations, items, expressions, workflows, tests]

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

  static let workflows = """
    import "./shared.dxsh" as shared
    import "./other.dxsh" { A, b }
    defaults with timeout(5m)
    type Page<T> = { items: list<T>, share: double where self >= 0.0 }
    node own.score(text: string) -> double
      effect pure
      = exec("./score.py")
    workflow take(order: Order, limit: int = 3 where self > 0) -> { state: State } throws gone was before {
      schedule nightly was daily {
        cron: "30 2 * * *"
        overlap: queue, catchup: all(within: 48h, limit: 3)
      }
      on webhook incoming as Order {
        path: "/orders"
        params: { order: incoming.body }
      }
      limits { concurrency: 4, duration: 30m }
      defaults with retry(4, backoff: exponential(1s, max: 30s))
      approval review after order {
        title: "Take it?"
        choices: Verdict
        form {
          title: string = "x"
          note: string?
        }
      }
      step paid = pay.charge(order.id)
        requires review
        with compensate(pay.refund(id: self.id))
        was charged
      match review.outcome {
        publish => {
          step sent = mail.send()
        }
        rework | Verdict.drop => { }
      }
      repeat page: Page = { cursor: none } with max(50) {
        step list = http.get(url: page.cursor)
        next { cursor: list.next } while list.next.hasValue()
      }
      try {
        wait soak = delay(10m)
        wait over = any {
          fixed: signal("resolved", key: id) as Ack
          gone: until(t)
        } with timeout(4h)
      } catch problem {
        fail gone, "why"
      }
      output { state: done }
      finally {
        step told = log.info(text: run.status)
      }
    }
    """

  static let tests = """
    test "nobody answers" {
      clock timestamp("2026-01-01T00:00:00Z")
      mock pager.notify(level: 1) -> {}
      mock pager.notify throws timeout
      decide review -> { outcome: publish } at 1h
      send signal("resolved", key: "7") -> { by: "dana" } at 2h
      fire nightly
      crash after paged at 3s
      run r = take(order: { id: "7" })
      expect r.count("paged") == 4
    }
    """
}

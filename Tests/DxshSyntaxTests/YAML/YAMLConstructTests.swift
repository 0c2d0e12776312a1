import DxshSyntax
import Testing

/// Each construct in both notations gives the same tree.
@Suite struct YAMLConstructTests {
  @Test func declarations() { expectSame(Self.declarationsText.yaml, Self.declarationsText.dxsh) }

  private static let declarationsText = (
    yaml:
      """
    # Of the file.
    imports:
      - { from: ./a.dxsh, as: a }
      - from: ./b.dxsh
        names: [B, c]
    secrets:
      ## For the API.
      token: { type: string, from: env("TOKEN") }
      other: { from: 'env("X")' }
    consts:
      a: 5
      b: { type: "list<int>", value: [1, 2] }
      c: { value: { value: 1 } }
      d: { x: 1 }
    types:
      ## An order
      ## of two lines.
      Order: { id: string, note: "string?", share: { type: double, where: self >= 0.0 } }
      "Pair<A, B>":
        ## first
        a: A
        b: "{ type: B }?"
      Id: string
    enums:
      Tier: [free, { pro: "pro-2" }]
    connections:
      w: { postgres: { url: "${token}", pool: 8 } }
      kind: { params: { path: { type: string, sink: [path] } } }
    funcs:
      f: { generics: [T], params: { p: { type: int, default: 1 } }, returns: int, value: "${p + 1}" }
      g: { params: { self: string }, returns: int, throws: [bad] }
    nodes:
      mail.send:
        params: { to: { type: string, sink: { args: [mail], unless: hosts }, where: self != "" } }
        returns: {}
        effect: once
        throws: [bounced]
        uses: [slots("mail")]
        timeout: 30s
        run: exec("./mail.py")
    defaults: { timeout: 60s, retry: { args: [3] } }
    """,
    dxsh:
      """
    // Of the file.
    import "./a.dxsh" as a
    import "./b.dxsh" { B, c }
    /// For the API.
    secret token: string = env("TOKEN")
    secret other = env("X")
    const a = 5
    const b: list<int> = [1, 2]
    const c = { value: 1 }
    const d = { x: 1 }
    /// An order
    /// of two lines.
    type Order = { id: string, note: string?, share: double where self >= 0.0 }
    type Pair<A, B> = {
      /// first
      a: A
      b: { type: B }?
    }
    type Id = string
    enum Tier { free, pro = "pro-2" }
    connection w = postgres(url: token, pool: 8)
    connection kind(path: string @sink(path))
    func f<T>(p: int = 1) -> int = p + 1
    func g(self: string) -> int throws bad
    node mail.send(to: string @sink(mail, unless: hosts) where self != "") -> {}
      effect once throws bounced uses slots("mail") timeout(30s) = exec("./mail.py")
    defaults with timeout(60s), retry(3)
    """
  )

  @Test func workflows() {
    expectSame(
      """
      workflows:
        w:
          was: old
          params: { a: int, "in": string, b: { type: { x: int } } }
          returns: "list<int>"
          throws: [gone]
          schedules:
            night:
              { cron: "0 2 * * *", overlap: skip, catchup: "latest(within: 6h)", params: { d: "${fire.at}" }, was: n }
          triggers:
            hook: { webhook: { path: /x, method: post, key: "${hook.id}" }, as: Order }
          limits: { duration: 30m, memory: 2GiB }
          defaults: { on_error: skip }
          do: []
          finally:
            - output: 1
      """,
      """
      workflow w(a: int, `in`: string, b: { x: int }) -> list<int> throws gone was old {
        schedule night was n { cron: "0 2 * * *", overlap: skip, catchup: latest(within: 6h), params: { d: fire.at } }
        on webhook hook as Order { path: "/x", method: post, key: hook.id }
        limits { duration: 30m, memory: 2GiB }
        defaults with on_error(skip)
        finally { output 1 }
      }
      """)
  }

  @Test func items() { expectSame(Self.itemsText.yaml, Self.itemsText.dxsh) }

  private static let itemsText = (
    yaml:
      """
    workflows:
      w:
        do:
          - let: x
            type: int
            value: -5
          ## Reads.
          - { step: s, call: http.get, args: [1, "${x}"], as: { body: Order }, after: [x, a.b], requires: [g],
              with: { timeout: 60s, retry: { attempts: 5, only: [timeout, gone] }, fallback: [{ a: 1 }], first: {} },
              was: t }
          - { wait: m, call: signal, args: { args: [ack], key: "${x}" }, as: Ack, with: { timeout: 1h } }
          - wait: n
            any: { a: { call: signal, args: [x], as: A }, b: { call: delay, args: [10m] } }
          - approval: g
            after: [s]
            title: "Ok ${x}?"
            quorum: 2
            on_timeout: outcome(drop)
            opens: [publish]
            form: { note: "string?", n: { type: int, default: 0, where: self >= 0 } }
          - if: "${x > 1}"
            then:
              - output: a
            else:
              - if: true
                then: []
          - match: "${x}"
            cases:
              - when: 1 | 2
                do: []
              - { when: Tier.pro, do: [{ fail: no way, kind: gone }] }
              - { when: _, do: [{ fail: "$${x} ${x}" }] }
          - for: v
            index: i
            in: "${xs}"
            with: { parallel: 4 }
            collect: bad
            do: [{ assert: "${v > 0}", message: "no ${v}" }]
          - repeat: p
            type: Page
            from: { next: 1 }
            with: { max: 50 }
            do: [{ sequence: [] }]
            next: { next: 2 }
            while: "${p.more}"
          - try: []
            catch: e
            do: []
    """,
    dxsh:
      #"""
    workflow w() {
      let x: int = -5
      /// Reads.
      step s = http.get(1, x) as { body: Order } after x, a.b requires g
        with timeout(60s), retry(attempts: 5, only: [timeout, gone]), fallback({ a: 1 }), first() was t
      wait m = signal("ack", key: x) as Ack with timeout(1h)
      wait n = any { a: signal("x") as A, b: delay(10m) }
      approval g after s {
        title: "Ok ${x}?"
        quorum: 2
        on_timeout: outcome(drop)
        opens: [publish]
        form { note: string?, n: int = 0 where self >= 0 }
      }
      if x > 1 { output "a" } else if true { }
      match x {
        1 | 2 => { }
        Tier.pro => { fail gone, "no way" }
        _ => { fail "\${x} ${x}" }
      }
      for i, v in xs with parallel(4) collect bad { assert v > 0, "no ${v}" }
      repeat p: Page = { next: 1 } with max(50) {
        sequence { }
        next { next: 2 } while p.more
      }
      try { } catch e { }
    }
    """#
  )

  @Test func tests() {
    expectSame(
      """
      tests:
        "what holds":
          - { mock: http.get, args: { url: a }, returns: { a: 1 }, at: 2h }
          - { mock: http.get, throws: timeout }
          - { decide: gate, value: { outcome: publish, by: dana } }
          - { send: signal, args: [ack], value: 1, at: 5m }
          - clock: '${timestamp("2026-01-01T00:00:00Z")}'
          - { fire: night, at: 1d }
          - { crash: before, step: pay.all, at: 1h }
          - { crash: after, step: pay }
          - { run: r, call: w, args: { id: "7" } }
          - expect: "${r.status == succeeded}"
      """,
      """
      test "what holds" {
        mock http.get(url: "a") -> { a: 1 } at 2h
        mock http.get throws timeout
        decide gate -> { outcome: publish, by: "dana" }
        send signal("ack") -> 1 at 5m
        clock timestamp("2026-01-01T00:00:00Z")
        fire night at 1d
        crash before pay.all at 1h
        crash after pay
        run r = w(id: "7")
        expect r.status == succeeded
      }
      """)
  }

  @Test(arguments: [
    ("5", "5"), ("-5", "-5"), ("1h30m", "1h30m"), ("64KiB", "64KiB"), ("2u", "2u"), ("0x1F", "31"), ("1.5e3", "1500.0"),
    ("true", "true"), ("null", "null"), ("\"5\"", "\"5\""), ("30min", "\"30min\""), ("1.2.3", "\"1.2.3\""),
    ("two words", "\"two words\""), ("\"${x}\"", "x"), ("${x}", "x"), ("'a ${x}'", "\"a ${x}\""),
    ("\"$${x}\"", "\"\\${x}\""), ("\"$$${x}\"", "\"$\\${x}\""), ("[]", "[]"), ("{}", "{}"), ("{ a: 1 }", "{ a: 1 }"),
    ("{ \"a\": 1 }", "{ \"a\": 1 }"), ("{ 1: x, 2: y }", "{ 1: \"x\", 2: \"y\" }"), ("{ a-b: 1 }", "{ \"a-b\": 1 }"),
    ("{ in: 1 }", "{ `in`: 1 }"), ("{ true: 1 }", "{ true: 1 }"), ("[1, [a]]", "[1, [\"a\"]]"),
    ("\"${ { a: 1 }.a }\"", "{ a: 1 }.a"), ("'${\"a ${x}\"}'", "\"a ${x}\""), ("\"a\\u0041\\n\"", "\"aA\\n\""),
    ("|\n  a ${x}\n   b", "\"a ${x}\\n b\\n\""), (">-\n  a\n  b\n\n  c", "\"a b\\nc\""), ("\"a\n  b\"", "\"a b\""),
    ("'it''s'", "\"it's\""), ("|-\n  ${x + // why\n  1}", "x + 1"), ("\"${a}${b}\"", "\"${a}${b}\""),
  ])
  func values(_ yaml: String, _ dxsh: String) {
    let indented = yaml.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
    expectSame("consts:\n  c: \(indented)\n", "const c = \(dxsh)\n")
  }

  @Test func aliasesAndMergesRepeatWhatTheyName() {
    expectSame(
      """
      workflows:
        w:
          do:
            - step: a
              call: &call x.y
              args: &args { p: 1, q: [2] }
            - step: b
              call: *call
              args: { <<: *args, p: 5 }
            - step: c
              call: *call
              args: { <<: [{ r: 1 }, *args] }
      """,
      """
      workflow w() {
        step a = x.y(p: 1, q: [2])
        step b = x.y(q: [2], p: 5)
        step c = x.y(r: 1, p: 1, q: [2])
      }
      """)
  }

  @Test func emptyFilesAreFiles() {
    for text in ["", "# nothing\n", "---\n", "\u{FEFF}consts: {}\n", "consts: {}\r\n"] {
      #expect(readYAML(text) == Reading(tree: "", problems: []))
    }
  }
}

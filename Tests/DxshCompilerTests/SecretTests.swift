import DxshCompiler
import DxshExpressions
import DxshPlan
import DxshSyntax
import DxshTestSupport
import Testing

/// Where secrets may go and what is made of them, and what connections become.
struct SecretTests {
  static let library = NodeLibrary([
    "t": """
    node t.make<T>(value: T) -> T
      effect read
      timeout(1s)
    node t.get(url: string, headers: map<string, secret<string>> = {}, pin: secret<int>? = none) -> { status: int }
      effect read
      timeout(1s)
    node t.login<T>(user: { name: string, word: secret<string> }, extra: T) -> T
      effect read
      timeout(1s)
    """,
    "db": """
    connection db(url: secret<string>, pool: int = 8, note: string?)
    node db.query<T>(connection: connection<db>, params: list<json> = []) -> list<T>
      effect read
      timeout(1s)
    """,
  ])

  static let secrets = """
    secret token: string = env("TOKEN")
    secret pin: int = env("PIN")
    secret flag: bool = env("FLAG")
    """

  private func compilation(_ body: String, before: String = secrets, signature: String = "") -> Compilation {
    let text = "\(before)\nworkflow w(\(signature)) {\n\(body)\n}\n"
    return compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library)
  }

  /// The codes that the body of a workflow gives, in order.
  private func codes(_ body: String, before: String = secrets, signature: String = "") -> [String] {
    compilation(body, before: before, signature: signature).mistakes.map(\.code.rawValue)
  }

  /// The type of `x` after the body.
  private func type(_ body: String) -> String {
    let compilation = compilation("\(body)\nlet keep = t == none", signature: "t: int?")
    return compilation.plans.first?.body.slots.first { $0.name == "x" }?.type.description
      ?? "\(compilation.mistakes.map(\.message))"
  }

  // MARK: - Secrets

  @Test func declarations() {
    #expect(codes("", before: "secret s = env(\"S\")\nsecret d: duration = env(\"D\")") == [])
    #expect(codes("", before: "secret s: string = \"abc\"") == ["E0705"])
    #expect(codes("", before: "secret s: string = \"a${1}\"") == ["E0705"])
    for source in ["vault(\"S\")", "env(name)", "env()", "env(\"\")", "env(name: \"S\")", "x"] {
      #expect(codes("", before: "secret s: string = \(source)") == ["E0204"], "\(source)")
    }
    for type in ["list<string>", "string?", "secret<string>", "json", "{ a: int }"] {
      #expect(codes("", before: "secret s: \(type) = env(\"S\")") == ["E0204"], "\(type)")
    }
    #expect(codes("", before: "secret s: strin = env(\"S\")") == ["E0103"])
    #expect(codes("", before: "secret s = env(\"S\")\nsecret s = env(\"T\")") == ["E0102"])
    #expect(codes("", signature: "x: secret") == ["E0103"])
  }

  @Test func whatIsMadeOfASecretIsSecret() {
    #expect(type("let x = \"Bearer ${token}\"") == "secret<string>")
    #expect(type("let x = pin + 1") == "secret<int>")
    #expect(type("let x = !flag") == "secret<bool>")
    #expect(type("let x = token.size() > pin") == "secret<bool>")
    #expect(type("let x = pin in [1, 2]") == "secret<bool>")
    #expect(type("let x = try(int(token))") == "secret<int?>")
    #expect(type("let x = try(int(token)).orValue(0)") == "secret<int>")
    #expect(type("let x = try(int(token)).hasValue()") == "secret<bool>")
    #expect(type("let x = [1, 2].map(n, n + pin)") == "list<secret<int>>")
    #expect(type("let x = [1, 2].exists(n, n == pin)") == "secret<bool>")
    #expect(type("let x = [1, 2].sortBy(n, n - pin)") == "secret<list<int>>")
    #expect(type("let x = [1, 2].groupBy(n, n - pin)") == "secret<map<int, list<int>>>")
    #expect(type("let x = [1, 2].sortBy(n, n - pin)[?0]") == "secret<int?>")
    #expect(type("let x = [1, 2].sortBy(n, n - pin).map(n, n)") == "secret<list<int>>")
    #expect(type("let x = [1, 2][?pin]") == "secret<int?>")
    #expect(type("let x = try(json.parse(token) as { a: int })") == "secret<{ a: int }?>")
    #expect(type("let x = t.hasValue() ? token : \"a\"") == "secret<string>")
  }

  @Test func partsKeepTheirOwn() {
    #expect(type("let r = { a: token, b: 1 }\nlet x = r.b") == "int")
    #expect(type("let r = { a: token, b: 1 }\nlet x = r.a") == "secret<string>")
    #expect(type("let x = [\"a\", token]") == "list<secret<string>>")
    #expect(type("let x = { \"a\": token, \"b\": \"c\" }[?\"a\"]") == "secret<string>?")
    #expect(type("let m = { \"a\": token }\nlet x = m[?\"a\"].hasValue()") == "bool")
    #expect(type("let m = { \"a\": token }\nlet x = m[?\"a\"] != none") == "bool")
    #expect(type("let m = { \"a\": token }\nlet x = m[?\"a\"] == \"b\"") == "secret<bool>")
    #expect(type("let m = { \"a\": token }\nlet x = m[?\"a\"].orValue(\"\")") == "secret<string>")
    #expect(codes("let m = { \"a\": token }[?\"a\"]\nif m.hasValue() {\n let x = m + \"b\"\n}") == [])
    #expect(codes("let m = { \"a\": token }[?\"a\"]\nassert m != none, \"\"\nif m.hasValue() {\n let x = m\n}") == [])
    #expect(codes("let m = try(int(token))\nif m.hasValue() {\n let x = m\n}") == ["E0706"])
    #expect(codes("let m = try(int(token))\nif m == none {\n let x = m\n}") == ["E0706"])
  }

  @Test func aSecretGoesWhereOneIsExpected() {
    #expect(codes("step a = t.get(url: \"u\", headers: { auth: token, accept: \"x\" }, pin: pin)") == [])
    #expect(codes("step a = t.get(url: \"u\", headers: { \"auth\": token + \"x\" }, pin: 3)") == [])
    #expect(codes("let h = { \"a\": \"b\" }\nstep a = t.get(url: \"u\", headers: h)") == [])
    #expect(codes("step a = t.login(user: { name: \"n\", word: token }, extra: 1)\nlet b: int = a") == [])
    #expect(codes("let x: secret<string> = \"a\"\nlet y: list<secret<double>> = [1, 2.5]") == [])
    #expect(codes("step a = t.get(url: \"u\", pin: token)") == ["E0201"])
    #expect(codes("step a = t.get(url: \"u\", headers: { auth: pin })") == ["E0201"])
  }

  @Test func theReverseNever() {
    #expect(codes("let x: string = token") == ["E0201"])
    #expect(codes("let x = token as string") == ["E0201"])
    #expect(codes("let x: json = { a: [token] }") == ["E0201"])
    #expect(codes("let x: list<string> = [\"a\", token]") == ["E0201"])
    #expect(codes("step a = t.get(url: token)") == ["E0703"])
    #expect(codes("step a = t.get(url: \"x/${pin}\")") == ["E0703"])
    #expect(codes("step a = t.login(user: { name: token, word: token }, extra: 1)") == ["E0703"])
    #expect(codes("step a = t.get(url: \"u\") with retry(pin)") == ["E0703"])
    #expect(codes("for i in [1] with parallel(pin) {\n let x = i\n}") == ["E0703"])
  }

  @Test func nothingThatIsKeptHasOne() {
    #expect(codes("step a = t.make(value: token)") == ["E0702"])
    #expect(codes("step a = t.make(value: [{ a: 1, b: token }])") == ["E0702"])
    #expect(codes("step a = t.login(user: { name: \"n\", word: token }, extra: token)") == ["E0702"])
    #expect(codes("step a = t.make(value: 1) as secret<int>") == ["E0702"])
    #expect(codes("output token") == ["E0702"])
    #expect(codes("output { a: [{ b: pin }] }") == ["E0702"])
    #expect(codes("let x = 1", signature: "k: secret<string>") == ["E0702"])
    #expect(codes("let x = 1", signature: "k: list<{ a: secret<int>? }>") == ["E0702"])
    #expect(codes("output token\n}\nworkflow v() -> secret<string> {\n output token") == ["E0702", "E0702"])
    #expect(codes("output token\n}\nworkflow v() -> string {\n output token") == ["E0702", "E0702"])
    let node = "node x.y() -> { a: secret<string> }\n effect read"
    #expect(codes("", before: "\(node)\n\(Self.secrets)") == ["E0702"])
    #expect(codes("output { a: 1 }\n}\nworkflow v(t: string = token) {") == ["E0101"])
  }

  @Test func noneDecides() {
    for body in [
      "if flag {\n let x = 1\n}", "assert flag, \"no\"", "let x = flag ? 1 : 2", "let x = flag && t.hasValue()",
      "let x = t.hasValue() || flag", "let x = [1].filter(n, n == pin)", "let x = [1].map(n, n == pin, n)",
      "for n in [1].sortBy(n, n - pin) {\n let x = n\n}", "let x = t.hasValue() ? (pin > 1 ? 1 : 2) : 3",
    ] {
      #expect(codes(body, signature: "t: int?") == ["E0706"], "\(body)")
    }
  }

  @Test func messagesHaveNone() {
    #expect(codes("fail token") == ["E0701"])
    #expect(codes("assert true, \"the ${pin}\"") == ["E0701"])
  }

  @Test func loopsKeepThemInMemory() {
    let loop = "for u in [token, \"a\"] collect f {\n step a = t.get(url: \"u\", headers: { auth: u })\n let y = u\n}\n"
    #expect(codes(loop) == [])
    #expect(codes(loop + "let n: int = a.size()\nlet z = f.map(e, e.error.kind)") == [])
    #expect(codes(loop + "output y") == ["E0702"])
    #expect(codes(loop + "output f") == ["E0702"])
    #expect(codes(loop + "output f.map(e, e.item)") == ["E0702"])
  }

  @Test func declassifyIsTheDoor() {
    #expect(codes("output declassify(token, reason: \"a test\")") == [])
    #expect(codes("if declassify(pin > 3, reason: \"a test\") {\n fail \"no\"\n}") == [])
    #expect(codes("let x: { a: string } = declassify({ a: token }, reason: \"a test\")") == [])
    for call in [
      "(pin)", "(pin, \"why\")", "(pin, reason: \"\")", "(pin, reason: \"a${1}\")", "()", "(e: pin, reason: \"a\")",
    ] {
      #expect(codes("let x = declassify\(call)") == ["E0203"], "\(call)")
    }
    #expect(codes("let x = declassify(1, reason: \"a test\")") == ["E0204"])
  }

  @Test func diagnosticsNameTheSecretBehind() {
    let messages = [
      "let a = { b: \"x ${token}\" }\nlet c = a.b\noutput [c]": "the secret `token` would be kept in the output",
      "for p in [pin] {\n let u = p + 1\n}\noutput u": "the secret `pin` would be kept in the output",
      "let x = [token].map(u, { a: u }).filter(u, u.a == \"\")":
        "the secret `token` would decide what is done, which everybody sees",
      "let a: secret<int> = 3\nfail \"${a}\"": "a secret would stand in a message",
    ]
    for (body, message) in messages {
      #expect(compilation(body).mistakes.map(\.message) == [message])
    }
  }

  // MARK: - Names of the file

  @Test func namesOfTheFileAreNotBoundAgain() {
    #expect(codes("let token = 1") == ["E0102"])
    #expect(codes("let token = 1\nlet x = token + 1") == ["E0102"])
    #expect(codes("", signature: "token: string") == ["E0102"])
    #expect(codes("for x in [1] {\n let token = x\n}") == ["E0102"])
    #expect(codes("for token in [1] {\n let x: int = token\n}") == [])
    #expect(codes("let x = [1].map(token, token + 1)\nlet y: list<int> = x") == [])
    #expect(compilation("let x = tokn").mistakes.first?.help == "did you mean `token`?")
  }
}

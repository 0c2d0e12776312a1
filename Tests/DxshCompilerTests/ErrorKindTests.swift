import DxshCompiler
import DxshSyntax
import DxshTestSupport
import Testing

/// What the checker knows of the kinds of failure (rules 37 and 60).
struct ErrorKindTests {
  private static let library = NodeLibrary([
    "t": """
    node t.make<T>(value: T) -> T effect read timeout(1s)
    node t.send(value: int) -> int effect once throws refused timeout(1s)
    """
  ])

  private func diagnostics(_ text: String) -> [Diagnostic] {
    compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library).mistakes
  }

  private func codes(_ text: String) -> [String] { diagnostics(text).map(\.code.rawValue) }

  /// The names that a `match` of the kind must have, as the diagnostic of one that has none of them says.
  private func kinds(inHandlerOf body: String, header: String = "w()", before: String = "") -> String {
    let text = "\(before)\nworkflow \(header) {\n try {\n\(body)\n } catch e {\n match e.kind { } \n } \n}\n"
    return diagnostics(text).first { $0.code == .inexhaustiveMatch }?.message ?? ""
  }

  private let everywhere = ["arithmetic", "assertion", "decode", "failed", "limit"]

  private func expect(_ message: String, _ more: [String]) {
    let expected = (everywhere + more).sorted().map { "`\($0)`" }
    #expect(expected.allSatisfy(message.contains), "\(message)")
    #expect(message.split(separator: "`").count / 2 == expected.count + 1, "\(message)")
  }

  @Test func aHandlerKnowsWhatItsBodyCanEndWith() {
    expect(kinds(inHandlerOf: "assert 1 > 2, \"no\""), [])
    expect(kinds(inHandlerOf: "step a = t.make(value: 1)"), ["timeout"])
    expect(kinds(inHandlerOf: "step a = t.send(value: 1)"), ["timeout", "indeterminate", "refused"])
    expect(
      kinds(inHandlerOf: "step a = t.send(value: 1) with assume(read, reason: \"a test\")"), ["timeout", "refused"])
    expect(kinds(inHandlerOf: "fail sold_out, \"no\"", header: "w() throws sold_out"), ["sold_out"])
    expect(kinds(inHandlerOf: "repeat n = 0 with max(3) {\n next n + 1 while n < 2\n}"), ["exhausted"])
    expect(
      kinds(inHandlerOf: "for i in [1] {\n fail sold_out, \"no\"\n}", header: "w() throws sold_out"), ["sold_out"])
  }

  @Test func whatIsHandledInsideIsNotAmongThem() {
    expect(
      kinds(
        inHandlerOf: "for i in [1] with on_error(skip) {\n fail sold_out, \"no\"\n}", header: "w() throws sold_out"),
      [])
    expect(
      kinds(
        inHandlerOf: "try {\n fail sold_out, \"no\"\n} catch f {\n fail late, \"no\"\n}",
        header: "w() throws sold_out, late"), ["late"])
  }

  @Test func aCalledWorkflowHandsOnWhatItThrows() {
    expect(
      kinds(
        inHandlerOf: "step a = inner()",
        before: "workflow inner() throws sold_out {\n step a = t.send(value: 1)\n fail sold_out, \"no\"\n}"),
      ["sold_out", "timeout", "indeterminate", "refused"])
  }

  @Test func aKindIsComparedByItsName() {
    func handler(_ text: String) -> [String] {
      codes("workflow w() {\n try {\n step a = t.send(value: 1)\n } catch e {\n \(text)\n }\n}\n")
    }
    #expect(handler("if e.kind == refused { }") == [])
    #expect(handler("if e.kind in [refused, timeout] { }") == [])
    #expect(handler("let text: string = \"${e.kind}\" + string(e.kind)") == [])
    #expect(handler("if e.kind == \"refused\" { }") == ["E0204"])
    #expect(handler("if e.kind == rejected { }") == ["E0101"])
    #expect(handler("if e.kind in [refused, rejected] { }") == ["E0101"])
    #expect(handler("match e.kind {\n rejected => { }\n _ => { }\n}") == ["E0101"])
  }

  @Test func kindsOfTwoHandlersHaveAType() {
    #expect(
      codes(
        """
        workflow w(first: bool) {
          if first {
            try { step a = t.make(value: 1) } catch e { let kind = e.kind }
          } else {
            try { step b = t.send(value: 1) } catch e { let kind = e.kind }
          }
          let known = kind == refused
        }
        """) == [])
  }

  @Test func whatALoopCollectsAndFinallySeesHasAKind() {
    #expect(
      codes(
        """
        workflow w() {
          for i in [1, 2] collect failures {
            step a = t.send(value: i)
          }
          let refusals = failures.filter(f, f.error.kind == refused)
          let other = failures.filter(f, f.error.kind == cancelled)
          finally {
            let why = run.error.optMap(e, e.kind == cancelled || e.kind == failed)
          }
        }
        """) == ["E0101"])
  }

  /// An own kind is declared, so a misspelt one is found where it stands and nowhere else.
  @Test func aKindOfItsOwnIsDeclared() {
    #expect(codes("workflow w() {\n fail sold_out, \"no\"\n}") == ["E0308"])
    #expect(codes("workflow w() {\n fail rejected, \"no\"\n}") == [])
    #expect(codes("workflow w() throws a, a {\n fail a, \"no\"\n}") == ["E0102"])
    #expect(codes("workflow inner() throws a {\n fail a, \"no\"\n}\nworkflow w() {\n step x = inner()\n}") == [])
    let found = diagnostics(
      """
      workflow w() throws sold_out {
        try { fail sold_ot, "no" } catch e {
          match e.kind { sold_out => { } _ => { } }
        }
      }
      """)
    #expect(found.map(\.code) == [.undeclaredError])
    #expect(found.first?.fix?.edits.map(\.replacement) == ["sold_out"])
  }

  @Test func aDeclaredKindIsThrown() {
    func all(_ text: String) -> [String] {
      compile(SourceFile(id: FileID(0), name: "test", text: text), library: Self.library)
        .diagnostics.map(\.code.rawValue)
    }
    #expect(all("workflow w() throws sold_out {\n step a = t.make(value: 1)\n}") == ["W0001"])
    #expect(all("workflow w() throws refused {\n step a = t.send(value: 1)\n}") == [])
    #expect(all("workflow w() throws a {\n try { fail a, \"no\" } catch e { step b = t.make(value: 1) }\n}") == [])
  }

  @Test func aRetryIsForWhatAnAttemptEndsWith() {
    func step(_ kinds: String) -> [String] {
      codes("workflow w() {\n step a = t.make(value: 1) with retry(2, only: [\(kinds)])\n}")
    }
    #expect(step("timeout, decode, failed") == [])
    #expect(step("exhausted") == ["E0307"])
    #expect(step("time_out") == ["E0101"])
  }
}

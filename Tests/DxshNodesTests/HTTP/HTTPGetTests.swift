import DxshExpressions
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import Testing

/// What comes back from a GET, and what is sent.
@Suite struct HTTPGetTests {
  private static let json = HTTPServerAnswer.text(#"{"items":[{"id":1},{"id":2}]}"#)

  @Test func aBodyIsJSONOfTheTypeThatIsAskedFor() async throws {
    let server = HTTPServer { _ in Self.json }
    let plain = try await HTTPCall.get(server.url()).run()
    #expect(plain["status"] == .int(200))
    #expect(plain["body"].summary == "a map")
    let listing = Type.record(RecordType([.init("items", .list(.record(RecordType([.init("id", .int)]))))]))
    let typed = try await HTTPCall.get(server.url(), as: listing).run()
    guard case .list(let items) = typed["body"]["items"] else {
      Issue.record("no list")
      return
    }
    #expect(items.map { $0["id"] } == [.int(1), .int(2)])
    #expect(
      try await HTTPCall.get(server.url(), as: .optional(listing)).run()["body"]["items"].summary == "a list of 2")
  }

  @Test func aBodyIsTextOrBytes() async throws {
    let server = HTTPServer { request in
      request.target == "/bad" ? .response(200, [:], [0x61, 0xFF]) : .text("grüße")
    }
    #expect(try await HTTPCall.get(server.url(), as: .string).run()["body"].string == "grüße")
    #expect(try await HTTPCall.get(server.url("/bad"), as: .bytes).run()["body"] == .bytes([0x61, 0xFF]))
    let failure = await HTTPCall.get(server.url("/bad"), as: .string).failure()
    #expect(failure == NodeFailure("decode", "the body from \(server.url("/bad")) is not UTF-8 text: see its byte 2"))
  }

  @Test func anEmptyBodyIsNothing() async throws {
    let server = HTTPServer { _ in .response(204) }
    #expect(try await HTTPCall.get(server.url()).run()["body"] == .null)
    #expect(try await HTTPCall.get(server.url(), as: .optional(.int)).run()["body"].isNone)
    #expect(try await HTTPCall.get(server.url(), as: .optional(.string)).run()["body"].isNone)
    #expect(try await HTTPCall.get(server.url(), as: .string).run()["body"].string == "")
    #expect(await HTTPCall.get(server.url(), as: .int).failure()?.kind == "decode")
  }

  @Test func whatIsNoJSONFails() async {
    let server = HTTPServer { _ in .text("<html>", ["Content-Type": "text/html"]) }
    #expect(
      await HTTPCall.get(server.url("/x?token=1")).failure()
        == NodeFailure(
          "decode",
          "the body from \(server.url("/x")) (text/html) is no JSON: line 1, column 1: expected a value, found '<'"))
  }

  @Test func headersAreInLowerCaseAndJoined() async throws {
    let server = HTTPServer { _ in
      .raw("HTTP/1.1 200 OK\r\nX-A: one\r\nCONTENT-TYPE: a/b \r\nx-a:two\r\nX-Long: a\r\n  b\r\nX-None:\r\n\r\n")
    }
    let response = try await HTTPCall.get(server.url()).run()
    #expect(response.header("x-a") == "one, two")
    #expect(response.header("content-type") == "a/b")
    #expect(response.header("x-long") == "a b")
    #expect(response.header("x-none") == "")
  }

  @Test func interimAnswersDoNotCount() async throws {
    let server = HTTPServer { _ in
      .raw("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Late: 1\r\nContent-Length: 1\r\n\r\n7")
    }
    let response = try await HTTPCall.get(server.url()).run()
    #expect(response["status"] == .int(200) && response["body"] == .int(7))
    #expect(response.header("x-early") == nil && response.header("x-late") == "1")
  }

  @Test func chunksMakeOneBody() async throws {
    let server = HTTPServer { _ in .chunked([:], [Array("[1,".utf8), Array("2]".utf8)]) }
    #expect(try await HTTPCall.get(server.url(), as: .list(.int)).run()["body"] == .list([.int(1), .int(2)]))
    #expect(try await HTTPCall.get(server.url(), as: .list(.int)).run()["body"] == .list([.int(1), .int(2)]))
    #expect(server.counts.connections == 1)
  }

  @Test func statusesFromFourHundredFail() async throws {
    let server = HTTPServer { request in
      switch request.target {
      case "/binary": .response(500, [:], [0, 1, 2])
      case "/empty": .response(599)
      case "/long": .text(String(repeating: "é", count: 300), status: 503)
      case "/last": .text("still a result", status: 399)
      default: .text("no\tsuch\r\nthing\u{1B}[31m", status: 404)
      }
    }
    let url = "http://ada:pw@\(server.authority)/a/b?token=secret#part"
    #expect(
      await HTTPCall.get(url).failure()
        == NodeFailure("status", "404 Not Found from \(server.url("/a/b")): no such thing [31m"))
    let allowed = try await HTTPCall.get(url, as: .string).with { $0.allowStatus = true }.run()
    #expect(allowed["status"] == .int(404) && allowed["body"].string == "no\tsuch\r\nthing\u{1B}[31m")
    #expect(
      await HTTPCall.get(server.url("/binary")).failure()?.message
        == "500 Internal Server Error from \(server.url("/binary"))")
    #expect(await HTTPCall.get(server.url("/empty")).failure()?.message == "599 from \(server.url("/empty"))")
    #expect(
      await HTTPCall.get(server.url("/long")).failure()?.message
        == "503 Service Unavailable from \(server.url("/long")): \(String(repeating: "é", count: 100))…")
    #expect(try await HTTPCall.get(server.url("/last"), as: .string).run()["status"] == .int(399))
  }

  @Test func whatIsSent() async throws {
    let server = HTTPServer { _ in .text("1") }
    _ = try await HTTPCall.get("http://ada:p%40w@\(server.authority)/a%20b/../c?q=ä#part")
      .with { $0.headers = ["X-Empty": "", "X-Blank": " \t", "X-Text": "grün"] }.run()
    let request = try #require(server.requests.first)
    #expect(request.method == "GET" && request.target == "/c?q=%c3%a4")
    #expect(request["user-agent"] == "dxsh/0.1.0")
    #expect(request["authorization"] == "Basic YWRhOnBAdw==")
    #expect(request["x-empty"] == "" && request["x-blank"] == "" && request["x-text"] == "grün")
    #expect(request["accept-encoding"]?.contains("gzip") == true)
    #expect(request["idempotency-key"] == nil && request["content-type"] == nil && request["expect"] == nil)
    _ = try await HTTPCall.get(server.url()).with { $0.headers = ["user-agent": "mine", "Accept": "a/b"] }.run()
    #expect(server.requests.last?["user-agent"] == "mine" && server.requests.last?["accept"] == "a/b")
  }

  @Test func dxshNamesItselfWithItsVersion() throws {
    let source = try #require(Repository.read("Sources/dxsh/Dxsh.swift"))
    #expect(source.contains("static let version = \"0.1.0\""), "UserAgent.text has the version too")
  }

  @Test(arguments: [
    ("", "the url is no absolute http or https address"),
    ("/relative", "the url is no absolute http or https address"),
    ("example.com/x", "the url is no absolute http or https address"),
    ("http://", "the url is no absolute http or https address"),
    ("http://h:99999/", "the url is no absolute http or https address"),
    ("http://[::1/", "the url is no absolute http or https address"),
    ("http://[::g]/", "the url is no absolute http or https address"),
    ("http://a b/", "the url is no absolute http or https address; percent-encode spaces and control characters"),
    ("http://h/a b", "the url is no absolute http or https address; percent-encode spaces and control characters"),
    ("http://h/\r\nX: y", "the url is no absolute http or https address; percent-encode spaces and control characters"),
    ("http://h/\0", "the url is no absolute http or https address; percent-encode spaces and control characters"),
    ("file:///etc/passwd", "the url has the scheme file, but only http and https are allowed"),
    ("ftp://h/x", "the url has the scheme ftp, but only http and https are allowed"),
    ("javascript:alert(1)", "the url is no absolute http or https address"),
  ])
  func urlsAreAbsolute(url: String, message: String) async {
    #expect(await HTTPCall.get(url).failure() == NodeFailure("url", message))
  }

  @Test(arguments: [
    (["A B": "x"], #""A B" is no name of a header"#), (["": "x"], #""" is no name of a header"#),
    (["A:": "x"], #""A:" is no name of a header"#), (["Ä": "x"], #""Ä" is no name of a header"#),
    (["A\r\nB": "x"], #""A B" is no name of a header"#),
    (["X-Key": "secret\r\nX-Other: 1"], #"the value of the header "X-Key" holds a line break or a control character"#),
    (["X-Key": "secret\n"], #"the value of the header "X-Key" holds a line break or a control character"#),
    (["X-Key": "a\0b"], #"the value of the header "X-Key" holds a line break or a control character"#),
    (["Content-Length": "5"], #"the header "Content-Length" cannot be given: it follows from the rest of the request"#),
    (
      ["transfer-encoding": "chunked"],
      #"the header "transfer-encoding" cannot be given: it follows from the rest of the request"#
    ),
    (["Host": "other"], #"the header "Host" cannot be given: it follows from the rest of the request"#),
    (["accept": "a", "Accept": "b"], #"the header "accept" is given twice"#),
  ])
  func headersAreChecked(headers: [String: String], message: String) async {
    let call = HTTPCall.get("http://127.0.0.1:1/").with { $0.headers = headers }
    #expect(await call.failure() == NodeFailure("request", message))
  }

  @Test func addressesOfIPv6AreTaken() async throws {
    let server = HTTPServer(on: .ipv6) { _ in .text("6") }
    #expect(try await HTTPCall.get(server.url(), as: .int).with { $0.hosts = ["::1"] }.run()["body"] == .int(6))
    #expect(try await HTTPCall.get(server.url(), as: .int).with { $0.hosts = ["[::1]"] }.run()["body"] == .int(6))
    #expect(server.requests.first?["host"] == server.authority)
  }
}

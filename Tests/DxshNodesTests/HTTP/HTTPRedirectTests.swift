import DxshExpressions
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import Testing

/// Where redirects lead, and what goes along.
@Suite struct HTTPRedirectTests {
  /// Redirects `/go/STATUS` to `location`, and answers everything else with what came.
  private static func server(to location: String = "/there?q=1") -> HTTPServer {
    HTTPServer { request in
      let words = request.target.split { "/?".contains($0) }
      if words.first == "go", let status = Int(words[1]) { return .redirect(status, to: location) }
      return .text("\(request.method) \(request.target) \(request.text)")
    }
  }

  @Test(arguments: [
    (301, "POST", "GET /there?q=1 "), (302, "POST", "GET /there?q=1 "), (303, "POST", "GET /there?q=1 "),
    (307, "POST", "POST /there?q=1 data"), (308, "POST", "POST /there?q=1 data"),
    (301, "PUT", "PUT /there?q=1 data"), (302, "PATCH", "PATCH /there?q=1 data"), (303, "PUT", "GET /there?q=1 "),
    (307, "DELETE", "DELETE /there?q=1 data"),
  ])
  func methodsChangeByTheRules(status: Int, method: String, expected: String) async throws {
    let server = Self.server()
    let response = try await HTTPCall.request(method, server.url("/go/\(status)"), body: "data").run()
    #expect(response["body"].string == expected)
    let last = try #require(server.requests.last)
    #expect((last["content-type"] == nil) == expected.hasPrefix("GET"))
    #expect((last["idempotency-key"] == nil) == expected.hasPrefix("GET"))
    #expect(server.counts.connections <= 2)
  }

  @Test func aRedirectWithoutAPlaceIsAResult() async throws {
    let server = HTTPServer { request in request.target == "/304" ? .response(304) : .text("choose", status: 300) }
    #expect(try await HTTPCall.get(server.url("/304")).run()["status"] == .int(304))
    #expect(try await HTTPCall.get(server.url("/300"), as: .string).run()["body"].string == "choose")
  }

  @Test(arguments: [
    ("//[HOST]/x", "/x"), ("/a b/ü", "/a%20b/%c3%bc"), ("x", "/go/x"), ("?y", "/go/302?y"), ("../../../up", "/up"),
    ("http://ada:pw@[HOST]/x#part", "/x"),
  ])
  func placesMayBeRelative(location: String, target: String) async throws {
    let server = HTTPServer { request in
      guard request.target == "/go/302", let host = request["host"] else { return .text("1") }
      let place = location.replacing("[HOST]", with: host)
      return .raw("HTTP/1.1 302 Found\r\nLocation: \(place)\r\nContent-Length: 0\r\n\r\n")
    }
    _ = try await HTTPCall.get(server.url("/go/302")).run()
    #expect(server.requests.last?.target == target)
    #expect(server.requests.last?["authorization"] == nil)
  }

  @Test(arguments: [
    ("ftp://h/x", "redirects to what has the scheme ftp, but only http and https are allowed"),
    ("file:///etc/passwd", "redirects to what has the scheme file, but only http and https are allowed"),
    ("http://", "redirects to what is no absolute http or https address"),
  ])
  func otherSchemesAreRefused(location: String, message: String) async {
    let server = Self.server(to: location)
    let failure = await HTTPCall.get(server.url("/go/302?token=1")).failure()
    #expect(failure == NodeFailure("url", "\(server.url("/go/302")) \(message)"))
  }

  @Test func tenRedirectsAreFollowed() async throws {
    let server = HTTPServer { request in
      guard let number = Int(request.target.dropFirst()), number > 0 else { return .text("1") }
      return .redirect(302, to: "/\(number - 1)")
    }
    #expect(try await HTTPCall.get(server.url("/10")).run()["body"] == .int(1))
    let before = server.counts.requests
    #expect(
      await HTTPCall.get(server.url("/11")).failure()
        == NodeFailure("status", "there were more than 10 redirects, the last of them to \(server.url("/0"))"))
    #expect(server.counts.requests == before + 11)
  }

  @Test func hostsLimitEveryHop() async throws {
    let other = HTTPServer { _ in .text("1") }
    let server = Self.server(to: "http://localhost:\(other.port)/x?token=1")
    let listed = HTTPCall.get(server.url("/go/302")).with { $0.hosts = ["127.0.0.1", "LOCALHOST"] }
    #expect(try await listed.run()["body"] == .int(1))
    #expect(
      await listed.with { $0.hosts = ["127.0.0.1"] }.failure()
        == NodeFailure(
          "url", "\(server.url("/go/302")) redirects to the host localhost, which `hosts` does not list"))
    #expect(other.counts.requests == 1)
    let before = server.counts.requests
    #expect(
      await listed.with { $0.hosts = ["localhost"] }.failure()
        == NodeFailure("url", "the url leads to the host 127.0.0.1, which `hosts` does not list"))
    #expect(server.counts.requests == before)
  }

  @Test func secretsStayWithTheirServer() async throws {
    let other = HTTPServer { request in .text("\(request.target)") }
    let server = Self.server(to: "http://127.0.0.1:\(other.port)/x")
    let headers = [
      "Authorization": "Bearer s", "Cookie": "s", "X-Api-Key": "s", "Accept": "a/b", "Content-Type": "c/d",
    ]
    let url = server.url("/go/307")
    let call = HTTPCall.post(.text("body"), to: url, as: .string).with { $0.headers = headers }
    _ = try await call.run()
    let kept = try #require(server.requests.last)
    #expect(kept["authorization"] == "Bearer s" && kept["cookie"] == "s" && kept["x-api-key"] == "s")
    let sent = try #require(other.requests.last)
    #expect(sent["authorization"] == nil && sent["cookie"] == nil && sent["x-api-key"] == nil)
    #expect(sent["accept"] == "a/b" && sent["content-type"] == "c/d" && sent["idempotency-key"] == "key")
    #expect(sent["user-agent"] == "dxsh/0.1.0" && sent.text == "body")

    _ = try await HTTPCall.get("http://ada:pw@\(server.authority)/go/302", as: .string).run()
    #expect(server.requests.last?["authorization"] == "Basic YWRhOnB3")
    #expect(other.requests.last?["authorization"] == nil)
  }

  @Test func secretsStayWithinOneOrigin() async throws {
    let server = Self.server(to: "/x")
    _ = try await HTTPCall.get(server.url("/go/302"), as: .string).with { $0.headers = ["X-Api-Key": "s"] }.run()
    #expect(server.requests.map { $0["x-api-key"] } == ["s", "s"])
  }

  @Test func secretsAreNotTakenUpAgainOnTheWayBack() async throws {
    let home = HTTPServer { request in
      request.target == "/end" ? .text("1") : .redirect(302, to: String(request.target.dropFirst()))
    }
    let away = HTTPServer { request in .redirect(302, to: String(request.target.dropFirst())) }
    let call = HTTPCall.get(home.url("/\(away.url("/\(home.url("/end"))"))")).with { $0.headers = ["X-Api-Key": "s"] }
    #expect(try await call.run()["body"] == .int(1))
    #expect(home.requests.map { $0["x-api-key"] } == ["s", nil])
  }

  @Test func aLongBodyOfARedirectIsNotRead() async throws {
    let server = HTTPServer { request in
      request.target == "/"
        ? .endless("HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n", String(repeating: "text", count: 1000)) : .text("1")
    }
    #expect(try await HTTPCall.get(server.url()).run()["body"] == .int(1))
  }
}

import DxshExpressions
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import Testing

/// What `http.post` and `http.request` send, and whether they know what came of it.
@Suite struct HTTPPostTests {
  @Test(arguments: [
    (Value.text("grüße"), "text/plain; charset=utf-8", Array("grüße".utf8)),
    (.bytes([0, 255]), "application/octet-stream", [0, 255]),
    (.list([.int(1), .none]), "application/json", Array("[1,null]".utf8)),
    (.int(7), "application/json", Array("7".utf8)),
    (.text(""), "text/plain; charset=utf-8", []),
  ])
  func bodiesAreSent(value: Value, type: String, bytes: [UInt8]) async throws {
    let server = HTTPServer { _ in .text("1") }
    _ = try await HTTPCall.post(value, to: server.url()).run()
    let request = try #require(server.requests.first)
    #expect(request.method == "POST" && request["content-type"] == type && request["expect"] == nil)
    #expect(request.body == bytes && request["content-length"] == "\(bytes.count)")
  }

  @Test func aLargeBodyIsSentWithoutAsking() async throws {
    let server = HTTPServer { _ in .text("1") }
    let text = String(repeating: "x", count: 3_000_000)
    _ = try await HTTPCall.post(.text(text), to: server.url()).run()
    let request = try #require(server.requests.first)
    let isSame = request.body.elementsEqual(text.utf8)
    #expect(isSame && request["expect"] == nil)
  }

  @Test func aGivenTypeCounts() async throws {
    let server = HTTPServer { _ in .text("1") }
    _ = try await HTTPCall.post(.text("<a/>"), to: server.url()).with { $0.headers = ["content-type": "a/xml"] }.run()
    #expect(server.requests.first?.fields.filter { $0.name.lowercased() == "content-type" }.map(\.value) == ["a/xml"])
  }

  @Test func whatJSONCannotSayIsNotSent() async {
    let failure = await HTTPCall.post(.list([.double(.infinity)]), to: "http://127.0.0.1:1/").failure()
    #expect(failure == NodeFailure("request", "body[0]: JSON has no inf"))
  }

  @Test(arguments: ["PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "M-SEARCH", "GET"])
  func methodsAreSent(method: String) async throws {
    let server = HTTPServer { request in .text("\(request.method) \(request.text)") }
    #expect(
      try await HTTPCall.request(method, server.url(), body: "data").run()["body"].string == "\(method) data")
    #expect(try await HTTPCall.request(method, server.url()).run()["body"].string == "\(method) ")
    #expect(server.requests.last?["content-type"] == nil)
  }

  @Test func aHeadHasNoBody() async throws {
    let server = HTTPServer { _ in .text("body") }
    let response = try await HTTPCall.request("head", server.url()).run()
    #expect(response["body"].string == "" && response.header("content-length") == "4")
    #expect(server.requests.first?.method == "HEAD")
  }

  @Test(arguments: ["", "A B", "GET /x HTTP/1.1\r\n", "Ä", "CONNECT", "connect"])
  func methodsAreTokens(method: String) async {
    #expect(await HTTPCall.request(method, "http://127.0.0.1:1/").failure()?.kind == "request")
  }

  @Test func everyAttemptHasTheSameKey() async throws {
    let server = HTTPServer { _ in .text("1") }
    for attempt in 1...3 {
      _ = try await HTTPCall.post(.int(1), to: server.url()).with { $0.attempt = attempt }.run()
      _ = try await HTTPCall.request("PUT", server.url()).with { $0.attempt = attempt }.run()
    }
    #expect(server.requests.map { $0["idempotency-key"] } == Array(repeating: "key", count: 6))
    _ = try await HTTPCall.post(.int(1), to: server.url()).with { $0.headers = ["idempotency-key": "mine"] }.run()
    #expect(server.requests.last?["idempotency-key"] == "mine")
  }

  // MARK: - What is known afterwards

  private static let long = String(repeating: "text", count: 10_000)

  @Test func withoutAConnectionNothingHappened() async throws {
    for url in ["http://127.0.0.1:1/", "http://nothing.invalid/"] {
      let failure = try #require(await HTTPCall.post(.int(1), to: url).failure())
      #expect(failure.kind == "unavailable" && !failure.isOutcomeUnknown)
      #expect(failure.message.hasPrefix("cannot reach \(url)") || failure.message.contains("127.0.0.1:1"))
    }
    let refused = HTTPCall.post(.int(1), to: "http://h/").with { $0.hosts = ["other"] }
    #expect(await refused.failure()?.isOutcomeUnknown == false)
  }

  @Test(arguments: [
    HTTPServerAnswer.reset, .raw(""), .raw("HTTP/1.1 20"), .raw("garbage\r\n\r\n"),
    .raw("HTTP/1.1 100 Continue\r\n\r\n"),
    .raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"),
    .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    .endless("HTTP/1.1 200 OK\r\n", "X-A: \(long)\r\n"),
  ])
  func whatIsCutOffIsUnknown(answer: HTTPServerAnswer) async throws {
    let server = HTTPServer { _ in answer }
    #expect(await HTTPCall.post(.int(1), to: server.url()).failure()?.isOutcomeUnknown == true)
    #expect(await HTTPCall.request("PUT", server.url()).failure()?.isOutcomeUnknown == true)
    #expect(server.counts.requests == 2)
    #expect(await HTTPCall.get(server.url()).failure()?.isOutcomeUnknown == false)
  }

  @Test(arguments: [
    (HTTPServerAnswer.text("no", status: 500), "status"), (.text("no JSON"), "decode"),
    (.raw("HTTP/1.1 500 No\r\nContent-Length: 10\r\n\r\n123"), "status"),
    (.endless("HTTP/1.1 500 No\r\n\r\n", long), "status"), (.endless("HTTP/1.1 200 OK\r\n\r\n", long), "too_large"),
  ])
  func whatIsAnsweredIsKnown(answer: HTTPServerAnswer, kind: String) async throws {
    let server = HTTPServer { _ in answer }
    let failure = try #require(await HTTPCall.post(.int(1), to: server.url()).failure())
    #expect(failure.kind == kind && !failure.isOutcomeUnknown)
  }

  @Test func aPostThatWasTakenIsUnknownWhenItsResultIsLost() async throws {
    for (status, isUnknown) in [(303, true), (302, true), (307, false)] {
      let server = HTTPServer { _ in .redirect(status, to: "http://127.0.0.1:1/") }
      let failure = try #require(await HTTPCall.post(.int(1), to: server.url()).failure())
      #expect(failure.kind == "unavailable" && failure.isOutcomeUnknown == isUnknown)
    }
    let server = HTTPServer { _ in .redirect(303, to: "ftp://h/") }
    let failure = try #require(await HTTPCall.post(.int(1), to: server.url()).failure())
    #expect(failure.kind == "url" && failure.isOutcomeUnknown)
  }

  /// A server may have taken a request on a kept connection before it closed it, so no such request is sent twice.
  @Test func noPostIsRepeatedOnAnotherConnection() async throws {
    let server = HTTPServer { request in request.target == "/kept" ? .text("1") : .raw("") }
    _ = try await HTTPCall.post(.int(1), to: server.url("/kept")).run()
    let failure = await HTTPCall.post(.int(1), to: server.url()).failure()
    #expect(failure?.kind == "unavailable" && failure?.isOutcomeUnknown == true)
    #expect(await HTTPCall.post(.text(""), to: server.url()).failure()?.isOutcomeUnknown == true)
    #expect(server.requests.map(\.target) == ["/kept", "/", "/"])
  }

  @Test func cancellationIsUnknownOnceSomethingWasSent() async throws {
    let server = HTTPServer { _ in .silence }
    let running = Task { try await HTTPCall.post(.int(1), to: server.url()).run() }
    while server.counts.requests == 0 { await Task.yield() }
    running.cancel()
    await #expect(
      throws: NodeFailure("cancelled", "the request to \(server.url()) was cut off", isOutcomeUnknown: true)
    ) {
      try await running.value
    }
    while server.counts.open > 0 { await Task.yield() }
  }
}

import DxshExpressions
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import Synchronization
import Testing

/// Connections: how many there are, how they end, and which way they take.
@Suite struct HTTPConnectionTests {
  @Test func aHundredGetsUseOneConnection() async throws {
    let server = HTTPServer { _ in .text("1") }
    for _ in 0..<100 { _ = try await HTTPCall.get(server.url()).run() }
    #expect(server.counts.requests == 100)
    #expect(server.counts.connections == 1)
  }

  @Test func aGetIsRepeatedOnceItsConnectionTurnsOutToBeDead() async throws {
    let server = HTTPServer { request in
      request.target == "/close" && request.connection == 1 ? .raw("") : .text("1")
    }
    #expect(try await HTTPCall.get(server.url()).run()["body"] == .int(1))
    #expect(try await HTTPCall.get(server.url("/close")).run()["body"] == .int(1))
    #expect(server.requests.map(\.connection) == [1, 1, 2])
  }

  @Test func eightAtATimeUseEightConnections() async throws {
    let gate = Gate()
    let arrived = Mutex(0)
    let server = HTTPServer { _ in
      arrived.withLock { arrived in
        arrived += 1
        // All eight are under way at once before the first is answered.
        if arrived == 8 { gate.open() }
      }
      gate.wait()
      return .text("1")
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<25 { _ = try await HTTPCall.get(server.url()).run() } }
      }
      try await group.waitForAll()
    }
    #expect(server.counts.requests == 200)
    #expect(server.counts.mostOpen == 8 && server.counts.connections == 8)
  }

  @Test func moreThanTheConnectionsOfAHostWait() async throws {
    let server = HTTPServer { _ in .text("1") }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<300 { group.addTask { _ = try await HTTPCall.get(server.url()).run() } }
      try await group.waitForAll()
    }
    #expect(server.counts.requests == 300 && server.counts.mostOpen <= 64)
  }

  @Test func aConnectionThatTheServerClosedIsReplaced() async throws {
    let server = HTTPServer { _ in .response(200, ["Connection": "close"], [0x31]) }
    for _ in 0..<3 { _ = try await HTTPCall.get(server.url()).run() }
    #expect(server.counts.connections == 3)
  }

  @Test func cancellationClosesAtOnce() async throws {
    let server = HTTPServer { _ in .silence }
    let running = Task { try await HTTPCall.get(server.url()).run() }
    while server.counts.requests == 0 { await Task.yield() }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    while server.counts.open > 0 { await Task.yield() }
  }

  @Test func aBodyThatNeverEndsCanBeCancelled() async throws {
    let server = HTTPServer { _ in .endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", "0") }
    let running = Task { try await HTTPCall.get(server.url()).with { $0.limit = .max }.run() }
    while server.counts.requests == 0 { await Task.yield() }
    running.cancel()
    _ = await running.result
    while server.counts.open > 0 { await Task.yield() }
  }

  @Test func whatIsCancelledBeforeItStartsIsNotSent() async {
    let server = HTTPServer { _ in .text("1") }
    let running = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await HTTPCall.post(.int(1), to: server.url()).run()
    }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    #expect(server.counts.requests == 0)
  }

  /// Starts and cancels in every order that the scheduler finds.
  @Test func manyCancellationsLeaveNothingBehind() async throws {
    let server = HTTPServer { request in request.target == "/silent" ? .silence : .text("1") }
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          let path = number.isMultiple(of: 2) ? "/silent" : "/"
          let running = Task { try await HTTPCall.get(server.url(path)).run() }
          for _ in 0..<(number % 17) { await Task.yield() }
          running.cancel()
          _ = await running.result
        }
      }
    }
    #expect(try await HTTPCall.get(server.url()).run()["body"] == .int(1))
  }

  @Test func proxiesComeFromTheEnvironment() async throws {
    let proxy = HTTPServer { request in .text("\"\(request.target)\"") }
    let target = "http://shop.invalid/x?y=1"
    func through(_ environment: [String: String]) async -> String? {
      try? await HTTPCall.get(target).with { $0.environment = environment }.run()["body"].string
    }
    #expect(await through(["http_proxy": proxy.url()]) == target)
    #expect(await through(["all_proxy": proxy.url()]) == target)
    #expect(await through(["HTTP_PROXY": proxy.url()]) == nil)
    #expect(await through(["https_proxy": proxy.url()]) == nil)
    #expect(await through(["http_proxy": proxy.url(), "no_proxy": "a, shop.invalid"]) == nil)
    #expect(await through(["http_proxy": "http://ada:pw@\(proxy.authority)"]) == target)
    #expect(proxy.requests.last?["proxy-authorization"] == "Basic YWRhOnB3")
  }

  @Test(arguments: ["htp://ada:secret@h:1", "http://ada:secret@h:99999", "http://ada:secret@ h"])
  func aProxyThatIsNoneIsNotRepeated(proxy: String) async throws {
    let failure = await HTTPCall.get("http://shop.invalid/").with { $0.environment = ["http_proxy": proxy] }.failure()
    #expect(failure?.kind == "unavailable")
    #expect(failure?.message.contains("secret") == false, "\(failure?.message ?? "")")
  }

  @Test func aProxyThatRefusesHasSentNothing() async throws {
    let proxy = HTTPServer { _ in .response(403) }
    let call = HTTPCall.post(.int(1), to: "https://shop.invalid/x").with {
      $0.environment = ["https_proxy": proxy.url()]
      $0.headers = ["X-Api-Key": "s"]
    }
    let failure = try #require(await call.failure())
    #expect(failure.kind == "unavailable" && !failure.isOutcomeUnknown)
    #expect(proxy.requests.map(\.method) == ["CONNECT"])
    #expect(proxy.requests.first?["x-api-key"] == nil)
  }
}

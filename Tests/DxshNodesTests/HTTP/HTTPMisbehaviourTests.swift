import DxshExpressions
import DxshRuntime
import DxshTestServer
import DxshTestSupport
import Testing

/// Servers that do what none should.
@Suite struct HTTPMisbehaviourTests {
  @Test func aBodyHasALimit() async throws {
    let server = HTTPServer { request in
      switch request.target {
      case "/endless": .endless("HTTP/1.1 200 OK\r\n\r\n", String(repeating: "x", count: 10_000))
      case "/chunks":
        .endless(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", String(repeating: "4\r\ntext\r\n", count: 1000))
      default: .text("12345")
      }
    }
    for path in ["/endless", "/chunks"] {
      #expect(
        await HTTPCall.get(server.url(path)).with { $0.limit = 100_000 }.failure()
          == NodeFailure("too_large", "the body from \(server.url(path)) is larger than the limit of 100KB"))
    }
    #expect(try await HTTPCall.get(server.url()).with { $0.limit = 5 }.run()["body"] == .int(12345))
    #expect(await HTTPCall.get(server.url()).with { $0.limit = 4 }.failure()?.kind == "too_large")
    #expect(await HTTPCall.get(server.url()).with { $0.limit = 0 }.failure()?.kind == "too_large")
    while server.counts.open > 2 { await Task.yield() }
  }

  @Test func headersHaveALimit() async {
    let server = HTTPServer { request in
      switch request.target {
      case "/many": .endless("HTTP/1.1 200 OK\r\n", String(repeating: "X-Name: value\r\n", count: 100))
      case "/interim": .endless("", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 100))
      case "/trailers":
        .endless(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
          String(repeating: "X-Name: value\r\n", count: 100))
      case "/status": .endless("HTTP/1.1 200 ", String(repeating: "x", count: 10_000))
      default: .endless("HTTP/1.1 200 OK\r\nX-Long: ", String(repeating: "x", count: 10_000))
      }
    }
    #expect(
      await HTTPCall.get(server.url("/many")).failure()
        == NodeFailure(
          "too_large", "the headers of the answer from \(server.url("/many")) are larger than 256KiB"))
    for path in ["/interim", "/trailers", "/status", "/long"] {
      let failure = await HTTPCall.get(server.url(path)).failure()
      #expect(["too_large", "unavailable"].contains(failure?.kind), "\(path): \(failure?.message ?? "")")
    }
  }

  @Test(arguments: [
    HTTPServerAnswer.reset, .raw(""), .raw("\r\n\r\n"), .raw("garbage"), .raw("HTTP/9.9 200 OK\r\n\r\n"),
    .raw([UInt8](repeating: 0, count: 100_000)), .raw("HTTP/1.1 999999 X\r\n\r\n"), .raw("HTTP/1.1 200 OK\r\nX"),
    .raw("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n1"), .raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1"),
    .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n1"),
    .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1"),
    .raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
  ])
  func brokenAnswersAreUnavailable(answer: HTTPServerAnswer) async throws {
    let server = HTTPServer { _ in answer }
    let failure = try #require(await HTTPCall.get(server.url("/p?token=1")).failure())
    #expect(failure.kind == "unavailable", "\(failure.message)")
    #expect(failure.message.hasPrefix("no whole answer from \(server.url("/p")): "), "\(failure.message)")
    #expect(!failure.message.contains("token"))
  }

  @Test func gzipIsRead() async throws {
    let packed = Self.gzip("printf '[1,2]'")
    let server = HTTPServer { request in
      request.target == "/lie"
        ? .text("[1]", ["Content-Encoding": "gzip"]) : .response(200, ["Content-Encoding": "gzip"], packed)
    }
    #expect(try await HTTPCall.get(server.url(), as: .list(.int)).run()["body"] == .list([.int(1), .int(2)]))
    #expect(
      await HTTPCall.get(server.url("/lie")).failure()
        == NodeFailure("decode", "the body from \(server.url("/lie")) is not compressed as its headers say"))
  }

  @Test func aBombIsMeasuredUnpacked() async throws {
    let packed = Self.gzip("head -c 50000000 /dev/zero")
    #expect(packed.count < 1_000_000)
    let server = HTTPServer { _ in .response(200, ["Content-Encoding": "gzip"], packed) }
    #expect(
      await HTTPCall.get(server.url()).with { $0.limit = 1 << 20 }.failure()
        == NodeFailure("too_large", "the body from \(server.url()) is larger than the limit of 1MiB"))
  }

  private static func gzip(_ command: String) -> [UInt8] {
    let folder = TemporaryFolder()
    let result = Program.shell("\(command) | gzip > \(folder.path)/packed")
    #expect(result.exitCode == 0)
    return Repository.bytes(of: folder.path + "/packed") ?? []
  }
}

import DxshExpressions
import DxshNodes
import DxshRuntime
import DxshTestSupport
import Testing

/// A call of one of the nodes of the family, with the defaults of their declarations.
struct HTTPCall: Sendable {
  enum Node: Sendable {
    case get
    case post(Value)
    case request(String, String)
  }

  var node: Node
  var url: String
  var hosts: [String] = []
  var headers: [String: String] = [:]
  var limit: Int64 = 16 << 20
  var allowStatus = false
  var body: Type = .json
  var environment: [String: String] = [:]
  var attempt = 1

  static func get(_ url: String, as body: Type = .json) -> HTTPCall { HTTPCall(node: .get, url: url, body: body) }

  static func post(_ value: Value, to url: String, as body: Type = .json) -> HTTPCall {
    HTTPCall(node: .post(value), url: url, body: body)
  }

  static func request(_ method: String, _ url: String, body: String = "") -> HTTPCall {
    HTTPCall(node: .request(method, body), url: url, body: .string)
  }

  func with(_ change: (inout HTTPCall) -> Void) -> HTTPCall {
    var call = self
    change(&call)
    return call
  }

  /// The result as the engine would pass it on.
  func run() async throws -> Value {
    let type = Type.record(
      RecordType([.init("status", .int), .init("headers", .map(.string, .string)), .init("body", body)]))
    let map = Value.map(MapValue(distinct: headers.map { MapValue.Entry(key: .text($0), value: .text($1)) }))
    let hosts = Value.list(hosts.map { Value.text($0) })
    let (limit, allow) = (Value.size(limit), Value.bool(allowStatus))
    let value: Value
    switch node {
    case .get:
      value = try await call(
        HTTPGetNode(),
        ["url": .text(url), "hosts": hosts, "headers": map, "body_limit": limit, "allow_status": allow],
        as: type, environment: environment, attempt: attempt)
    case .post(let sent):
      value = try await call(
        HTTPPostNode(),
        ["url": .text(url), "body": sent, "hosts": hosts, "headers": map, "body_limit": limit, "allow_status": allow],
        as: type, environment: environment, attempt: attempt)
    case .request(let method, let sent):
      value = try await call(
        HTTPRequestNode(),
        [
          "method": .text(method), "url": .text(url), "body": .text(sent), "hosts": hosts, "headers": map,
          "body_limit": limit, "allow_status": allow,
        ], as: type, environment: environment, attempt: attempt)
    }
    return try value.decoded(as: type)
  }

  /// The failure of a call that must fail.
  func failure(sourceLocation: SourceLocation = #_sourceLocation) async -> NodeFailure? {
    await #expect(throws: NodeFailure.self, sourceLocation: sourceLocation) { try await run() }
  }
}

extension Value {
  /// The value of a response's header.
  func header(_ name: String) -> String? {
    guard case .map(let map) = self["headers"] else { return nil }
    return map[name]?.string
  }
}

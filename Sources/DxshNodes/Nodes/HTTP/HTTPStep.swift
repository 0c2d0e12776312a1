import DxshExpressions
import DxshRuntime

/// What the nodes of the family have in common: the parameters beside the method and the body, and the result.
struct HTTPStep: Sendable {
  private static let result = RecordShape(["status", "headers", "body"])

  let call: NodeCall
  let context: NodeContext

  /// The body gets the type, unless a header gives another one. What `mustNotRepeat` also carries the key of the call,
  /// the same for every attempt.
  func run(
    _ method: String, body: (bytes: [UInt8], type: String)?, mustNotRepeat: Bool
  ) async throws -> Value {
    let url = try HTTPURL(call.string("url"))
    let request = HTTPRequest(
      method: try Self.method(method), url: url,
      fields: try fields(url, bodyType: body?.type, key: mustNotRepeat ? call.key : ""), body: body?.bytes ?? [],
      bodyLimit: call.size("body_limit"), wantsErrorBody: call.bool("allow_status"),
      surroundings: HTTPSurroundings(environment: context.environment), life: call.life)
    var exchange = HTTPExchange(request, hosts: call.strings("hosts"), mustNotRepeat: mustNotRepeat)
    let (response, source) = try await exchange.run()
    guard response.status < 400 || call.bool("allow_status") else { throw failure(response, from: source) }
    let value = try HTTPBody.decode(response, as: bodyType, from: source)
    let headers = response.fields.map { MapValue.Entry(key: .text($0.name), value: .text($0.value)) }
    return .record(
      RecordValue(Self.result, [.int(Int64(response.status)), .map(MapValue(distinct: headers)), value]))
  }

  /// What `as { body: … }` says; JSON of any kind by default.
  private var bodyType: Type {
    guard case .record(let record) = call.resultType, let type = record["body"] else { return .json }
    return type
  }

  /// Methods are case-sensitive, but nobody means `post` (Fetch standard, "normalize a method").
  private static func method(_ text: String) throws(NodeFailure) -> String {
    guard HTTPField.isToken(text), text.uppercased() != "CONNECT" else {
      throw NodeFailure("request", "\"\(MessageText.plain(text, limit: 60))\" is no method of a request")
    }
    let known = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    return known.first { $0 == text.uppercased() } ?? text
  }

  private func fields(_ url: HTTPURL, bodyType: String?, key: String) throws(NodeFailure) -> [HTTPField] {
    var fields: [HTTPField] = []
    var names: Set<String> = []
    for (name, value) in call.stringMap("headers").sorted(by: { $0.key < $1.key }) {
      let field = try HTTPField(given: name, value)
      guard names.insert(name.lowercased()).inserted else {
        throw NodeFailure("request", "the header \"\(name.lowercased())\" is given twice")
      }
      fields.append(field)
    }
    func add(_ field: HTTPField) {
      if names.insert(field.name.lowercased()).inserted { fields.append(field) }
    }
    if let credentials = url.credentials {
      let encoded = String(decoding: Base64.encode(Array(credentials.utf8)), as: UTF8.self)
      add(HTTPField(name: "Authorization", value: "Basic \(encoded)", isPortable: false))
    }
    add(HTTPField(own: "User-Agent", UserAgent.text))
    if let bodyType { add(HTTPField(own: "Content-Type", bodyType)) }
    if !key.isEmpty { add(HTTPField(own: "Idempotency-Key", key)) }
    return fields
  }

  private func failure(_ response: HTTPResponse, from url: HTTPURL) -> NodeFailure {
    let excerpt = MessageText.excerpt(of: response.body)
    return NodeFailure(
      "status",
      "\(HTTPStatus.text(response.status)) from \(url.shown)" + (excerpt.isEmpty ? "" : ": \(excerpt)"),
      retryAfter: RetryAfter.pause(response, at: context.clock.now()))
  }
}

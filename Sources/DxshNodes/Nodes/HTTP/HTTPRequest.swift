import DxshRuntime

/// One request to one server; redirects are the business of `HTTPExchange`.
struct HTTPRequest: Sendable {
  /// A token (RFC 9110, section 9.1).
  var method: String
  var url: HTTPURL
  /// Names are distinct.
  var fields: [HTTPField]
  var body: [UInt8] = []
  /// In bytes, after decompression.
  var bodyLimit: Int
  /// Whether the body of an answer with a status of 400 or above is wanted whole.
  var wantsErrorBody = false
  var surroundings = HTTPSurroundings(environment: [:])
  /// Takes signs of life: whatever comes from the server; nil where nobody wants to know.
  var life: SignsOfLife?

  /// Whether it may be sent again by itself when a connection breaks (RFC 9110, section 9.2.2).
  var isIdempotent: Bool { ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method) }
}

/// What came back.
struct HTTPResponse: Sendable, Equatable {
  /// From 200 to 999.
  var status: Int
  /// Names in lower case, in the order of their first appearance; values of one name joined by `, `.
  var fields: [HTTPResponseField]
  /// Decompressed. Of a body that nobody wants, perhaps only the beginning.
  var body: [UInt8]

  /// Where the answer sends its reader; nil when it does not.
  var redirect: String?

  /// `name` in lower case.
  subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
}

struct HTTPResponseField: Sendable, Equatable {
  var name: String
  var value: String
}

/// Why there is no response.
struct HTTPFailure: Error, Sendable, Equatable {
  enum Reason: Sendable, Equatable {
    case cancelled
    /// No connection, in libcurl's words.
    case unreachable(String)
    /// No secure connection, in libcurl's words.
    case insecure(String)
    /// The server's name or its answer took too long for libcurl, which is minutes.
    case slow(String)
    /// The connection stood, but no whole answer came.
    case interrupted(String)
    case headersTooLarge
    case bodyTooLarge
    /// The body is not compressed as its headers say.
    case badCompression
    /// The request could not be made: no memory, or a libcurl that lacks what is needed.
    case impossible(String)
  }

  var reason: Reason
  /// Whether anything of the request may have reached the server.
  var wasSent: Bool
}

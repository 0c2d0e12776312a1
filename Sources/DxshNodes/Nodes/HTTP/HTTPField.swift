import DxshRuntime

/// A header of a request.
struct HTTPField: Sendable, Hashable {
  let name: String
  let value: String
  /// Whether it goes along when a redirect leads to another origin. What an author gives may be a secret for the one
  /// server, whatever its name: `X-Api-Key` is as much one as `Authorization`.
  let isPortable: Bool

  /// A header that dxsh adds by itself.
  init(own name: String, _ value: String) {
    self.init(name: name, value: value, isPortable: true)
  }

  init(name: String, value: String, isPortable: Bool) {
    self.name = name
    self.value = value
    self.isPortable = isPortable
  }

  /// A header that an author gives. Throws `request` for what RFC 9110, sections 5.1 and 5.5, does not allow and for
  /// what is libcurl's to say. Values may be secrets, so no message repeats them.
  init(given name: String, _ value: String) throws(NodeFailure) {
    guard Self.isToken(name) else {
      throw NodeFailure("request", "\"\(MessageText.plain(name, limit: 60))\" is no name of a header")
    }
    guard !Self.reserved.contains(name.lowercased()) else {
      throw NodeFailure("request", "the header \"\(name)\" cannot be given: it follows from the rest of the request")
    }
    guard Self.isValue(value) else {
      throw NodeFailure("request", "the value of the header \"\(name)\" holds a line break or a control character")
    }
    self.init(name: name, value: value, isPortable: Self.harmless.contains(name.lowercased()))
  }

  func has(name other: String) -> Bool { name.lowercased() == other }

  /// What belongs to a body, and is dropped with it.
  var describesBody: Bool { name.lowercased().hasPrefix("content-") || has(name: "idempotency-key") }

  /// How libcurl takes it. A name with a colon and nothing behind it would mean no such header.
  var line: String { value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(name);" : "\(name): \(value)" }

  private static let harmless: Set<String> = [
    "accept", "accept-language", "content-type", "content-language", "user-agent",
  ]

  /// Framing and routing: with two opinions on them, a server and a proxy could see different requests.
  private static let reserved: Set<String> = [
    "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-authorization",
    "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
  ]

  /// RFC 9110, section 5.6.2.
  static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  private static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }
  }
}

/// What the environment says about the way to servers, read as the command `curl` reads it.
struct HTTPSurroundings: Sendable, Hashable {
  private let environment: [String: String]

  init(environment: [String: String]) {
    self.environment = environment.filter { Self.variables.contains($0.key) && !$0.value.isEmpty }
  }

  /// In upper case `HTTP_PROXY` does not count: in a CGI program a client could set it by a header.
  private static let variables: Set<String> = [
    "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE",
  ]

  /// The proxy's address for a scheme; empty for none.
  func proxy(for scheme: String) -> String {
    let own = scheme == "http" ? self["http_proxy"] : self["https_proxy"] ?? self["HTTPS_PROXY"]
    return own ?? self["all_proxy"] ?? self["ALL_PROXY"] ?? ""
  }

  /// The hosts that are reached without a proxy, separated by commas.
  var withoutProxy: String { self["no_proxy"] ?? self["NO_PROXY"] ?? "" }

  /// A file of certificates to trust in place of the system's.
  var certificates: String? { self["SSL_CERT_FILE"] }

  private subscript(variable: String) -> String? { environment[variable] }
}

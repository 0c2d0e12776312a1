import CDxshCurl
import DxshRuntime

/// An absolute address of http or https. libcurl takes it apart, so that what is checked is what is then used.
struct HTTPURL: Sendable, Hashable {
  /// As libcurl writes it; without user, password and fragment.
  let text: String
  /// `http` or `https`
  let scheme: String
  /// In lower case; an IPv6 address without its brackets.
  let host: String
  let port: String
  /// For messages: without user, password and query, which may hold secrets, and shortened.
  let shown: String
  /// `user:password`, decoded, when the address had them.
  let credentials: String?

  /// An address that an author gives. Throws `url`, in words that do not repeat the address.
  init(_ text: String) throws(NodeFailure) {
    try self.init(text, base: nil)
  }

  /// Where a redirect leads, which may be relative. User and password in it are not used.
  func resolving(_ location: String) throws(NodeFailure) -> HTTPURL {
    try HTTPURL(location, base: self)
  }

  /// RFC 6454: secrets that are meant for the one may be sent to the other.
  func hasSameOrigin(as other: HTTPURL) -> Bool {
    (scheme, host, port) == (other.scheme, other.host, other.port)
  }

  private init(_ text: String, base: HTTPURL?) throws(NodeFailure) {
    try CurlLibrary.load()
    guard let url = dxsh_curl_url() else { throw NodeFailure("unavailable", "there is no memory left") }
    defer { dxsh_curl_url_cleanup(url) }
    let what = base.map { "\($0.shown) redirects to what" } ?? "the url"
    if let base { dxsh_curl_url_set(url, CURLUPART_URL, base.text, 0) }
    let hasControls = text.utf8.contains { $0 <= 0x20 || $0 == 0x7F }
    // Servers send spaces and other text in redirects as it is; an author's space shows that text was not encoded.
    let isUsable = base == nil ? !hasControls : !text.utf8.contains(0)
    let flags = UInt32(CURLU_URLENCODE | CURLU_ALLOW_SPACE)
    guard isUsable, dxsh_curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK else {
      let hint = hasControls ? "; percent-encode spaces and control characters" : ""
      throw NodeFailure("url", "\(what) is no absolute http or https address\(hint)")
    }
    let scheme = Self.part(CURLUPART_SCHEME, of: url) ?? ""
    guard scheme == "http" || scheme == "https" else {
      throw NodeFailure("url", "\(what) has the scheme \(scheme), but only http and https are allowed")
    }
    self.credentials = base == nil ? Self.credentials(of: url) : nil
    for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_FRAGMENT] {
      dxsh_curl_url_set(url, part, nil, 0)
    }
    guard let whole = Self.part(CURLUPART_URL, of: url), let host = Self.part(CURLUPART_HOST, of: url),
      let port = Self.part(CURLUPART_PORT, of: url, CURLU_DEFAULT_PORT)
    else { throw NodeFailure("url", "\(what) is no absolute http or https address") }
    self.text = whole
    self.scheme = scheme
    self.host = Self.plain(host)
    self.port = port
    let hasDefaultPort = port == (scheme == "http" ? "80" : "443")
    let full = "\(scheme)://\(host)\(hasDefaultPort ? "" : ":\(port)")\(Self.part(CURLUPART_PATH, of: url) ?? "/")"
    self.shown = MessageText.plain(full, limit: 200)
  }

  /// A host's name for comparing.
  static func plain(_ host: String) -> String {
    let name = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return name.lowercased()
  }

  private static func credentials(of url: OpaquePointer) -> String? {
    let user = part(CURLUPART_USER, of: url, CURLU_URLDECODE)
    let password = part(CURLUPART_PASSWORD, of: url, CURLU_URLDECODE)
    return user == nil && password == nil ? nil : "\(user ?? ""):\(password ?? "")"
  }

  /// Nil when the address lacks the part.
  private static func part(_ part: CURLUPart, of url: OpaquePointer, _ flags: Int32 = 0) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard dxsh_curl_url_get(url, part, &text, UInt32(flags)) == CURLUE_OK, let text else { return nil }
    defer { dxsh_curl_free(text) }
    return String(cString: text)
  }
}
